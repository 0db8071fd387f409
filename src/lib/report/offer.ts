import { findContradictions } from '../worksheet/contradiction.ts';
import type { Field, ResolvedWorksheet } from '../worksheet/definition.ts';
import type { Entries, Entry } from '../worksheet/entry.ts';
import type { Evaluation } from '../worksheet/evaluation.ts';
import { isStated } from '../worksheet/stated.ts';
import { isAbnormalStructure } from '../worksheet/one-click-normal.ts';
import type { Decisions } from './body.ts';
import { conclusionSection } from './conclusion.ts';
import { evaluateReport, type ReportContext } from './context.ts';

/** Answers and texts that could go into a sheet in one step: a preset's, or those of a prior. */
export interface Offer {
	/** Codes and texts, never numbers. */
	fields: { field: string; value: string | string[] }[];
	/** `id`: of the rule whose sentence was reworded; null for a sentence of one's own. */
	sentences: { id: string | null; section: string; text: string }[];
	/** Lines of the conclusion. */
	conclusion: string[];
}

export type SkipReason =
	/** This worksheet has no such field or section. */
	| 'no-field'
	/** The field has no such answer. */
	| 'no-answer'
	/** It counts as a number: never set by itself. */
	| 'number'
	/** Something else stands there: a person's answer, or a machine's. */
	| 'has-value'
	| 'not-well-seen'
	| 'conflict'
	/** Called normal, while a measurement of it is not. */
	| 'abnormal'
	/** The words would contradict today's numbers; `message` says how. */
	| 'contradiction'
	/** The rule whose words were changed does not speak today. */
	| 'not-proposed';

export interface Skipped {
	id: string;
	label: string;
	reason: SkipReason;
	message?: string;
}

/** What of an offer goes in, and what does not, with the reason. */
export interface OfferPlan {
	fields: { field: string; section: string; value: string | string[]; label: string }[];
	/** `section` is `@conclusion` for a line of the conclusion. */
	sentences: { id: string | null; section: string; text: string }[];
	skipped: Skipped[];
}

export interface OfferInput {
	context: ReportContext;
	entries: Entries;
	decisions: Decisions;
	/** The free text of the conclusion. */
	conclusion: string;
	offer: Offer;
	/** Only this section; `@conclusion` for the conclusion alone. */
	only?: string;
	labels?: Readonly<Record<string, string>>;
}

/**
 * Judges an offer against the sheet as it stands: what a person or a machine said stays, and nothing
 * goes in that contradicts today's values. What is there already in the same words needs no line.
 */
export function planOffer(input: OfferInput): OfferPlan {
	const { context, offer, only } = input;
	const { worksheet } = context;
	const evaluation = evaluateReport(context, input.entries);
	const plan: OfferPlan = { fields: [], sentences: [], skipped: [] };
	const places = new Map(
		worksheet.sections.flatMap(({ id, fields }) =>
			fields.map((field) => [field.id, { field, section: id }] as const)
		)
	);

	for (const { field: id, value } of offer.fields) {
		const place = places.get(id);
		if (only !== undefined && place?.section !== only) continue;
		const label = place ? placeLabel(worksheet, id) : (input.labels?.[id] ?? id);
		const reason = place ? reasonToSkip(input, evaluation, place.field, value) : 'no-field';
		if (reason === 'there') continue;
		if (reason) plan.skipped.push({ id, label, reason });
		else if (place) plan.fields.push({ field: id, section: place.section, value, label });
	}
	const after = dropContradicting(input, evaluation, plan, places);
	planSentences(input, evaluation, after, plan);
	return plan;
}

function reasonToSkip(
	{ context, entries }: OfferInput,
	evaluation: Evaluation,
	field: Field,
	value: string | string[]
): SkipReason | 'there' | null {
	if (field.computed) return 'no-field';
	if (field.kind === 'number' || field.kind === 'date') return 'number';
	if ((field.kind === 'multi-coded') !== Array.isArray(value)) return 'no-answer';
	if (field.kind !== 'text') {
		const codes = [value].flat();
		const known = new Set(field.options.map(({ code }) => code));
		if (!codes.every((code) => known.has(code))) return 'no-answer';
		// A score whose codes are numerals enters calculations.
		if (codes.some((code) => /^-?\d+(\.\d+)?$/.test(code))) return 'number';
	}
	const standing = (entries[field.id] ?? []).filter(
		({ suggestion, source }) => !suggestion && source.kind !== 'default'
	);
	if (standing.some((entry) => entry.status === 'not_well_seen')) return 'not-well-seen';
	if (standing.length > 1) return 'conflict';
	const stated = isStated(evaluation, field.id) ? evaluation.values[field.id]?.value : undefined;
	const now = standing[0]?.value ?? stated;
	if (now !== undefined) return sameAnswer(now, value) ? 'there' : 'has-value';
	const structures = context.worksheet.structures.filter((structure) =>
		structure.asserts.some(({ field: id, code }) => id === field.id && code === value)
	);
	return structures.some((one) => isAbnormalStructure(context.worksheet, one, evaluation))
		? 'abnormal'
		: null;
}

