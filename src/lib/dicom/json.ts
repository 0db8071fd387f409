import { tags } from './tags.ts';

export interface DicomElement {
	vr: string;
	Value?: unknown[];
	InlineBinary?: string;
	BulkDataURI?: string;
}

/** DICOM JSON Model (PS3.18 F): `{ "00100010": { vr: "PN", Value: [...] } }`. */
export type DicomJson = Record<string, DicomElement>;

/** A person's name as the JSON model holds it: up to three writings of one name. */
export interface PersonName {
	Alphabetic?: string;
	Ideographic?: string;
	Phonetic?: string;
}

/** The values of an element, `[]` when it is missing or empty. */
export function values(dataset: DicomJson, tag: string): unknown[] {
	const found = Object.hasOwn(dataset, tag) ? dataset[tag]?.Value : undefined;
	return Array.isArray(found) ? found : [];
}

const asText = (value: unknown): string =>
	typeof value === 'string'
		? value
		: typeof value === 'number'
			? String(value)
			: value && typeof value === 'object' && 'Alphabetic' in value
				? String(value.Alphabetic ?? '')
				: '';

/** The first value as text, trimmed; '' when missing. Of a name its alphabetic writing. */
export function text(dataset: DicomJson, tag: string): string {
	return asText(values(dataset, tag)[0]).trim();
}

/** All values as trimmed text; an empty one between others is ''. */
export function texts(dataset: DicomJson, tag: string): string[] {
	return values(dataset, tag).map((value) => asText(value).trim());
}

const asNumber = (value: unknown): number | null => {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value !== 'string' || value.trim() === '') return null;
	const parsed = Number(value);
	return Number.isFinite(parsed) ? parsed : null;
};

/** The first value as a finite number; null when missing or not one. */
export function number(dataset: DicomJson, tag: string): number | null {
	return asNumber(values(dataset, tag)[0]);
}

/** All values as numbers; null for each that is none. */
export function numbers(dataset: DicomJson, tag: string): (number | null)[] {
	return values(dataset, tag).map(asNumber);
}

/** The items of a sequence, `[]` when missing. */
export function items(dataset: DicomJson, tag: string): DicomJson[] {
	return values(dataset, tag).filter(
		(item): item is DicomJson => typeof item === 'object' && item !== null
	);
}

/** The three writings of a name; each '' when absent. */
export function personName(
	dataset: DicomJson,
	tag: string
): { alphabetic: string; ideographic: string; phonetic: string } {
	const value = values(dataset, tag)[0];
	const name: PersonName =
		typeof value === 'string' ? { Alphabetic: value } : ((value as PersonName | undefined) ?? {});
	return {
		alphabetic: name.Alphabetic ?? '',
		ideographic: name.Ideographic ?? '',
		phonetic: name.Phonetic ?? ''
	};
}

/** What identifies an object. Empty strings where it says nothing. */
export function identityOf(dataset: DicomJson) {
	return {
		studyUid: text(dataset, tags.StudyInstanceUID),
		seriesUid: text(dataset, tags.SeriesInstanceUID),
		sopUid: text(dataset, tags.SOPInstanceUID),
		sopClass: text(dataset, tags.SOPClassUID)
	};
}
