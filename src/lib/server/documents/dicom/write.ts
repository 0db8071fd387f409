import dcmjs from 'dcmjs';
import { DomainError } from '$lib/errors.ts';

/** A dataset in dcmjs's naturalised form: keyword -> value, sequences as arrays of the same. */
export type Naturalized = { [keyword: string]: unknown };

/** Ours, derived from a fixed UUID (PS3.5 B.2). */
export const implementationClassUid = '2.25.232806424951207348128913268462415297410';
export const implementationVersionName = 'READROOM_0';
const explicitLittleEndian = '1.2.840.10008.1.2.1';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

/** Longest value by VR (PS3.5 6.2); dcmjs cuts longer ones with a warning on the console only. */
const longest: Record<string, number> = {
	SH: 16,
	LO: 64,
	CS: 16,
	DS: 16,
	IS: 12,
	UI: 64,
	ST: 1024
};

/** Names what would be cut or dropped before it is: a signed object is written whole or not at all. */
function check(dataset: Naturalized, path: string): void {
	for (const [keyword, value] of Object.entries(dataset)) {
		if (keyword === '_meta' || keyword === '_vrMap') continue;
		const entry = DicomMetaDictionary.nameMap[keyword];
		if (!entry) throw new DomainError('internal', `unknown DICOM keyword ${path}${keyword}`);
		const values = Array.isArray(value) ? value : [value];
		for (const item of values) {
			if (entry.vr === 'SQ') {
				if (item && typeof item === 'object') check(item as Naturalized, `${path}${keyword}.`);
				continue;
			}
			const limit = longest[entry.vr];
			if (limit !== undefined && typeof item === 'string' && item.length > limit) {
				throw new DomainError(
					'internal',
					`${path}${keyword} is longer than its VR ${entry.vr} allows`
				);
			}
		}
	}
}

/** Writes a Part 10 file, Explicit VR Little Endian, text in UTF-8, preamble of zeros (E3). */
export function writePart10(dataset: Naturalized): Uint8Array {
	check(dataset, '');
	const meta = {
		FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
		MediaStorageSOPClassUID: dataset['SOPClassUID'],
		MediaStorageSOPInstanceUID: dataset['SOPInstanceUID'],
		TransferSyntaxUID: explicitLittleEndian,
		ImplementationClassUID: implementationClassUid,
		ImplementationVersionName: implementationVersionName
	};
	const dict = new DicomDict(DicomMetaDictionary.denaturalizeDataset({ ...meta, _vrMap: {} }));
	dict.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
	return new Uint8Array(dict.write({ allowInvalidVRLength: false }));
}

/** DS has room for 16 characters; a number that needs more is rounded, never cut. */
export function decimalString(value: number): string {
	const plain = String(value);
	if (plain.length <= 16 && !plain.includes('e')) return plain;
	for (let digits = 15; digits > 0; digits--) {
		const shorter = String(Number(value.toPrecision(digits)));
		if (shorter.length <= 16) return shorter;
	}
	throw new DomainError('internal', 'a number does not fit a decimal string');
}

/** Text as SR takes it: no control characters but line breaks, which are CR LF. */
export function cleanText(value: string): string {
	return value
		.replace(/\r\n?|\n/g, '\n')
		.replace(/\t/g, ' ')
		.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, '')
		.replace(/\n/g, '\r\n')
		.trim();
}

/** Text as a Long String takes it (PS3.5 6.2): one value of 64 characters, none of them a control. */
export function longString(value: string): string {
	const plain = value.replace(/[\u0000-\u001f\u007f\\]+/g, ' ').trim();
	return [...plain].slice(0, 64).join('').trimEnd();
}
