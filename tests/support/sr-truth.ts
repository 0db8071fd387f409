/** Structured reports of which every item is known: what populating makes of them, against the truth. */
import { readFileSync } from 'node:fs';
import { parsePart10 } from '$lib/dicom/part10.ts';
import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { populate } from '$lib/report/populate.ts';
import type { Entry } from '$lib/worksheet/entry.ts';
import { convert } from '$lib/worksheet/units.ts';
import { corpusPath } from './corpus-path.ts';
import { wholeSheet } from '../unit/report/populate-sheet.ts';

const corpusFile = (path: string) => new Uint8Array(readFileSync(corpusPath(path)));
const corpusJson = <T>(path: string): T => JSON.parse(readFileSync(corpusPath(path), 'utf8')) as T;

export interface TruthItem {
	contentPath: string;
	valueType: string;
	value: number;
	unit: string;
	key: string | null;
	measurementId: string | null;
	context: { name: { meaning: string }; code?: { meaning: string } }[];
	coordinates?: { sopInstanceUID: string; frame: number | null; points: number }[];
}
export interface Truth {
	file: string;
	items: TruthItem[];
}

const sheet = wholeSheet();
const synthetic = 'synthetic';
const at = '2026-03-12T12:00:00.000Z';

export const read = (path: string): SrDocument =>
	readSr(parsePart10(corpusFile(`${synthetic}/${path}`)).dataset);
export const truthOf = (folder: string): Truth[] => {
	const { sr } = corpusJson<{ sr: Truth | Truth[] }>(`${synthetic}/${folder}/truth.json`);
	return Array.isArray(sr) ? sr : [sr];
};

/** Every value of the machine's in the sheet: field, value and entry by content path. */
export function placed(document: SrDocument) {
	const { entries, unmapped, warnings } = populate({
		worksheet: sheet,
		documents: [document],
		headers: [],
		patient: null,
		at
	});
	const byPath = new Map<string, { field: string; value: unknown; entry: Entry }>();
	for (const [field, list] of Object.entries(entries))
		for (const entry of list)
			for (const { source, value } of [entry, ...entry.samples])
				if (source.kind === 'sr') byPath.set(source.contentPath, { field, value, entry });
	return { byPath, entries, unmapped, warnings };
}

/** The field that an item belongs into; sides and vessels are part of a carotid field's id. */
export function fieldOf(item: TruthItem): string {
	const side = item.context.find(({ name }) => name.meaning === 'Laterality')?.code?.meaning;
	const vessel = /^[LR]-(.+)-RI$/.exec(item.key ?? '')?.[1];
	const site = vessel?.toLowerCase().replace('va', 'vert').replace('proximal', 'prox');
	return [
		item.measurementId,
		site?.replace('distal', 'dist').replace('-', '_'),
		side?.toLowerCase()
	]
		.filter(Boolean)
		.join('_');
}

export function judge(document: SrDocument, items: readonly TruthItem[]) {
	const { byPath, ...rest } = placed(document);
	const units = new Map(Object.values(sheet.measurements).map((one) => [one.id, one.unit]));
	let named = 0;
	const wrong: string[] = [];
	for (const item of items.filter((one) => one.valueType === 'NUM')) {
		const found = byPath.get(item.contentPath);
		if (item.measurementId === null) continue;
		named += 1;
		const unit = units.get(item.measurementId);
		const expected = unit ? convert(item.value, item.unit, unit) : null;
		const isRight =
			found?.field === fieldOf(item) &&
			expected !== null &&
			typeof found.value === 'number' &&
			Math.abs(found.value - expected) <= 1e-9 * Math.abs(expected);
		if (!isRight)
			wrong.push(`${item.contentPath} ${fieldOf(item)} ${expected}: ${JSON.stringify(found)}`);
	}
	return { named, wrong, byPath, ...rest };
}
