import { changeText, rangeText } from '$lib/report/body.ts';
import type { ReportContext } from '$lib/report/context.ts';
import { displayUnit, show, unitText } from '$lib/report/format.ts';
import type { Field, Measurement, Severity } from '../definition.ts';
import { standingOf } from '../entry.ts';
import type { Entries, Entry } from '../entry.ts';
import type { Evaluation, Finding, Resolved, Result } from '../evaluation.ts';

/** One line of the sheet, ready to be drawn: nothing in it is computed again in markup. */
export interface FieldRow {
	id: string;
	field: Field;
	measurement: Measurement | null;
	label: string;
	/** The long name, for the tooltip and for those who listen. */
	name: string;
	standing: 'empty' | 'given' | 'not-well-seen' | 'not-calculable';
	/** As shown in the field; empty without a value. */
	text: string;
	unit: string;
	/** UCUM of `unit`: what a bare typed number means. */
	shownUnit: string;
	decimals: number;
	/** The number shown is the engine's, not somebody's entry. */
	computed: boolean;
	severity: Severity | null;
	side: 'high' | 'low' | null;
	range: string;
	prior: { text: string; date: string; studyUid: string } | null;
	change: string;
	/** The entry that stands in the field, when one does. */
	entry: Entry | null;
	resolved: Resolved | null;
	result: Result | null;
	/** Labels of what is missing: "not calculable: no height". */
	missing: string[];
	conflict: readonly Entry[];
	suggestions: readonly Entry[];
	/** The machine's own number for the same, when it differs beyond rounding. */
	machine: { text: string; stale: boolean } | null;
	unconfirmed: boolean;
	findings: readonly Finding[];
}

/** What a field is called; a rule may ask for one that this sheet does not have, or for a grade. */
export function labelOf(context: ReportContext, fieldId: string): string {
	const field = context.worksheet.sections
		.flatMap((section) => section.fields)
		.find((candidate) => candidate.id === fieldId);
	const measurement = context.worksheet.measurements[field?.measurementId ?? fieldId];
	const named = field?.label ?? measurement?.label;
	if (named !== undefined) return named;
	const grade = context.worksheet.grades.find(({ id }) => id === fieldId);
	return grade?.title ?? fieldId.replaceAll(/[._]/g, ' ');
}

/** An entry's value as the sheet would show it. */
export function entryText(context: ReportContext, field: Field, entry: Entry): string {
	const measurement = measurementOf(context, field);
	if (entry.status === 'not_well_seen' || entry.value === null) return '';
	if (typeof entry.value === 'number') {
		if (!measurement) return String(entry.value);
		const display = context.settings.display;
		return entry.range
			? `${show(entry.range.low, measurement, display).text}–${show(entry.range.high, measurement, display).text}`
			: show(entry.value, measurement, display).text;
	}
	return codeText(field, entry.value);
}

export function codeText(field: Field, value: string | string[]): string {
	const codes = Array.isArray(value) ? value : [value];
	return codes
		.map((code) => field.options.find((option) => option.code === code)?.label ?? code)
		.join(', ');
}

function measurementOf(context: ReportContext, field: Field): Measurement | null {
	return (field.measurementId && context.worksheet.measurements[field.measurementId]) || null;
}

interface RowsInput {
	context: ReportContext;
	entries: Entries;
	evaluation: Evaluation;
	labels: (fieldId: string) => string;
}

export function rowOf(input: RowsInput, field: Field): FieldRow {
	const { context, entries, evaluation, labels } = input;
	const measurement = measurementOf(context, field);
	const display = context.settings.display;
	const all = entries[field.id] ?? [];
	const standing = standingOf(all);
	const conflict = evaluation.conflicts.find((candidate) => candidate.field === field.id);
	const resolved = evaluation.values[field.id] ?? null;
	const result = evaluation.results.find((candidate) => candidate.id === field.id) ?? null;
	const flag = evaluation.flags[field.id];
	const entry =
		standing.find((candidate) => candidate.id === resolved?.entryId) ?? standing[0] ?? null;
	const notSeen = evaluation.unseen.includes(field.id);
	const shown =
		typeof resolved?.value === 'number' && measurement
			? show(resolved.value, measurement, display)
			: null;
	const prior = context.priors[field.id];
	const shownUnit = measurement ? displayUnit(measurement, display) : '';
	const missing = result?.value === null ? result.missing.map(labels) : [];

	// What lies outside the hard limits is not computed with, but stays readable.
	const text = !resolved
		? entry && !conflict && !notSeen
			? entryText(context, field, entry)
			: ''
		: entry?.range && resolved.entryId === entry.id
			? entryText(context, field, entry)
			: shown
				? shown.text
				: typeof resolved.value === 'number'
					? String(resolved.value)
					: codeText(field, resolved.value);

	return {
		id: field.id,
		field,
		measurement,
		label: field.label ?? measurement?.label ?? field.id,
		name: measurement?.name ?? field.label ?? field.id,
		standing: notSeen
			? 'not-well-seen'
			: text !== ''
				? 'given'
				: missing.length > 0
					? 'not-calculable'
					: 'empty',
		text,
		unit: unitText(shownUnit || null),
		shownUnit,
		decimals: measurement ? show(0, measurement, display).decimals : 0,
		computed: resolved !== null && resolved.from !== 'entry' && resolved.entryId === null,
		severity: flag?.severity ?? null,
		side: flag?.side ?? null,
		range: measurement ? rangeText(flag, measurement, context.settings) : '',
		prior:
			prior === undefined
				? null
				: {
						text:
							typeof prior.value === 'number'
								? measurement
									? show(prior.value, measurement, display).text
									: String(prior.value)
								: codeText(field, prior.value),
						date: prior.date,
						studyUid: prior.studyUid
					},
		change:
			typeof resolved?.value === 'number' && typeof prior?.value === 'number' && measurement
				? changeText(resolved.value, prior.value, measurement, context.settings)
				: '',
		entry,
		resolved,
		result,
		missing,
		conflict: conflict?.entries ?? [],
		suggestions: all.filter((candidate) => candidate.suggestion),
		machine:
			result?.machine && measurement
				? {
						text: show(result.machine.value, measurement, display).text,
						stale: result.machine.stale
					}
				: null,
		unconfirmed:
			(flag !== undefined && !flag.verified) ||
			(resolved?.from === 'formula' && result?.kind === 'empirical' && !result.verified),
		findings: evaluation.findings.filter((finding) => finding.field === field.id)
	};
}

export type Dot = 'empty' | 'filled' | 'abnormal' | 'conflict' | 'not-well-seen';

/** What a section's tab says at a glance: the most urgent thing in it. */
export function dotOf(rows: readonly FieldRow[]): Dot {
	if (rows.some((row) => row.conflict.length > 0)) return 'conflict';
	if (rows.some((row) => isAbnormal(row))) return 'abnormal';
	if (rows.some((row) => row.standing === 'given')) return 'filled';
	return rows.some((row) => row.standing === 'not-well-seen') ? 'not-well-seen' : 'empty';
}

export function isAbnormal(row: FieldRow): boolean {
	return row.severity !== null && row.severity !== 'normal' && row.severity !== 'borderline';
}
