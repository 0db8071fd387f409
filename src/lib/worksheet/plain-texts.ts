import type { Located, Path, Problem } from './source-files.ts';

/** Parts of a file that are expressions: `a <b and c> d` is no markup. Their own parser judges them. */
const expressions = new Set([
	'when',
	'visibleWhen',
	'unless',
	'expression',
	'if',
	'expr',
	'appliesWhen',
	'mustHold',
	'slots',
	'conclusion',
	'abnormal'
]);

const markup = /<\/?[a-z!][^<>]*>|<script|javascript:|\bon[a-z]+\s*=\s*["']/i;

/** C13: texts are shown as they are written; what looks like markup or a script is refused. */
export function findMarkup(value: unknown, path: Path = []): { path: Path; text: string }[] {
	if (typeof value === 'string') {
		const found = markup.exec(value);
		return found ? [{ path, text: found[0].slice(0, 40) }] : [];
	}
	if (Array.isArray(value))
		return value.flatMap((each, index) => findMarkup(each, [...path, index]));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, each]) => [
		...findMarkup(key, path),
		...(expressions.has(key) && typeof each !== 'boolean' ? [] : findMarkup(each, [...path, key]))
	]);
}

/** The same as problems of a file. */
export function markupIn({ value, file, line }: Located<unknown>): Problem[] {
	return findMarkup(value).map(({ path, text }) => ({
		file,
		line: line(path),
		what: `"${text}" is markup`,
		remedy: 'Texts are shown as they are written: use plain words.'
	}));
}
