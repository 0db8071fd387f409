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
	{ family: 'noto-sans-symbols-2', subset: 'math' },
	{ family: 'noto-sans-symbols-2', subset: 'symbols' }
];

type Loaded = fontkit.Font;
export type Weight = 400 | 700;

export interface Run {
	text: string;
	/** The name under which the font is registered with the document. */
	font: string;
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

/** Which numbered file of Noto Sans JP holds a character; read once from the package's own table. */
let japaneseRanges: { subset: string; ranges: [number, number][] }[] | null = null;
function japaneseSubset(codePoint: number): string | null {
	japaneseRanges ??= Object.entries(
		JSON.parse(
			readFileSync(require.resolve('@fontsource/noto-sans-jp/unicode.json'), 'utf8')
		) as Record<string, string>
	).map(([subset, ranges]) => ({
		subset: subset.replace(/[[\]]/g, ''),
		ranges: ranges.split(',').map((range) => {
			const [from, to] = range.replace('U+', '').split('-');
			const first = parseInt(from ?? '0', 16);
			return [first, to ? parseInt(to, 16) : first];
		})
	}));
	const found = japaneseRanges.find(({ ranges }) =>
		ranges.some(([from, to]) => codePoint >= from && codePoint <= to)
	);
	return found?.subset ?? null;
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
	if (codePoint < 0x2e80) return null;
	const subset = japaneseSubset(codePoint);
	const font = subset === null ? null : load('noto-sans-jp', subset, weight);
	if (!font?.hasGlyphForCodePoint(codePoint)) return null;
	return { key: `noto-sans-jp-${subset}-${weight}`, font };
}

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
			const codePoint = character.codePointAt(0) ?? 0x20;
			const face = codePoint < 0x20 ? null : faceFor(codePoint, weight);
			const font = face ? this.#add(face.key, face.font) : this.base(weight);
			const printed = face || codePoint === 0x0a ? character : codePoint < 0x20 ? ' ' : '?';
			const last = runs.at(-1);
			// A space stays in the run before it: fewer changes, the same look.
			if (last && (last.font === font || character === ' ')) last.text += printed;
			else runs.push({ text: printed, font });
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
