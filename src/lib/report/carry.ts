import type { ResolvedWorksheet } from '../worksheet/definition.ts';
import { placeholder } from './macro.ts';
import type { Offer } from './offer.ts';
import type { ReportBody } from './version.ts';

/** What of a signed report could stand in the sheet of a later study of the same person. */
export interface CarryOffer extends Offer {
	studyUid: string;
	/** ISO date of that study, practice time. */
	date: string;
	/** Labels of its fields, for those that this sheet does not have. */
	labels: Record<string, string>;
}

/**
 * Codes and people's words of a signed report, never its numbers: those in a text become open places.
 * Nothing of how that study was made or told; of sentences only those that a person wrote or changed,
 * since the rules write theirs anew from today's values.
 */
export function carryOffer(body: ReportBody, worksheet: ResolvedWorksheet): Offer {
	const sections = new Map(worksheet.sections.map((section) => [section.id, section]));
	const isOfThatStudy = (id: string) => {
		const section = sections.get(id);
		return section?.ofThisStudy === true || section?.framed === true;
	};
	const sectionOf = new Map(
		worksheet.sections.flatMap(({ id, fields }) => fields.map((field) => [field.id, id] as const))
	);
	const kinds = new Map(worksheet.sections.flatMap((s) => s.fields).map((f) => [f.id, f.kind]));
	const labels = quantityNames(worksheet);
	const fields: Offer['fields'] = [];
	for (const [field, entries] of Object.entries(body.entries)) {
		const [entry, ...others] = entries;
		if (!entry || others.length > 0 || entry.status !== 'given') continue;
		// Z2: what nobody confirmed is nobody's answer.
		if (entry.source.kind === 'default') continue;
		const { value } = entry;
		if (value === null || typeof value === 'number' || value.length === 0) continue;
		const section = sectionOf.get(field);
		if (section !== undefined && isOfThatStudy(section)) continue;
		const kind = kinds.get(field);
		if (kind === 'date' || kind === 'number') continue;
		const isText = kind === 'text' && typeof value === 'string';
		fields.push({ field, value: isText ? withoutNumbers(value, labels) : value });
	}
	const order = [...sectionOf.keys()];
	fields.sort((a, b) => order.indexOf(a.field) - order.indexOf(b.field));

	const byRules = new Set(body.evaluation.statements.map(({ id }) => id));
	const printed = body.sections.flatMap(({ id, statements }) =>
		statements.map((statement) => ({ ...statement, section: id }))
	);
	const sentences = printed
		.filter(({ edited, section }) => edited && !isOfThatStudy(section))
		.map(({ id, section, text }) => ({
			id: byRules.has(id) ? id : null,
			section,
			text: withoutNumbers(text, labels)
		}));
	const said = new Set(printed.map(({ text }) => text));
	const conclusion = body.impression
		.filter((line) => !said.has(line) && !byRulesSay(body, line))
		.map((line) => withoutNumbers(line, labels));
	return { fields, sentences, conclusion };
}

const byRulesSay = (body: ReportBody, line: string): boolean =>
	body.evaluation.statements.some(({ text }) => text === line);

/** Names after which a number is a measurement: "LVEF 55". */
function quantityNames(worksheet: ResolvedWorksheet): string[] {
	const names = [
		...Object.values(worksheet.measurements).flatMap(({ label, unit }) => (unit ? [label] : [])),
		...(worksheet.quotes ?? []).flatMap((quote) => Object.values(quote.names).flat())
	];
	return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => name.length > 1);
}

const quantity = String.raw`\d+(?:[.,]\d+)?`;
const several = String.raw`${quantity}(?:\s*(?:-|–|—|to|bis|x|×)\s*${quantity})*`;
const units =
	'%|mm\\s?hg|cm\\/s2?|m\\/s|ml\\/m[2²]|g\\/m[2²]|cm[2²]|m[2²]|mm|cm|ml|msec|ms|bpm|\\/min|l\\/min|kg|°|dyn|wu';
/** A number with its unit: 1.2 x 3.4 cm, 55–60 %. */
const withUnit = new RegExp(
	`(?<![\\p{L}\\p{N}.,])${several}(?=\\s*(?:${units})(?![\\p{L}\\p{N}]))`,
	'giu'
);
/** A decimal fraction; not a date such as 12.03.2021 or 03.2021. */
const decimal =
	/(?<![\p{L}\p{N}.,/-])\d{1,4}[.,](?!(?:19|20)\d\d(?!\d))\d+(?![\p{L}\p{N}/]|[.,]\d)/gu;

/**
 * A prior's text without its measurements: "EF 55 %" is "EF ▢ %". Years, counts and grades stay; what
 * has a unit goes, the size of a prosthesis too, since nobody can tell it from a diameter.
 *
 * @param names in lower case: a number soon after one of them is its value.
 */
export function withoutNumbers(text: string, names: readonly string[] = []): string {
	let out = text.replace(withUnit, placeholder).replace(decimal, placeholder);
	for (const name of names) {
		const at = out.toLowerCase().indexOf(name);
		if (at < 0 || isLetter(out[at - 1]) || isLetter(out[at + name.length])) continue;
		const head = out.slice(0, at + name.length);
		const rest = out.slice(at + name.length);
		out =
			head +
			rest.replace(
				/^([^\p{N}.;▢]{0,14}?)(\d+(?:\s*(?:-|–)\s*\d+)?)(?![\p{N}/.-])/u,
				`$1${placeholder}`
			);
	}
	return out;
}

const isLetter = (character: string | undefined) =>
	character !== undefined && /[\p{L}\p{N}]/u.test(character);
