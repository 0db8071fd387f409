import { z } from 'zod';
import type { MacroId } from '../ids.ts';
import { notWellSeen } from './format.ts';
import type { ReportBody } from './version.ts';
import { nearness, type TextOwner } from './text-owner.ts';

/** Stands where a person still has to write something; a report with one in it is not signed. */
export const placeholder = '▢';

/** A named text: typed as `.abbreviation`, with slots that the sheet fills. */
export interface Macro {
	id: MacroId;
	owner: TextOwner;
	/** Lower case, without the dot. */
	abbreviation: string;
	title: string;
	/**
	 * Text with slots: `{lvef}` value and unit as printed, `{lvef.value}`, `{lvef.unit}`,
	 * `{lvef.range}`, `{lvef.prior}`, `{lvef.prior_date}`; the id of a grade; `{patient.age}`;
	 * `{_}` a place to fill in; `{|}` where the cursor ends.
	 */
	body: string;
}

export const abbreviationSchema = z
	.string()
	.trim()
	.toLowerCase()
	.regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,23}$/u);

export const macroFieldsSchema = z.strictObject({
	abbreviation: abbreviationSchema,
	title: z.string().trim().min(1).max(80),
	body: z.string().trim().min(1).max(4000)
});
export type MacroFields = z.output<typeof macroFieldsSchema>;

export interface FilledMacro {
	text: string;
	/** What is selected after it was put in: the first open place, or the cursor's. */
	select: [from: number, to: number];
}

const slot = /\{([^{}\n]{1,120})\}/g;

/**
 * Puts the sheet's values into a macro. A slot without a value, or with a name that the sheet does not
 * know, becomes an open place: nothing is left out silently.
 */
export function fillMacro(body: string, valueOf: (slot: string) => string | null): FilledMacro {
	let text = '';
	let cursor: number | null = null;
	let at = 0;
	for (const match of body.matchAll(slot)) {
		text += body.slice(at, match.index);
		at = match.index + match[0].length;
		const name = (match[1] ?? '').trim();
		if (name === '|') cursor ??= text.length;
		else text += name === '_' ? placeholder : (inPlace(valueOf(name), text) ?? placeholder);
	}
	text += body.slice(at);
	const open = text.indexOf(placeholder);
	if (open >= 0) return { text, select: [open, open + placeholder.length] };
	const end = cursor ?? text.length;
	return { text, select: [end, end] };
}

/** An answer within a sentence begins small: "Mild" is "mild", "LVOT" stays. */
function inPlace(value: string | null, before: string): string | null {
	if (value === null || value === '') return null;
	const begins = before.trim() === '' || /[.!?:]\s*$/.test(before);
	return !begins && /^[A-Z][a-z]/.test(value)
		? value.charAt(0).toLowerCase() + value.slice(1)
		: value;
}

/** The values of a sheet by slot, as the report would print them. */
export function slotsOf(body: ReportBody): (slot: string) => string | null {
	const values = new Map(body.sections.flatMap((s) => s.values).map((v) => [v.field, v]));
	const grades = new Map(body.sections.flatMap((s) => s.grades).map((g) => [g.id, g.text]));
	const printed = (value: string, unit: string) => (value ? `${value} ${unit}`.trim() : null);
	return (name) => {
		if (name === 'patient.age') return body.patient.ageYears?.toString() ?? null;
		if (name === 'patient.sex') return body.patient.sex === 'unknown' ? null : body.patient.sex;
		const whole = values.get(name);
		if (whole) return isSeen(whole.value) ? printed(whole.value, whole.unit) : null;
		if (grades.has(name)) return grades.get(name) ?? null;
		const dot = name.lastIndexOf('.');
		const value = values.get(name.slice(0, Math.max(0, dot)));
		if (!value || !isSeen(value.value)) return null;
		switch (name.slice(dot + 1)) {
			case 'value':
				return value.value;
			case 'unit':
				return value.unit || null;
			case 'range':
				return value.range || null;
			case 'prior':
				return printed(value.prior, value.unit);
			case 'prior_date':
				return value.priorDate || null;
			default:
				return null;
		}
	};
}

const isSeen = (value: string) => value !== notWellSeen;

/** A `.abbreviation` that ends at the cursor and begins a word. */
export function typedAbbreviation(
	text: string,
	cursor: number
): { from: number; abbreviation: string } | null {
	const match = /(?:^|[\s([])\.([\p{L}\p{N}][\p{L}\p{N}_-]{0,23})$/u.exec(text.slice(0, cursor));
	const abbreviation = match?.[1];
	if (!abbreviation) return null;
	return { from: cursor - abbreviation.length - 1, abbreviation: abbreviation.toLowerCase() };
}

/** A search that was begun with `/` at the beginning of a word. */
export function typedSearch(text: string, cursor: number): { from: number; query: string } | null {
	const match = /(?:^|[\s([])\/([\p{L}\p{N}_-]{0,24})$/u.exec(text.slice(0, cursor));
	const query = match?.[1];
	return query === undefined ? null : { from: cursor - query.length - 1, query };
}

/** One's own wording before the group's, and that before the practice's; by abbreviation. */
export function macroFor<M extends Pick<Macro, 'abbreviation' | 'owner'>>(
	macros: readonly M[],
	abbreviation: string
): M | null {
	const found = macros.filter((macro) => macro.abbreviation === abbreviation);
	return found.sort((a, b) => nearness(a.owner) - nearness(b.owner))[0] ?? null;
}

/** Where the next open place is, from the cursor on and then from the beginning. */
export function nextPlaceholder(text: string, from: number): [number, number] | null {
	const after = text.indexOf(placeholder, from);
	const at = after >= 0 ? after : text.indexOf(placeholder);
	return at < 0 ? null : [at, at + placeholder.length];
}
