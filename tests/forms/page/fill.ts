/** What stands in the fields of a drawn form. */
import type * as Y from 'yjs';
import { personEntry, setField } from '$lib/collab/doc-fields.ts';
import { edit } from '$lib/collab/report-doc.ts';
import type { PriorValue } from '$lib/report/body.ts';
import type { Field, ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Entry, EntryValue } from '$lib/worksheet/entry.ts';
import { convert } from '$lib/worksheet/units.ts';

/**
 * `usual`: what a study gives, the rest follows from it. `given`: the longest that each field may
 * hold, typed by one person. `mixed`: the longest, in turns from a machine, with a suggestion beside
 * it, in conflict, carried from a prior, not well seen.
 */
export type Filling = 'empty' | 'usual' | 'given' | 'mixed';

const at = '2026-03-12T09:00:00.000Z';
const sentence =
	'Moderately thickened, with restricted opening and calcification of the posteromedial commissure.';

export function fill(doc: Y.Doc, worksheet: ResolvedWorksheet, filling: Filling): void {
	if (filling === 'empty') return;
	if (filling === 'usual') {
		const entries = Object.entries(usualEntries(worksheet));
		edit(doc, () => entries.forEach(([id, [entry]]) => entry && setField(doc, id, entry, [])));
		return;
	}
	const fields = worksheet.sections.flatMap((section) => section.fields);
	edit(doc, () => {
		for (const [index, field] of fields.entries()) {
			if (field.computed) continue;
			const value = longest(worksheet, field);
			for (const entry of entriesOf(field, value, filling === 'mixed' ? index % 6 : 0)) {
				setField(doc, field.id, { ...entry, unit: unitOf(worksheet, field) }, []);
			}
		}
	});
}

/** Every field that is not calculated, with a number that can be, or the first answer of a choice. */
export function usualEntries(
	worksheet: ResolvedWorksheet,
	wanted: (field: Field) => boolean = () => true
): Record<string, Entry[]> {
	const calculated = new Set(worksheet.formulas.map(({ output }) => output));
	const fields = worksheet.sections
		.flatMap((section) => section.fields)
		.filter((field) => !field.computed && !calculated.has(field.id) && wanted(field));
	return Object.fromEntries(
		fields.map((field) => {
			const stamp = { id: `${field.id}-1`, by: 'ann', at };
			return [field.id, [personEntry(stamp, usual(worksheet, field), unitOf(worksheet, field))]];
		})
	);
}

function usual(worksheet: ResolvedWorksheet, field: Field): EntryValue {
	const first = field.options[0]?.code ?? '';
	switch (field.kind) {
		case 'number': {
			const [low, high] = rangeOf(worksheet, field, 'soft') ?? [1, 9];
			const { decimals } = worksheet.measurements[field.measurementId ?? ''] ?? {};
			return Number(((low + high) / 2).toFixed(decimals ?? 1));
		}
		case 'coded':
			return first;
		case 'multi-coded':
			return [first];
		case 'date':
			return '2026-12-28';
		case 'text':
			return 'As before.';
	}
}

function entriesOf(field: Field, value: EntryValue, turn: number): Entry[] {
	const stamp = { id: `${field.id}-1`, by: 'ann', at };
	const own = personEntry(stamp, value, null);
	const machine: Entry = {
		...own,
		id: `${field.id}-2`,
		by: null,
		source: {
			kind: 'sr',
			studyUid: '1.2.3',
			sopInstanceUid: '1.2.3.4',
			contentPath: '1.5.1',
			calculated: false,
			rule: 'test',
			unconfirmed: true,
			image: null
		}
	};
	switch (turn) {
		case 1:
			return [machine];
		case 2:
			return [own, { ...machine, suggestion: true }];
		case 3:
			return [own, { ...own, id: `${field.id}-3`, by: 'bob' }];
		case 4:
			return field.kind === 'number'
				? [own]
				: [
						{
							...own,
							source: { kind: 'prior', studyUid: '1.2.2', date: '2025-03-02', confirmed: false }
						}
					];
		case 5:
			return [{ ...own, value: null, status: 'not_well_seen' }];
		default:
			return [own];
	}
}

export function priorsFor(worksheet: ResolvedWorksheet): Record<string, PriorValue> {
	return Object.fromEntries(
		worksheet.sections
			.flatMap((section) => section.fields)
			.flatMap((field) => {
				const value = longest(worksheet, field);
				const prior = { date: '2025-03-02', studyUid: '1.2.2' };
				return Array.isArray(value) ? [] : [[field.id, { ...prior, value }]];
			})
	);
}

function longest(worksheet: ResolvedWorksheet, field: Field): Exclude<EntryValue, null> {
	switch (field.kind) {
		case 'number':
			return number(worksheet, field);
		case 'coded':
			return field.options.reduce((a, b) => (b.label.length > a.label.length ? b : a)).code;
		case 'multi-coded':
			return field.options.map(({ code }) => code);
		case 'date':
			return '2026-12-28';
		case 'text':
			return sentence;
	}
}

/** The limit with more digits; without limits, hundreds. */
function number(worksheet: ResolvedWorksheet, field: Field): number {
	const decimals = worksheet.measurements[field.measurementId ?? '']?.decimals ?? 0;
	const ends = rangeOf(worksheet, field, 'hard') ?? [888.888];
	const shown = ends.map((end) => end.toFixed(decimals));
	return Number(shown.reduce((a, b) => (b.length >= a.length ? b : a)));
}

/** Limits in the unit of the field. */
function rangeOf(
	worksheet: ResolvedWorksheet,
	field: Field,
	kind: 'soft' | 'hard'
): [number, number] | undefined {
	const unit = unitOf(worksheet, field) ?? '';
	const limit = worksheet.plausibility.find((each) => each.field === field.id);
	if (!limit) return undefined;
	const [low, high] = limit[kind];
	return [convert(low, limit.unit, unit) ?? low, convert(high, limit.unit, unit) ?? high];
}

function unitOf(worksheet: ResolvedWorksheet, field: Field): string | null {
	return worksheet.measurements[field.measurementId ?? '']?.unit ?? null;
}
