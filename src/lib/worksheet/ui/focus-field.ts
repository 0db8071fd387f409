import { tick } from 'svelte';

/** Puts the focus into a field of the sheet and its row into view. */
export async function focusField(box: ParentNode | null | undefined, fieldId: string) {
	await tick();
	const row = box?.querySelector<HTMLElement>(`[data-field="${CSS.escape(fieldId)}"]`);
	row?.scrollIntoView({ block: 'nearest' });
	// A choice has no `data-value`: its button carries the field's id.
	row
		?.querySelector<HTMLElement>(`[data-value], [id="value-${CSS.escape(fieldId)}"]`)
		?.focus({ preventScroll: true });
}

/** Where a finding points that is about a text: the conclusion, or a sentence by its id. */
export const conclusionPlace = 'conclusion';
export const statementPlace = 'statement ';

/** Puts the focus into the conclusion, or onto a sentence. */
export async function focusText(box: ParentNode | null | undefined, place: string) {
	await tick();
	const id = place.slice(statementPlace.length);
	const found = place.startsWith(statementPlace)
		? box?.querySelector<HTMLElement>(`[data-statement="${CSS.escape(id)}"] button`)
		: box?.querySelector<HTMLElement>('[data-conclusion]');
	found?.scrollIntoView({ block: 'center' });
	found?.focus({ preventScroll: true });
}

/** The same column of the next or previous row of a table; false where there is none. */
export function stepRow(from: HTMLElement, by: 1 | -1): boolean {
	const cell = from.closest('[role=cell]');
	const row = cell?.parentElement;
	const beside = by === 1 ? row?.nextElementSibling : row?.previousElementSibling;
	if (!cell || !row || !beside) return false;
	const place = beside.children[[...row.children].indexOf(cell)];
	const control = place?.querySelector<HTMLElement>('[data-value], [id^="value-"]');
	control?.focus();
	return control !== undefined && control !== null;
}

/** The next or previous field that can be typed into; stays at the ends. */
export function stepField(from: HTMLElement, by: 1 | -1): void {
	const box = from.closest('[data-sheet]');
	if (!box) return;
	const all = [...box.querySelectorAll<HTMLElement>('[data-value]:not([disabled])')];
	const next = all[all.indexOf(from) + by];
	next?.focus();
	next?.closest('[data-field]')?.scrollIntoView({ block: 'nearest' });
}
