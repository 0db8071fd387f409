import { items, number, text, texts } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { dataTypes, regionsOf, spatialFormats } from './regions.ts';
import { tags } from '$lib/dicom/tags.ts';

/** Image Comments (0020,4000). */
const imageComments = '00204000';

/** Views that hanging and pairing know. */
export type View =
	| 'plax'
	| 'rv-inflow'
	| 'rv-outflow'
	| 'psax-av'
	| 'psax-mv'
	| 'psax-pm'
	| 'psax'
	| 'a4c'
	| 'a2c'
	| 'a3c'
	| 'a5c'
	| 'subcostal'
	| 'suprasternal';

export type Mode = '2d' | 'colour' | 'm-mode' | 'pw' | 'cw';

/** CID 12226 (2025b) and the SNOMED-RT codes it replaced. */
const viewOfCode: Record<string, View> = {
	'399139001': 'plax',
	'G-0396': 'plax',
	'443082005': 'rv-inflow',
	'398998003': 'rv-inflow',
	'G-039C': 'rv-inflow',
	'443083000': 'rv-outflow',
	'399195005': 'rv-outflow',
	'G-039D': 'rv-outflow',
	'399306005': 'psax',
	'G-0397': 'psax',
	'399239005': 'psax-av',
	'G-0398': 'psax-av',
	'399371001': 'psax-mv',
	'G-0399': 'psax-mv',
	'399036006': 'psax-mv',
	'G-039A': 'psax-mv',
	'399271003': 'psax-pm',
	'G-039B': 'psax-pm',
	'399214001': 'a4c',
	'G-A19C': 'a4c',
	'130681': 'a4c',
	'130682': 'a4c',
	'399232001': 'a2c',
	'G-A19B': 'a2c',
	'399339008': 'a3c',
	'G-0395': 'a3c',
	'399310008': 'subcostal',
	'G-039E': 'subcostal',
	'399200001': 'subcostal',
	'G-039F': 'subcostal',
	'399106004': 'suprasternal',
	'G-03A0': 'suprasternal',
	'399145009': 'suprasternal',
	'G-03A1': 'suprasternal'
};

/** Free text as sonographers and machines write it; the first that matches wins. */
const viewOfWords: [RegExp, View][] = [
	[/\b(rv ?inflow|rvit)\b/, 'rv-inflow'],
	[/\b(rv ?outflow)\b/, 'rv-outflow'],
	[/\b(p?sax|short axis)\b.*\b(av|aortic|base)\b/, 'psax-av'],
	[/\b(p?sax|short axis)\b.*\b(mv|mitral)\b/, 'psax-mv'],
	[/\b(p?sax|short axis)\b.*\b(pm|pap\w*|mid)\b/, 'psax-pm'],
	[/\b(psax|sax|ps sax|parasternal short axis)\b/, 'psax'],
	[/\b(plax|pla|ps ?lax|lax|parasternal long axis)\b/, 'plax'],
	[/\b(a4c|ap ?4(ch?)?|4 ?ch|4c|apical (four|4))\b/, 'a4c'],
	[/\b(a2c|ap ?2(ch?)?|2 ?ch|2c|apical (two|2))\b/, 'a2c'],
	[/\b(a3c|aplax|ap ?3(ch?)?|3 ?ch|apical (three|3|long))\b/, 'a3c'],
	[/\b(a5c|ap ?5(ch?)?|5 ?ch|apical (five|5))\b/, 'a5c'],
	[/\b(subc\w*|sub ?costal|sc|ivc)\b/, 'subcostal'],
	[/\b(ssn|suprasternal)\b/, 'suprasternal']
];

const fromWords = (said: string): View | null => {
	const words = said.toLowerCase().replace(/[_\-/,&]+/g, ' ');
	return viewOfWords.find(([pattern]) => pattern.test(words))?.[1] ?? null;
};

/** View Code Sequence before View Name before the series' description; null when none says. */
export function viewOf(dataset: DicomJson): View | null {
	const item = items(dataset, tags.ViewCodeSequence)[0];
	const coded = item && (viewOfCode[text(item, tags.CodeValue)] ?? null);
	return (
		coded ??
		fromWords(item ? text(item, tags.CodeMeaning) : '') ??
		fromWords(text(dataset, tags.ViewName)) ??
		fromWords(text(dataset, imageComments)) ??
		fromWords(text(dataset, tags.SeriesDescription))
	);
}

/** What the picture is: from its regions, then from Image Type value 4 (PS3.3 C.8.5.6.1.1). */
export function modeOf(dataset: DicomJson): Mode {
	const regions = regionsOf(dataset);
	const has = (test: (region: (typeof regions)[number]) => boolean) => regions.some(test);
	if (has((r) => r.format === spatialFormats.spectral && r.dataType === dataTypes.cw)) return 'cw';
	if (has((r) => r.format === spatialFormats.spectral)) return 'pw';
	if (has((r) => r.format === spatialFormats.mMode)) return 'm-mode';
	if (has((r) => r.format === spatialFormats.twoD && r.dataType === dataTypes.colour))
		return 'colour';
	const bits = parseInt(texts(dataset, tags.ImageType)[3] ?? '', 16);
	// In other modalities the fourth value is something else.
	const modality = text(dataset, tags.Modality) || 'US';
	if (Number.isNaN(bits) || modality !== 'US') return '2d';
	if (bits & 0x04) return 'cw';
	if (bits & 0x08) return 'pw';
	if (bits & 0x22) return 'm-mode';
	return bits & 0x110 ? 'colour' : '2d';
}

/** The words on the machine, where it wrote some that tell the view. */
export function viewWords(dataset: DicomJson): string | null {
	const item = items(dataset, tags.ViewCodeSequence)[0];
	return text(dataset, tags.ViewName) || (item ? text(item, tags.CodeMeaning) : '') || null;
}

/** Stress echo: stage and view number pair clips of the stages (PS3.17 K). */
export function stageOf(
	dataset: DicomJson
): { name: string | null; number: number | null; view: number | null } | null {
	const name = text(dataset, tags.StageName) || null;
	const stage = number(dataset, tags.StageNumber);
	if (name === null && stage === null) return null;
	return { name, number: stage, view: number(dataset, tags.ViewNumber) };
}
