import { DomainError } from '$lib/errors.ts';
import { DatasetReader } from './dataset-reader.ts';
import type { ReadDataset, Span } from './dataset-reader.ts';
import { inflateRaw } from './inflate.ts';
import { text } from './json.ts';
import type { DicomJson } from './json.ts';
import { defaultLimits } from './limits.ts';
import type { ParseLimits } from './limits.ts';
import { tags } from './tags.ts';
import { explicitLittleEndian, implicitLittleEndian, transferSyntaxOf } from './uid.ts';
import type { TransferSyntax } from './uid.ts';

/** A DICOM file (PS3.10) as read. Pixels and long binary values stay where they are, by offset. */
export interface Part10 {
	/** Group 0002. Empty when the file has none. */
	meta: DicomJson;
	/** Without groups 0002 and without pixel data; text decoded; BulkDataURI are keys of `bulk`. */
	dataset: DicomJson;
	transferSyntax: TransferSyntax;
	/** What is missing of the file format, for whoever may not accept that. */
	lacks: ('preamble' | 'meta' | 'transferSyntax')[];
	/** What offsets count in: the file, or the inflated data set. */
	bytes: Uint8Array;
	/** Where the meta information begins in the file, after preamble and `DICM`. */
	metaOffset: number;
	/** Where the data set begins in the file. */
	datasetOffset: number;
	bulk: Map<string, Span>;
	pixels: ReadDataset['pixels'];
	/** Oddities that were read over, in words. */
	warnings: string[];
}

const isMagic = (bytes: Uint8Array, at: number) =>
	bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;

const uint16 = (bytes: Uint8Array, at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

/** Two capitals where an explicit VR would stand. */
const looksExplicit = (bytes: Uint8Array, at: number) =>
	/^[A-Z]{2}$/.test(String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0));

/** Where group 0002 ends: walked, because its stated length is often missing or wrong. */
function endOfMeta(bytes: Uint8Array, start: number): number {
	let at = start;
	while (at + 8 <= bytes.length && uint16(bytes, at) === 0x0002) {
		if (!looksExplicit(bytes, at)) {
			throw new DomainError(
				'invalid_input',
				'The file meta information is damaged. Send it again.'
			);
		}
		const vr = String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!);
		const long = vr === 'OB' || vr === 'UN' || vr === 'OW' || vr === 'UT';
		const length = long
			? uint16(bytes, at + 8) + uint16(bytes, at + 10) * 0x10000
			: uint16(bytes, at + 6);
		at += (long ? 12 : 8) + length;
	}
	if (at > bytes.length) {
		throw new DomainError(
			'invalid_input',
			'The file ends within its meta information. Send it again.'
		);
	}
	return at;
}

/** Where the meta information begins, or the data set when the file has none. */
function findStart(bytes: Uint8Array): { start: number; preamble: boolean } {
	if (bytes.length >= 132 && isMagic(bytes, 128)) return { start: 132, preamble: true };
	if (bytes.length >= 16) {
		const group = uint16(bytes, 0);
		const element = uint16(bytes, 2);
		if (isMagic(bytes, 0)) return { start: 4, preamble: false };
		// (0002,xxxx) or (0008,00xx) first: a file without preamble. Nothing else begins a data set.
		if (group === 0x0002 && looksExplicit(bytes, 0)) return { start: 0, preamble: false };
		if (group === 0x0008 && element <= 0x0018) return { start: 0, preamble: false };
	}
	throw new DomainError(
		'invalid_input',
		bytes.length === 0
			? 'The file is empty.'
			: 'This is not a DICOM file: “DICM” is not at byte 128. Export it as DICOM (Part 10).'
	);
}

/**
 * Reads a DICOM file without copying its pixels. Text is decoded by Specific Character Set, also
 * inside sequences; VRs that the file does not give come from PS3.6.
 *
 * Total in time and depth: everything that the bytes claim is checked against `limits` and against
 * what is there. Read over with a warning: no preamble, no meta information, a wrong meta length,
 * elements out of order, unknown VRs and character sets.
 * @throws DomainError `invalid_input` (not DICOM, cut off, damaged), `unsupported` (transfer
 * syntax), `too_large` (grows beyond the limits); `detail` says what is wrong and what to do.
 */
export function parsePart10(bytes: Uint8Array, limits: Partial<ParseLimits> = {}): Part10 {
	const bounds = { ...defaultLimits, ...limits };
	const lacks: Part10['lacks'] = [];
	const { start, preamble } = findStart(bytes);
	if (!preamble) lacks.push('preamble');
	const datasetOffset = endOfMeta(bytes, start);
	const meta =
		datasetOffset > start
			? new DatasetReader({ ...bounds, stopAfter: '' }).read(
					bytes.subarray(0, datasetOffset),
					start,
					{
						explicit: true,
						littleEndian: true
					}
				).dataset
			: {};
	if (datasetOffset === start) lacks.push('meta');

	const stated = text(meta, tags.TransferSyntaxUID);
	if (!stated) lacks.push('transferSyntax');
	const guessed = looksExplicit(bytes, datasetOffset) ? explicitLittleEndian : implicitLittleEndian;
	const syntax = transferSyntaxOf(stated || guessed);
	if (!syntax) {
		throw new DomainError(
			'unsupported',
			`Transfer syntax ${stated.slice(0, 64)} is not known. Convert to Explicit VR Little Endian.`
		);
	}
	if (bytes.length - datasetOffset < 8) {
		throw new DomainError('invalid_input', 'The file has no data set. Send it again.');
	}
	let content = bytes;
	let position = datasetOffset;
	if (syntax.deflated) {
		const deflated = bytes.subarray(datasetOffset);
		const most = Math.max(1024 * 1024, deflated.length * bounds.maxInflateRatio);
		content = inflateRaw(deflated, Math.min(bounds.maxInflatedBytes, most));
		position = 0;
	}
	const read = new DatasetReader(bounds).read(content, position, syntax);
	return {
		meta,
		dataset: read.dataset,
		transferSyntax: syntax,
		lacks,
		bytes: content,
		metaOffset: start,
		datasetOffset,
		bulk: read.bulk,
		pixels: read.pixels,
		warnings: read.warnings
	};
}
