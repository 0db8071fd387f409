// Writes messages/x-pseudo.json from messages/en.json: `node scripts/pseudo-locale.mjs [--check]`.
// Every text is accented, bracketed and a third longer, so that a literal in the markup, a text cut
// off by its box and a sentence glued together from pieces show at a glance.
import { readFileSync, writeFileSync } from 'node:fs';

const accents = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', y: 'ý', c: 'ç', n: 'ñ', s: 'š', z: 'ž' };
Object.assign(
	accents,
	Object.fromEntries(Object.entries(accents).map(([k, v]) => [k.toUpperCase(), v.toUpperCase()]))
);

/** Places in braces stay as they are. */
export function pseudo(text) {
	const accented = text.replace(/\{[^}]*\}|[a-z]/gi, (part) => accents[part] ?? part);
	const letters = text.replace(/\{[^}]*\}/g, '').length;
	return `[${accented}${'~'.repeat(Math.ceil(letters / 3))}]`;
}

function pseudoValue(value) {
	if (typeof value === 'string') return pseudo(value);
	if (Array.isArray(value)) return value.map(pseudoVariant);
	return value;
}
// Plural forms: `{ declarations, selectors, match: { "count=one": "…" } }`.
function pseudoVariant(variant) {
	if (typeof variant !== 'object' || variant === null || !variant.match) return variant;
	const match = Object.fromEntries(
		Object.entries(variant.match).map(([key, text]) => [key, pseudo(text)])
	);
	return { ...variant, match };
}

export function pseudoMessages(messages) {
	return Object.fromEntries(
		Object.entries(messages).map(([key, value]) =>
			key.startsWith('$') ? [key, value] : [key, pseudoValue(value)]
		)
	);
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split('/').pop() ?? '')) {
	const wanted = `${JSON.stringify(pseudoMessages(JSON.parse(readFileSync('messages/en.json', 'utf8'))), null, '\t')}\n`;
	const file = 'messages/x-pseudo.json';
	if (!process.argv.includes('--check')) writeFileSync(file, wanted);
	else if (readFileSync(file, 'utf8') !== wanted) {
		console.error(`${file} is not what messages/en.json makes: run node scripts/pseudo-locale.mjs`);
		process.exit(1);
	}
}
