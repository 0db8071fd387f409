/** What does not fit into a form as Chromium laid it out. Lengths in CSS pixels. */

/** Boxes lie on fractions of a pixel; what sticks out less is seen by nobody. */
const tolerance = 1;
/** Letters reach a little above and below the line they stand on. */
const lineTolerance = 3;
/** Between the places of a field's line lies a gap, which a mark may stand in. */
const gap = 8;

export function overflowsIn(target: HTMLElement): string[] {
	const form = target.firstElementChild;
	const sheet = target.querySelector<HTMLElement>('[data-sheet]');
	if (!form || !sheet) return ['there is no sheet'];
	const left = sheet.getBoundingClientRect().left + sheet.clientLeft;
	const page = { left, right: left + sheet.clientWidth };
	const sideways = sheet.scrollWidth - sheet.clientWidth;
	const problems = sideways > 0 ? [`the sheet scrolls sideways by ${sideways} px`] : [];
	for (const element of form.querySelectorAll('*')) {
		// A picture is scaled as a whole.
		if (element === sheet || element.parentElement?.closest('svg')) continue;
		const inSheet = sheet.contains(element);
		const found = [
			inSheet ? outside(element, page) : null,
			element instanceof HTMLElement ? cut(element) : null
		].filter((each) => each !== null);
		if (found.length === 0 || !isSeen(element)) continue;
		problems.push(...found.map((each) => `${placeOf(element)} ${each}`));
	}
	return problems;
}

function outside(element: Element, page: { left: number; right: number }): string | null {
	const box = element.getBoundingClientRect();
	const out = Math.max(box.right - page.right, page.left - box.left);
	if (out > tolerance && !isInScrollArea(element)) return `lies ${out.toFixed(0)} px outside`;
	// What has a place of its own is not held by the box around it.
	const place = element.parentElement?.closest('[role=cell], .line > *');
	if (!place || element.childElementCount > 0) return null;
	const around = place.getBoundingClientRect();
	const over = Math.max(box.right - around.right, around.left - box.left);
	const allowed = place.matches('.line > *') ? gap : tolerance;
	return over > allowed ? `lies ${over.toFixed(0)} px over its neighbour` : null;
}

function cut(element: HTMLElement): string | null {
	return cutSideways(element) ?? cutBelow(element);
}

function cutSideways(element: HTMLElement): string | null {
	const wide = element.scrollWidth - element.clientWidth;
	if (wide <= tolerance || !hasText(element)) return null;
	const { display, overflowX, textOverflow } = getComputedStyle(element);
	if (display === 'inline' || isScrolling(overflowX)) return null;
	const isMarked = textOverflow === 'ellipsis' && element.closest('[title]');
	const cuts = overflowX !== 'visible' || element.localName === 'input';
	if (!cuts) return `is ${wide} px too narrow for its text`;
	return isMarked ? null : `cuts ${wide} px of its text, without an ellipsis and a title`;
}

function cutBelow(element: HTMLElement): string | null {
	const high = element.scrollHeight - element.clientHeight;
	if (high <= lineTolerance || !hasText(element) || element.localName === 'input') return null;
	const { display, overflowY, webkitLineClamp } = getComputedStyle(element);
	if (display === 'inline' || isScrolling(overflowY)) return null;
	if (overflowY === 'visible') return `is ${high} px too low for its text`;
	const isMarked = webkitLineClamp !== 'none' && element.closest('[title]');
	return isMarked ? null : `cuts ${high} px of its height, without an ellipsis and a title`;
}

const isScrolling = (overflow: string) => overflow === 'auto' || overflow === 'scroll';

/** Text of its own: places for fingers reach beyond their boxes, and are not seen. */
function hasText(element: HTMLElement): boolean {
	if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return true;
	return [...element.childNodes].some(
		(node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''
	);
}

/** An area that says of itself that it scrolls; the sheet as a whole may not. */
function isInScrollArea(element: Element): boolean {
	for (let each = element.parentElement; each; each = each.parentElement) {
		if (each.matches('[data-sheet]')) return false;
		if (isScrolling(getComputedStyle(each).overflowX)) return true;
	}
	return false;
}

/** Neither hidden, nor clipped to a point for those who listen. */
function isSeen(element: Element): boolean {
	if (element.closest('.sr-only')) return false;
	return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
}

/** Where in the form: its section or field, and the beginning of what it says. */
function placeOf(element: Element): string {
	const field = element.closest('[data-field]')?.getAttribute('data-field');
	const section = element.closest('[data-section]')?.getAttribute('data-section');
	const value = element instanceof HTMLInputElement ? element.value : element.textContent;
	const words = value.replace(/\s+/g, ' ').trim().slice(0, 40);
	const name = [element.localName, ...[...element.classList].slice(0, 2)].join('.');
	return `${section ?? 'around'}${field ? `, ${field}` : ''}: ${name} “${words}”`;
}
