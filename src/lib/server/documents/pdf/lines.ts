import bidiFactory from 'bidi-js';
import LineBreaker from 'linebreak';

const bidi = bidiFactory();
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A line of text in its logical order, and whether its paragraph runs from right to left. */
export interface Line {
	text: string;
	rtl: boolean;
}

/**
 * Breaks text into lines that fit `width`, at the places where its script may break (UAX 14); a
 * word that is wider than a line is cut between characters. Line ends in the text are kept.
 *
 * We break lines ourselves because PDFKit measures a text in one font: text in several comes out
 * higher than it was measured, and a paragraph could not be carried over to the next page.
 */
export function breakLines(text: string, width: number, widthOf: (text: string) => number): Line[] {
	return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((paragraph) => {
		const rtl = isRightToLeft(paragraph);
		const one = widthOf(paragraph) <= width;
		return (one ? [paragraph] : wrap(paragraph, width, widthOf)).map((text) => ({ text, rtl }));
	});
}

function wrap(paragraph: string, width: number, widthOf: (text: string) => number): string[] {
	const lines: string[] = [];
	let line = '';
	let used = 0;
	const put = (part: string, natural: number) => {
		if (line !== '' && used + widthOf(part.trimEnd()) > width) {
			lines.push(line.trimEnd());
			line = '';
			used = 0;
		}
		line += part;
		used += natural;
	};
	for (const part of breakable(paragraph)) {
		const natural = widthOf(part);
		if (natural <= width || widthOf(part.trimEnd()) <= width) put(part, natural);
		else for (const { segment } of graphemes.segment(part)) put(segment, widthOf(segment));
	}
	lines.push(line.trimEnd());
	return lines;
}

/** "120 g/m²" is one thing: no line ends between a number and its unit, nor inside the unit. */
const beforeUnit = /\d[ \u00a0]$/;
const unit =
	/^(?:%|°|bpm|mm|cm|m|m?s|h|g|kg|mL|L|l|dB|Hz|kHz|MHz|mmHg|mV|y)(?=[\s/.,;:)·²³⁰-⁹]|$)/u;
const insideUnit = /(?:^|[\s(\d])[\p{L}²³·]{1,5}\/$/u;

/** The text in the smallest parts between which a line may end. */
function breakable(text: string): string[] {
	const breaker = new LineBreaker(text);
	const parts: string[] = [];
	let from = 0;
	for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
		const part = text.slice(from, next.position);
		const last = parts.at(-1);
		const glued =
			last !== undefined &&
			last.length < 24 &&
			((beforeUnit.test(last) && unit.test(part)) || insideUnit.test(last));
		if (glued) parts[parts.length - 1] += part;
		else parts.push(part);
		from = next.position;
	}
	return parts;
}

function isRightToLeft(paragraph: string): boolean {
	if (!rightToLeft.test(paragraph)) return false;
	return bidi.getEmbeddingLevels(paragraph).paragraphs[0]?.level === 1;
}

/**
 * A line as parts from left to right (UAX 9, rule L2). Inside a part the font's own shaping orders
 * the letters, so a part of right-to-left text is one word.
 */
export function visualOrder({ text, rtl }: Line): string[] {
	if (!rightToLeft.test(text)) return [text];
	const { levels } = bidi.getEmbeddingLevels(text, rtl ? 'rtl' : 'ltr');
	const parts: { level: number; text: string }[] = [];
	for (let i = 0; i < text.length; i++) {
		const level = levels[i] ?? 0;
		const character = text.charAt(i);
		const odd = level % 2 === 1;
		const last = parts.at(-1);
		const splits = odd && (character === ' ' || last?.text.endsWith(' '));
		const printed = odd ? (bidi.getMirroredCharacter(character) ?? character) : character;
		if (last?.level === level && !splits) last.text += printed;
		else parts.push({ level, text: printed });
	}
	const highest = Math.max(...parts.map(({ level }) => level));
	for (let level = highest; level > 0; level--) reverseRuns(parts, level);
	return parts.map((part) => part.text);
}

function reverseRuns(parts: { level: number; text: string }[], level: number): void {
	let from = 0;
	while (from < parts.length) {
		let to = from;
		while ((parts[to]?.level ?? 0) >= level) to++;
		if (to > from) parts.splice(from, to - from, ...parts.slice(from, to).reverse());
		from = Math.max(to, from + 1);
	}
}