const sameAnswer = (a: Entry['value'], b: string | string[]) =>
	JSON.stringify(Array.isArray(a) ? [...a].sort() : a) ===
	JSON.stringify(Array.isArray(b) ? [...b].sort() : b);

/**
 * What the answers would make the report say is held against today's numbers; an answer whose words
 * contradict them is taken out of the plan.
 * @returns the evaluation with the answers that stay.
 */
function dropContradicting(
	input: OfferInput,
	before: Evaluation,
	plan: OfferPlan,
	places: ReadonlyMap<string, { field: Field }>
): Evaluation {
	const { context } = input;
	const { worksheet, language } = context;
	if (plan.fields.length === 0) return before;
	const tentative = evaluateReport(context, withAnswers(input.entries, plan));
	const said = new Set(before.statements.map(({ text }) => text));
	const fresh = tentative.statements.filter(({ text }) => !said.has(text));
	const kept = plan.fields.filter(({ field, value, label }) => {
		const definition = places.get(field)?.field;
		const answer = definition ? answerText(definition, value) : '';
		const texts = [
			`${label} ${answer}`.toLowerCase(),
			...fresh.filter(({ because }) => because.includes(field)).map(({ text }) => text)
		];
		const [found] = findContradictions(worksheet, before, texts, language);
		if (!found) return true;
		plan.skipped.push({ id: field, label, reason: 'contradiction', message: found.message });
		return false;
	});
	if (kept.length === plan.fields.length) return tentative;
	plan.fields = kept;
	return evaluateReport(context, withAnswers(input.entries, plan));
}

function withAnswers(entries: Entries, { fields }: OfferPlan): Entries {
	const added = fields.map(({ field, value }) => [field, [answered(field, value)]] as const);
	return { ...entries, ...Object.fromEntries(added) };
}

const answered = (field: string, value: string | string[]): Entry => ({
	id: `offer-${field}`,
	value,
	unit: null,
	asSent: null,
	samples: [],
	derivation: 'single',
	range: null,
	status: 'given',
	source: { kind: 'person' },
	by: null,
	at: '1970-01-01T00:00:00Z',
	suggestion: false
});

function planSentences(
	input: OfferInput,
	now: Evaluation,
	after: Evaluation,
	plan: OfferPlan
): void {
	const { context, decisions, offer, only } = input;
	const { worksheet, language } = context;
	const titles = new Map(worksheet.sections.map(({ id, title }) => [id, title]));
	const proposed = new Set(after.statements.map(({ id }) => id));
	const written = new Set([
		...after.statements.map(({ text }) => text),
		...Object.values(decisions).flatMap((held) => held.flatMap(({ text }) => text ?? [])),
		...input.conclusion.split('\n').map((line) => line.trim())
	]);
	const lines = [
		...offer.sentences,
		...offer.conclusion.map((text) => ({ id: null, section: conclusionSection, text }))
	];
	for (const line of lines) {
		const { id, section, text } = line;
		if (only !== undefined && section !== only) continue;
		if (written.has(text)) continue;
		const skip = (reason: SkipReason, message?: string) =>
			plan.skipped.push({
				id: id ?? text,
				label: `“${text}”`,
				reason,
				...(message ? { message } : {})
			});
		if (section !== conclusionSection && !titles.has(section)) skip('no-field');
		else if (id !== null && !proposed.has(id)) skip('not-proposed');
		else if (id !== null && (decisions[id]?.length ?? 0) > 0) skip('has-value');
		else {
			const [found] = findContradictions(worksheet, now, [text], language);
			if (found) skip('contradiction', found.message);
			else {
				plan.sentences.push(line);
				written.add(text);
			}
		}
	}
}

/** "Mitral valve: Structure": many sections have a field of the same name. */
export function placeLabel(worksheet: ResolvedWorksheet, fieldId: string): string {
	const section = worksheet.sections.find(({ fields }) => fields.some(({ id }) => id === fieldId));
	const field = section?.fields.find(({ id }) => id === fieldId);
	if (!section || !field) return fieldId;
	const label = field.label ?? worksheet.measurements[field.measurementId ?? '']?.label ?? field.id;
	return `${section.title}: ${label}`;
}

/** As the sheet shows it: the labels of the codes, or the text. */
export function answerText(field: Field, value: string | string[]): string {
	return [value]
		.flat()
		.map((code) => field.options.find((option) => option.code === code)?.label ?? code)
		.join(', ');
}
