/** One worksheet as somebody writes it, against the library whose sections and rules it uses. */
import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { deepest, longestSource } from './check-limits.ts';
import { checkWorksheet } from './check-worksheet.ts';
import type { ResolvedWorksheet } from './definition.ts';
import { worksheetSchema } from './file-schemas.ts';
import { markupIn } from './plain-texts.ts';
import type { Library } from './read-library.ts';
import { resolveLocated } from './resolve.ts';
import { parseFile } from './source-files.ts';
import type { Problem } from './source-files.ts';

export interface CheckedSource {
	/** In the order of lines. Problems of a shared section name its file. */
	problems: Problem[];
	/** Null while there is any problem. */
	worksheet: ResolvedWorksheet | null;
}

/**
 * Reads and checks a worksheet that is not (yet) part of the library. Total: whatever the text is,
 * the answer is a worksheet or problems, each with its line.
 */
export function checkSource(library: Library, text: string, file: string): CheckedSource {
	const before = refusedUnread(text, file);
	if (before.length > 0) return { problems: before, worksheet: null };
	const { located, problems } = parseFile(file, text, worksheetSchema);
	if (!located) return { problems, worksheet: null };
	// Golden cases belong to the library's own: nothing here proves what an A promises.
	const grade = located.value.maturity === 'A' && {
		file,
		line: located.line(['maturity']),
		what: 'A is kept for worksheets with golden cases',
		remedy: 'Write B, or C when nothing is calculated.'
	};
	const all = [
		...markupIn(located),
		...(grade ? [grade] : []),
		...checkWorksheet(library, located, { mayBeText: true })
	];
	const unique = [
		...new Map(all.map((each) => [`${each.file}:${each.line}:${each.what}`, each])).values()
	];
	if (unique.length > 0) return { problems: unique.sort(byPlace(file)), worksheet: null };
	return { problems: [], worksheet: resolveLocated(library, located) };
}

/** What is not even handed to a parser that builds values. */
function refusedUnread(text: string, file: string): Problem[] {
	const at = (line: number, what: string, remedy: string) => [{ file, line, what, remedy }];
	if (text.length > longestSource) {
		const what = `has ${text.length} characters, more than ${longestSource}`;
		return at(1, what, 'Split it, or use the sections of the library.');
	}
	const deep = tooDeep(text);
	if (deep !== null) return at(deep, 'is nested too deep', 'Take some levels out.');
	// An alias of an alias of an alias makes gigabytes out of a line.
	if (!/[&*][^\s,[\]{}]/.test(text)) return [];
	const lines = new LineCounter();
	const found: number[] = [];
	visit(parseDocument(text, { lineCounter: lines }), (_, node) => {
		if (isAlias(node) && node.range) found.push(lines.linePos(node.range[0]).line);
		return found.length > 0 ? visit.BREAK : undefined;
	});
	const [line] = found;
	if (line === undefined) return [];
	return at(line, 'an alias (*) is not allowed', 'Write out what it stands for.');
}

/** The first line whose brackets or indentation lie too deep; parsers would run out of stack. */
function tooDeep(text: string): number | null {
	let brackets = 0;
	const lines = text.split('\n');
	for (const [index, line] of lines.entries()) {
		for (const sign of line) {
			if (sign === '[' || sign === '{') brackets += 1;
			else if (sign === ']' || sign === '}') brackets = Math.max(0, brackets - 1);
			if (brackets > deepest) return index + 1;
		}
		const dashes = /^\s*((?:[-?]\s+)*)/.exec(line)?.[1] ?? '';
		if (dashes.replace(/\s/g, '').length > deepest) return index + 1;
		if (line.search(/\S/) > deepest * 8) return index + 1;
	}
	return null;
}

const byPlace = (own: string) => (a: Problem, b: Problem) =>
	Number(b.file === own) - Number(a.file === own) || a.line - b.line;
