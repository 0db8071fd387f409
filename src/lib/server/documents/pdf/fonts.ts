import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as fontkit from 'fontkit';
import type PDFDocument from 'pdfkit';

/** A font file of Noto Sans; each covers some scripts. */
interface Face {
	family: string;
	subset: string;
}

/** In the order in which a glyph is looked for. */
const faces: Face[] = [
	{ family: 'noto-sans', subset: 'latin' },
	{ family: 'noto-sans', subset: 'latin-ext' },
	{ family: 'noto-sans', subset: 'greek' },
	{ family: 'noto-sans', subset: 'cyrillic' },
	{ family: 'noto-sans', subset: 'vietnamese' },
	{ family: 'noto-sans', subset: 'greek-ext' },
	{ family: 'noto-sans', subset: 'cyrillic-ext' },
	{ family: 'noto-sans', subset: 'devanagari' },
	{ family: 'noto-sans-arabic', subset: 'arabic' },
	{ family: 'noto-sans-hebrew', subset: 'hebrew' },
	{ family: 'noto-sans-thai', subset: 'thai' },
	// "≤" and "≥" stand in no text face of the family: without this file a bound loses its sign.
	{ family: 'noto-sans-math', subset: 'latin' },
	{ family: 'noto-sans-symbols-2', subset: 'math' },
	{ family: 'noto-sans-symbols-2', subset: 'symbols' }
];

type Loaded = fontkit.Font;
export type Weight = 400 | 700;

export interface Run {
	text: string;
	/** The name under which the font is registered with the document. */
	font: string;
	/** A superscript that the font does not have. */
	raised: boolean;
}

const require = createRequire(import.meta.url);
const loaded = new Map<string, Loaded | null>();

function load(family: string, subset: string, weight: Weight): Loaded | null {
	const key = `${family}-${subset}-${weight}`;
	const known = loaded.get(key);
	if (known !== undefined) return known;
	let font: Loaded | null = null;
	try {
		const folder = dirname(require.resolve(`@fontsource/${family}/package.json`));
		font = fontkit.create(
			readFileSync(join(folder, 'files', `${key}-normal.woff`))
		) as fontkit.Font;
	} catch {
		// Symbols come in one weight only; the regular one serves both.
		if (weight === 700) font = load(family, subset, 400);
	}
	loaded.set(key, font);
	return font;
}

/** Ideographs and syllables come in numbered files; Japanese forms first, as the family does. */
const eastAsian = ['noto-sans-jp', 'noto-sans-sc', 'noto-sans-kr'];

type Ranges = { subset: string; ranges: [number, number][] }[];
const tables = new Map<string, Ranges>();

/** The package's own table of which numbered file holds which characters; read once. */
function rangesOf(family: string): Ranges {
	let table = tables.get(family);
	if (!table) {
		const path = require.resolve(`@fontsource/${family}/unicode.json`);
		const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
		table = Object.entries(json).map(([subset, ranges]) => ({
			subset: subset.replace(/[[\]]/g, ''),
			ranges: ranges.split(',').map((range) => {
				const [from, to] = range.replace('U+', '').split('-');
				const first = parseInt(from ?? '0', 16);
				return [first, to ? parseInt(to, 16) : first];
			})
		}));
		tables.set(family, table);
	}
	return table;
}

type Found = { key: string; font: Loaded } | null;
const found = new Map<number, Found>();

/** Remembered for good: a report asks for the same few characters thousands of times. */
function faceFor(codePoint: number, weight: Weight): Found {
	const place = codePoint * 1000 + weight;
	let face = found.get(place);
	if (face === undefined) found.set(place, (face = findFace(codePoint, weight)));
	return face;
}

function findFace(codePoint: number, weight: Weight): Found {
	for (const { family, subset } of faces) {
		const font = load(family, subset, weight);
		if (font?.hasGlyphForCodePoint(codePoint))
			return { key: `${family}-${subset}-${weight}`, font };
	}
	if (codePoint < 0x1100) return null;
	for (const family of eastAsian) {
		const subset = rangesOf(family).find(({ ranges }) =>
			ranges.some(([from, to]) => codePoint >= from && codePoint <= to)
		)?.subset;
		const font = subset === undefined ? null : load(family, subset, weight);
		if (font?.hasGlyphForCodePoint(codePoint)) {
			return { key: `${family}-${subset}-${weight}`, font };
		}
	}
	return null;
}

/** Direction marks and joiners without a glyph: they would print as "?" and mean nothing on paper. */
const invisible = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
/** Superscript digits that no face has: drawn as small raised digits. */
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Fonts of one document: parsed once a process, registered once a document, embedded as subsets. */
export class FontBook {
	readonly #doc: InstanceType<typeof PDFDocument>;
	readonly #registered = new Set<string>();

	constructor(doc: InstanceType<typeof PDFDocument>) {
		this.#doc = doc;
	}

	/** The font of plain Latin text. */
	base(weight: Weight): string {
		return this.#register({ family: 'noto-sans', subset: 'latin' }, weight);
	}

	/** Splits text where the font must change. A character that no font has is printed as "?". */
	runs(text: string, weight: Weight): Run[] {
		const runs: Run[] = [];
		for (const character of text) {
			if (invisible.test(character)) continue;
			const codePoint = character.codePointAt(0) ?? 0x20;
			const face = codePoint < 0x20 ? null : faceFor(codePoint, weight);
			const font = face ? this.#add(face.key, face.font) : this.base(weight);
			const digit = face ? -1 : superscripts.indexOf(character);
			const raised = digit >= 0;
			const printed = face ? character : raised ? String(digit) : codePoint < 0x20 ? ' ' : '?';
			const last = runs.at(-1);
			// A space stays in the run before it: fewer changes, the same look.
			const joins = last?.font === font || character === ' ';
			if (last && joins && last.raised === raised) last.text += printed;
			else runs.push({ text: printed, font, raised });
		}
		return runs;
	}

	#register(face: Face, weight: Weight): string {
		const font = load(face.family, face.subset, weight);
		if (!font) throw new Error(`font package @fontsource/${face.family} is not installed`);
		return this.#add(`${face.family}-${face.subset}-${weight}`, font);
	}

	#add(key: string, font: Loaded): string {
		if (!this.#registered.has(key)) {
			// PDFKit takes a parsed fontkit font; its types only know files and bytes.
			this.#doc.registerFont(key, font as unknown as string);
			this.#registered.add(key);
		}
		return key;
	}
}
