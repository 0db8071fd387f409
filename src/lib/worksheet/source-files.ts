/** Reads the files below `worksheets/` and knows where each part of them stands. */
import { CORE_SCHEMA, YAMLException, load } from 'js-yaml';
import { LineCounter, isNode, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { longestFile } from './check-limits.ts';

/** What is wrong with a file, for the person who edits it. */
export interface Problem {
	file: string;
	line: number;
	what: string;
	remedy: string;
}

export type Path = readonly (string | number)[];

/** A part of a file that knows where it stands. */
export interface Located<T> {
	value: T;
	file: string;
	/** Line of this part, or of something inside it. */
	line(path?: Path): number;
}

/** Parses a file and tells what does not fit its schema, each with its line. */
export function parseFile<T>(
	file: string,
	text: string,
	schema: z.ZodType<T>
): { located: Located<T> | null; problems: Problem[] } {
	if (text.length > longestFile) return { located: null, problems: [tooLong(file, text)] };
	const { content, lineOf, problems } = readText(file, text);
	if (problems.length > 0) return { located: null, problems };
	const parsed = schema.safeParse(content);
	if (parsed.success) {
		const located = { value: parsed.data, file, line: (path: Path = []) => lineOf(path) };
		return { located, problems: [] };
	}
	const misfits = parsed.error.issues.map((issue) => {
		const path = issue.path.filter((part) => typeof part !== 'symbol');
		return {
			file,
			line: lineOf(path),
			what: `${path.join('.') || 'the file'}: ${issue.message}`,
			remedy: 'Compare with a neighbouring entry; docs/worksheet-spec.md lists every key.'
		};
	});
	return { located: null, problems: misfits };
}

/** C1: judged before a parser sees it. */
function tooLong(file: string, text: string): Problem {
	const line = text.slice(0, longestFile).split('\n').length;
	const what = `goes on beyond ${longestFile.toLocaleString('en')} characters`;
	return { file, line, what, remedy: 'Take it apart into several files.' };
}

interface Reading {
	content: unknown;
	lineOf(path: Path): number;
	problems: Problem[];
}

/** Reading YAML is by far the dearest step, and between two checks most files stay as they are. */
const lastRead = new Map<string, { text: string; reading: Reading }>();

function readText(file: string, text: string): Reading {
	const last = lastRead.get(file);
	if (last?.text === text) return last.reading;
	const reading = file.endsWith('.json') ? readJson(file, text) : readYaml(file, text);
	lastRead.set(file, { text, reading });
	return reading;
}

/**
 * Read with the fast parser; only when something is wrong is the file read once more by the one that
 * knows the line of everything.
 */
function readYaml(file: string, text: string): Reading {
	let placed: Reading | undefined;
	const withPlaces = () => (placed ??= readYamlWithPlaces(file, text));
	if (/(^|[\s,[{])\*[^\s,\]}]/m.test(text) && withPlaces().problems.length > 0) return withPlaces();
	try {
		const content: unknown = load(text, { schema: CORE_SCHEMA });
		return { content, lineOf: (path) => withPlaces().lineOf(path), problems: [] };
	} catch (error) {
		if (!(error instanceof YAMLException)) throw error;
		const { problems } = withPlaces();
		if (problems.length > 0) return withPlaces();
		const line = (error.mark as { line?: number } | undefined)?.line ?? 0;
		const remedy = 'Check the indentation, the brackets and the quotes around this line.';
		return {
			content: null,
			lineOf: withPlaces().lineOf,
			problems: [{ file, line: line + 1, what: error.reason, remedy }]
		};
	}
}

function readYamlWithPlaces(file: string, text: string): Reading {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines });
	const lineOf = (path: Path): number => {
		for (let length = path.length; length > 0; length--) {
			const node: unknown = document.getIn(path.slice(0, length), true);
			const range = (node as { range?: [number, number, number] } | undefined)?.range;
			if (range) return lines.linePos(range[0]).line;
		}
		return 1;
	};
	const problems = document.errors.map((error) => ({
		file,
		line: error.linePos?.[0].line ?? 1,
		what: error.message.split('\n')[0] ?? 'cannot be read',
		remedy: 'Check the indentation, the brackets and the quotes around this line.'
	}));
	const nested = aliasInAnchor(document);
	if (nested !== null) {
		const what = 'an alias (*) within what has an anchor (&)';
		const line = lines.linePos(nested).line;
		problems.push({ file, line, what, remedy: 'Write out what it stands for.' });
	}
	return { content: null, lineOf, problems };
}

/** Where an alias stands for more aliases: a few lines of those make gigabytes. */
function aliasInAnchor(document: Document): number | null {
	let place: number | null = null;
	visit(document, {
		Alias: (_, alias, path) => {
			if (!path.some((node) => isNode(node) && 'anchor' in node && node.anchor)) return undefined;
			place = alias.range?.[0] ?? 0;
			return visit.BREAK;
		}
	});
	return place;
}

/** The dictionary is written one row a line below a first line, which tells where a row stands. */
function readJson(file: string, text: string): Reading {
	const lineOf = (path: Path) => (typeof path[1] === 'number' ? path[1] + 2 : 1);
	try {
		return { content: JSON.parse(text), lineOf, problems: [] };
	} catch (error) {
		const what = error instanceof Error ? error.message : 'cannot be read';
		const remedy = 'Check commas, quotes and brackets.';
		return { content: null, lineOf, problems: [{ file, line: 1, what, remedy }] };
	}
}

/** Each item of a list file with its own place. */
export function locateItems<T>(list: Located<readonly T[]>): Located<T>[] {
	return list.value.map((value, index) => ({
		value,
		file: list.file,
		line: (path = []) => list.line([index, ...path])
	}));
}
