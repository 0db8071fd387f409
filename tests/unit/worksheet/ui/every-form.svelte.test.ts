/**
 * The forms of the library are drawn: with READROOM_LONG every worksheet whole, else one section in
 * eight, since drawing hundreds of fields here takes a tenth of a second.
 */
import { flushSync, mount, unmount } from 'svelte';
import { afterAll, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import type { ReportContext } from '$lib/report/context.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { partsOf } from '$lib/worksheet/compose.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import SheetProbe from '../../../support/SheetProbe.svelte';
import { worksheetFiles } from '../../../support/worksheet.ts';

const { library } = readLibrary(worksheetFiles());
const everything = Boolean(process.env.READROOM_LONG);

// Nothing has a size here; a tablet is wide enough for tables as tables.
vi.stubGlobal(
	'ResizeObserver',
	class {
		observe() {}
		unobserve() {}
		disconnect() {}
	}
);
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { get: () => 1024 });

function open(worksheet: ResolvedWorksheet): WorksheetSession {
	const context: ReportContext = {
		reportId: 'r1',
		worksheet,
		worksheetHash: 'h',
		patient: {
			id: 'p1',
			name: 'LINDQVIST^Marta',
			birthDate: '1963-11-02',
			sex: 'female',
			identifiers: [],
			ageYears: 62
		},
		studies: [],
		order: null,
		practice: { id: 'pr1', name: 'Practice', timeZone: 'UTC' },
		settings: practiceSettingsSchema.parse({}),
		language: 'en',
		priors: {}
	};
	let count = 0;
	return new WorksheetSession({
		doc: new Y.Doc(),
		context,
		rights: () => ({ values: true, proposeOnly: false, interpretation: true }),
		userId: 'ann',
		views: () => new Set<string>(),
		clock: () => new Date('2026-03-12T10:00:00Z'),
		newId: () => `id-${(count += 1)}`
	});
}

/** What is wrong with the form of a worksheet, drawn with all its fields open. */
function problemsOf(worksheet: ResolvedWorksheet, only?: readonly string[]): string[] {
	const sheet = open(worksheet);
	const sections = sheet.sections.filter(({ id }) => !only || only.includes(id));
	for (const { id } of sections) if (!sheet.isOpen(id)) sheet.toggle(id);
	const target = document.createElement('div');
	document.body.append(target);
	const probe = mount(SheetProbe, { target, props: { sheet, ...(only ? { only } : {}) } });
	flushSync();
	try {
		const drawn = drawingOf(target);
		return [
			...sections.flatMap((section) => {
				const rows = [...section.rows, ...section.folded].map(({ id }) => id);
				const cells = section.table
					? sheet
							.rowsOf(section.id, section.table)
							.flatMap(({ cells }) => cells.flatMap((cell) => cell?.id ?? []))
					: [];
				return [
					...(drawn.headings.has(section.title) ? [] : [`${section.id}: no heading`]),
					...[...rows, ...cells].flatMap((id) => fieldProblem(drawn, id) ?? [])
				];
			}),
			...drawn.problems
		].map((problem) => `${worksheet.id}: ${problem}`);
	} finally {
		void unmount(probe);
		target.remove();
	}
}

interface Drawing {
	headings: Set<string>;
	/** Ids of the fields that have a row. */
	rows: Set<string>;
	/** What stands in the row of a field, by id. */
	controls: Map<string, Element>;
	/** Text of a label by the id it is for. */
	labels: Map<string, string>;
	problems: string[];
}

/** Everything that is asked of a drawn form, in one walk: selectors would go over it once a field. */
function drawingOf(target: Element): Drawing {
	const drawn: Drawing = {
		headings: new Set(),
		rows: new Set(),
		controls: new Map(),
		labels: new Map(),
		problems: []
	};
	const walker = document.createTreeWalker(target, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		if (!(node instanceof Element)) {
			drawn.problems.push(...unwritten(node.textContent ?? ''));
			continue;
		}
		for (const name of ['title', 'aria-label', 'placeholder']) {
			drawn.problems.push(...unwritten(node.getAttribute(name) ?? ''));
		}
		const field = node.getAttribute('data-field');
		if (field) drawn.rows.add(field);
		if (node.localName === 'h2') drawn.headings.add(node.textContent.trim());
		const meant = node.localName === 'label' ? node.getAttribute('for') : null;
		if (meant) drawn.labels.set(meant, node.textContent.trim());
		if (!node.id) continue;
		// Labels and descriptions would point to the wrong place.
		if (drawn.controls.has(node.id)) drawn.problems.push(`id ${node.id} twice`);
		drawn.controls.set(node.id, node);
	}
	return drawn;
}

const labelled = ['input', 'textarea', 'select', 'button'];

function fieldProblem({ rows, controls, labels }: Drawing, id: string): string | null {
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

/** By worksheet, the sections that no worksheet before it has. */
const representatives = new Map<string, string[]>();
const seenFiles = new Set<string>();
for (const sheet of library.worksheets.values()) {
	const fresh = partsOf(library, sheet).parts.filter(({ path }) => {
		if (path === null || seenFiles.has(path)) return false;
		seenFiles.add(path);
		return true;
	});
	if (fresh.length > 0) {
		representatives.set(
			sheet.value.id,
			fresh.map(({ section }) => section.value.id)
		);
	}
}

describe('the form of a worksheet', () => {
	let milliseconds = 0;
	afterAll(() => {
		if (everything) {
			console.info(`${(milliseconds / library.worksheets.size).toFixed(1)} ms a worksheet`);
		}
	});
	const forms: { id: string; sections: string[] | undefined; of: string }[] = everything
		? [...library.worksheets.keys()].map((id) => ({ id, sections: undefined, of: 'all sections' }))
		: [...representatives]
				.filter((_, index) => index % 8 === 1)
				.map(([id, sections]) => ({ id, sections, of: sections.join(', ') }));

	it('is found out when a field has no label or a text is missing', () => {
		const worksheet = resolveWorksheet(library, 'toe-film');
		if (!worksheet) throw new Error('there is no worksheet');
		const [first, second] = worksheet.sections.flatMap(({ fields }) => fields.map(({ id }) => id));
		const labels = new Map([
			[first, ' '],
			[second, 'undefined']
		]);
		const broken = {
			...worksheet,
			sections: worksheet.sections.map((section) => ({
				...section,
				fields: section.fields.map((field) => ({
					...field,
					label: labels.get(field.id) ?? field.label
				}))
			}))
		};
		expect(problemsOf(broken)).toEqual(
			expect.arrayContaining([`toe-film: ${first}: no label`, 'toe-film: prints “undefined”'])
		);
	});

	// The largest take seconds to draw in jsdom; what is judged is the form, not the machine.
	const patience = 60_000;
	it.each(forms)(
		'$id, $of: a row, a label and an input for every field',
		({ id, sections }) => {
			const worksheet = resolveWorksheet(library, id);
			if (!worksheet) throw new Error(`there is no worksheet "${id}"`);
			const began = performance.now();
			expect(problemsOf(worksheet, sections)).toEqual([]);
			milliseconds += performance.now() - began;
		},
		patience
	);
});
