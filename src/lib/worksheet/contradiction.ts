/**
 * Words against numbers: "normal systolic function" with an ejection fraction of 38 %. Looked for in
 * what a person wrote or changed, one sentence at a time, never in what the rules wrote. It asks; it
 * never blocks and never changes a word. Rules D1–D4.
 */
import type { Contradiction, Quote, ResolvedWorksheet } from './definition.ts';
import type { Evaluation, Finding } from './evaluation.ts';
import { holds } from './expression.ts';
import { lookupIn } from './lookup-in.ts';
import { formatNumber } from './numbers.ts';
import { programOf } from './program.ts';
import type { Program } from './program.ts';
import { convert } from './units.ts';

/** @param texts what people wrote: the conclusion, statements of their own, changed statements. */
export function findContradictions(
	worksheet: ResolvedWorksheet,
	evaluation: Evaluation,
	texts: readonly string[],
	language: string
): Finding[] {
	const program = programOf(worksheet);
	const sentences = texts.flatMap(sentencesOf);
	if (sentences.length === 0) return [];
	const lookup = lookupIn(program, evaluation);
	const claims = (worksheet.contradictions ?? [])
		.filter((rule) => sentences.some((sentence) => claimIn(rule, sentence, language)))
		.filter((rule) => holds(program.node(rule.when), lookup))
		.map((rule) =>
			finding(
				rule.value ?? program.namesOf(rule.when)[0] ?? '',
				rule.message.replace('{value}', rule.value ? printed(program, evaluation, rule.value) : '')
			)
		);
	const quotes = (worksheet.quotes ?? []).flatMap((quote) => {
		const value = evaluation.values[quote.field]?.value;
		if (typeof value !== 'number') return [];
		const wrong = sentences
			.flatMap((sentence) => quoted(program, quote, sentence, language))
			.find((each) => Math.abs(each.middle - value) > quote.tolerance + each.half + 1e-9);
		if (!wrong) return [];
		const label = program.measurementOf(quote.field)?.label ?? quote.field;
		const stands = printed(program, evaluation, quote.field);
		return [
			finding(quote.field, `The text quotes ${label} as ${wrong.text}; the sheet has ${stands}.`)
		];
	});
	return [...claims, ...quotes];
}

function finding(field: string, message: string): Finding {
	return { kind: 'contradiction', field, message, blocks: false, suggestion: null };
}

function printed(program: Program, evaluation: Evaluation, field: string): string {
	const resolved = evaluation.values[field];
	if (typeof resolved?.value !== 'number') return '';
	const decimals = program.measurementOf(field)?.decimals ?? 1;
	const unit = (resolved.unit ?? '').replace('mm[Hg]', 'mmHg').replace(/^1$/, '');
	return `${formatNumber(resolved.value, decimals)} ${unit}`.trim();
}

/** D1: a sentence ends at a full stop, a line or a semicolon; a decimal point ends nothing. */
function sentencesOf(text: string): string[] {
	return text
		.toLowerCase()
		.replaceAll('ß', 'ss')
		.split(/\n|;|[.!?](?=\s|$)/)
		.map((sentence) => sentence.replace(/\s+/g, ' ').trim())
		.filter(Boolean);
}

/** D2: subject and claim stand in the sentence as whole words, and nothing takes them back. */
function claimIn(rule: Contradiction, sentence: string, language: string): boolean {
	const has = (phrases: Record<string, string[]>) =>
		(phrases[language] ?? phrases.en ?? []).some((phrase) => indexOf(sentence, phrase) >= 0);
	return has(rule.about) && has(rule.says) && !has(rule.unless);
}

/** Where a phrase stands as whole words; -1 when it does not. */
function indexOf(sentence: string, phrase: string): number {
	const isInside = (character: string | undefined) =>
		character !== undefined && /[\p{L}\p{N}]/u.test(character);
	let index = sentence.indexOf(phrase);
	while (index >= 0 && (isInside(sentence[index - 1]) || isInside(sentence[index + phrase.length])))
		index = sentence.indexOf(phrase, index + 1);
	return index;
}

interface Quoted {
	text: string;
	middle: number;
	/** Half the width of a range: "50–55 %". */
	half: number;
}

/** D3: the first number after the name, in the same clause, in the unit that is written or its own. */
function quoted(program: Program, quote: Quote, sentence: string, language: string): Quoted[] {
	const unit = program.measurementOf(quote.field)?.unit ?? '1';
	return (quote.names[language] ?? quote.names.en ?? []).flatMap((name) => {
		const at = indexOf(sentence, name);
		if (at < 0) return [];
		const rest = sentence.slice(at + name.length, at + name.length + 60);
		const match =
			/^[^\d,:;()<>]{0,30}[:(]?\s*(\d+(?:[.,]\d+)?)(?:\s*(?:-|–|to|bis)\s*(\d+(?:[.,]\d+)?))?\s*(%|mmhg|cm\/s|m\/s|mm|cm|ml)?/.exec(
				rest
			);
		if (!match) return [];
		// "EF was 35 % in 2019" speaks of another day.
		if (/\b(was|previously|prior|formerly|earlier|vorher|zuvor|war)\b/.test(sentence)) return [];
		const [, low = '', high = low, written] = match;
		const factor = convert(1, unitOf(written) ?? unit, unit);
		if (factor === null) return [];
		const [a, b] = [number(low) * factor, number(high) * factor];
		const text = `${low}${high === low ? '' : `–${high}`}${written ? ` ${written}` : ''}`;
		return [{ text, middle: (a + b) / 2, half: Math.abs(b - a) / 2 }];
	});
}

const number = (text: string) => Number(text.replace(',', '.'));

function unitOf(written: string | undefined): string | null {
	if (written === undefined) return null;
	if (written === 'mmhg') return 'mm[Hg]';
	return written === 'ml' ? 'mL' : written;
}
