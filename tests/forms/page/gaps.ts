/** What a form lacks: a heading, a row, an input, a name; and what a missing text leaves behind. */
import type { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';

interface Found {
	headings: Set<string>;
	/** Ids of the fields that have a row. */
	rows: Set<string>;
	/** What stands in the row of a field, by id. */
	controls: Map<string, Element>;
	/** Text of a label by the id it is for. */
	labels: Map<string, string>;
	problems: string[];
}

export function gapsIn(target: Element, sheet: WorksheetSession): string[] {
	const found = walk(target);
	return [
		...sheet.sections.flatMap((section) => {
			const rows = [...section.rows, ...section.folded].map(({ id }) => id);
			const cells = section.table
				? sheet
						.rowsOf(section.id, section.table)
						.flatMap(({ cells }) => cells.flatMap((cell) => cell?.id ?? []))
				: [];
			return [
				...(found.headings.has(section.title) ? [] : [`${section.id}: no heading`]),
				...[...rows, ...cells].flatMap((id) => fieldGap(found, id) ?? [])
			];
		}),
		...found.problems
	];
}

/** Everything that is asked of a form, in one walk: selectors would go over it once a field. */
function walk(target: Element): Found {
	const found: Found = {
		headings: new Set(),
		rows: new Set(),
		controls: new Map(),
		labels: new Map(),
		problems: []
	};
	const walker = document.createTreeWalker(target, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		if (!(node instanceof Element)) {
			found.problems.push(...unwritten(node.textContent ?? ''));
			continue;
		}
		for (const name of ['title', 'aria-label', 'placeholder']) {
			found.problems.push(...unwritten(node.getAttribute(name) ?? ''));
		}
		const field = node.getAttribute('data-field');
		if (field) found.rows.add(field);
		if (node.localName === 'h2') found.headings.add(node.textContent.trim());
		const meant = node.localName === 'label' ? node.getAttribute('for') : null;
		if (meant) found.labels.set(meant, node.textContent.trim());
		if (!node.id) continue;
		// Labels and descriptions would point to the wrong place.
		if (found.controls.has(node.id)) found.problems.push(`id ${node.id} twice`);
		found.controls.set(node.id, node);
	}
	return found;
}

const labelled = ['input', 'textarea', 'select', 'button'];

function fieldGap({ rows, controls, labels }: Found, id: string): string | null {
	if (!rows.has(id)) return `${id}: no row`;
	const control = controls.get(`value-${id}`);
	if (!control) return `${id}: no input`;
	const label = labels.get(`value-${id}`);
	if (!label) return `${id}: no label`;
	// A label names only what can be labelled.
	const isNamed = labelled.includes(control.localName) || control.getAttribute('aria-label');
	return isNamed ? null : `${id}: no accessible name`;
}

/** What a missing text or value leaves behind. */
function unwritten(text: string): string[] {
	const found = text.match(/\bundefined\b|\bNaN\b|\[object|\$\(|\b[a-z]+_[a-z]+_[a-z_]+\b/g);
	return (found ?? []).map((each) => `prints “${each}”`);
}
