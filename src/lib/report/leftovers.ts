import type { Evaluation } from '../worksheet/evaluation.ts';
import { decideStatements } from './body.ts';
import type { DocState, ReportContext } from './context.ts';
import { placeholder } from './macro.ts';
import { placeLabel } from './offer.ts';

/**
 * Something begun and not ended: an open place in a text, or an answer of a prior or of the worksheet
 * itself that nobody confirmed.
 */
export interface Leftover {
	kind: 'placeholder' | 'carried' | 'default';
	/** The field; null where it is a sentence or the conclusion. */
	field: string | null;
	/** The sentence. */
	statement: string | null;
	/** Of the field, the section, or empty for the conclusion. */
	label: string;
	/** The text with the open place; the date that it was carried from; empty for a default. */
	text: string;
}

/** What stands in the way of a signature, or is asked about, beside what the engine finds. */
export function leftoversOf(
	{ worksheet }: Pick<ReportContext, 'worksheet'>,
	state: Pick<DocState, 'entries' | 'decisions' | 'conclusion' | 'comments'>,
	evaluation: Evaluation
): Leftover[] {
	const found: Leftover[] = [];
	for (const { fields } of worksheet.sections) {
		for (const field of fields) {
			for (const { value, source, suggestion } of state.entries[field.id] ?? []) {
				if (suggestion) continue;
				const place = { field: field.id, statement: null, label: placeLabel(worksheet, field.id) };
				if (field.kind === 'text' && typeof value === 'string' && value.includes(placeholder))
					found.push({ kind: 'placeholder', ...place, text: value });
				if (source.kind === 'default' && evaluation.values[field.id]?.from === 'default')
					found.push({ kind: 'default', ...place, text: '' });
				if (source.kind === 'prior' && !source.confirmed)
					found.push({ kind: 'carried', ...place, text: source.date });
			}
		}
	}
	const titles = new Map(worksheet.sections.map(({ id, title }) => [id, title]));
	for (const said of decideStatements(evaluation.statements, state.decisions)) {
		const place = { field: null, statement: said.id, label: titles.get(said.section) ?? '' };
		if (said.text.includes(placeholder))
			found.push({ kind: 'placeholder', ...place, text: said.text });
		if (said.carried && !said.carried.confirmed)
			found.push({ kind: 'carried', ...place, text: said.carried.date });
	}
	for (const text of [...state.conclusion.split('\n'), ...state.comments.split('\n')])
		if (text.includes(placeholder))
			found.push({ kind: 'placeholder', field: null, statement: null, label: '', text });
	return found;
}

/** What blocks a signature; all else is asked about before it. */
export const isBlocking = ({ kind }: Leftover, carried: 'ask' | 'block'): boolean =>
	kind === 'placeholder' || (kind === 'carried' && carried === 'block');

const leftoverWords: Record<Leftover['kind'], string> = {
	placeholder: `an open place (${placeholder}) is left`,
	carried: 'carried from an earlier report and not confirmed',
	default: 'the default of the worksheet, and not confirmed'
};

/** In the words of the log and of a refused signature; ids and labels only. */
export const leftoverMessage = ({ kind, label }: Leftover): string =>
	`${label || 'Conclusion'}: ${leftoverWords[kind]}`;
