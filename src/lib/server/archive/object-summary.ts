import { createHash } from 'node:crypto';
import { DomainError } from '$lib/errors.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { identityOf, text } from '$lib/dicom/json.ts';
import type { ParseLimits } from '$lib/dicom/limits.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import type { Part10 } from '$lib/dicom/part10.ts';
import { frameCount, frameSpans, frameSyntax, pixelProblem } from '$lib/dicom/pixel-data.ts';
import { tags } from '$lib/dicom/tags.ts';
import { isUid, isUsableUid } from '$lib/dicom/uid.ts';

/** What an archive needs to know of an object; small beside it, and plain JSON. */
export interface ObjectSummary {
	schema: 1;
	studyUid: string;
	seriesUid: string;
	sopUid: string;
	sopClass: string;
	transferSyntax: string;
	/** SHA-256 (hex) of the file as we keep it: `head` and then the bytes from `bodyOffset`. */
	hash: string;
	/** Of what the object says and shows; the same when only the meta information was rewritten. */
	contentHash: string;
	size: number;
	/** Where in the sent bytes the meta information begins; before it stand 128 zeros and `DICM`. */
	bodyOffset: number;
	frames: number;
	frameSyntax: string;
	/** Pairs of offset and length in the kept file; null when frames must be made by the parser. */
	frameSpans: number[][] | null;
	/** Path of a BulkDataURI → offset and length in the kept file; null when it must be parsed. */
	bulk: Record<string, [offset: number, length: number]> | null;
	/** The data set without pixels; character set is UTF-8; BulkDataURI are the keys of `bulk`. */
	dataset: DicomJson;
	warnings: string[];
}

/** 128 zeros and `DICM`: nothing that someone else put there comes in or goes out (E3). */
export const head = Uint8Array.from([...new Uint8Array(128), 0x44, 0x49, 0x43, 0x4d]);

const refuse = (detail: string) => new DomainError('invalid_input', detail);

function contentHash(part10: Part10): string {
	const hash = createHash('sha256').update(JSON.stringify(part10.dataset));
	const add = (offset: number, length: number) =>
		hash.update(part10.bytes.subarray(offset, offset + length));
	for (const { offset, length } of part10.bulk.values()) add(offset, length);
	const { pixels } = part10;
	if (pixels && 'span' in pixels) add(pixels.span.offset, pixels.span.length);
	else for (const { offset, length } of pixels?.encapsulated.fragments ?? []) add(offset, length);
	return hash.digest('hex');
}

/**
 * Reads an object and judges whether an archive may keep it. Blocking: runs in a worker (E2).
 * @throws DomainError `invalid_input`, `unsupported` or `too_large`; `detail` names what is wrong.
 */
export function summarise(bytes: Uint8Array, limits?: Partial<ParseLimits>): ObjectSummary {
	const part10 = parsePart10(bytes, limits);
	const { dataset, meta, lacks } = part10;
	if (lacks.includes('meta')) {
		throw refuse('The file has no meta information (group 0002). Export it as DICOM Part 10.');
	}
	if (lacks.includes('transferSyntax')) {
		throw refuse('The file does not say its transfer syntax (0002,0010). Export it again.');
	}
	const identity = identityOf(dataset);
	for (const [tag, uid] of [
		['SOP Instance UID (0008,0018)', identity.sopUid],
		['Study Instance UID (0020,000D)', identity.studyUid],
		['Series Instance UID (0020,000E)', identity.seriesUid],
		['SOP Class UID (0008,0016)', identity.sopClass]
	] as const) {
		if (!uid) throw refuse(`${tag} is missing. Correct it at the sender.`);
		if (!isUsableUid(uid)) {
			throw refuse(`${tag} is not a valid UID. Correct it at the sender.`);
		}
		if (!isUid(uid)) part10.warnings.push(`${tag} has a component with a leading zero.`);
	}
	const metaUid = text(meta, tags.MediaStorageSOPInstanceUID);
	const metaClass = text(meta, tags.MediaStorageSOPClassUID);
	if ((metaUid && metaUid !== identity.sopUid) || (metaClass && metaClass !== identity.sopClass)) {
		throw refuse('The meta information names another object than the data set. Export it again.');
	}
	const problem = pixelProblem(part10);
	if (problem) throw refuse(problem);

	const body = bytes.subarray(part10.metaOffset);
	const hash = createHash('sha256').update(head).update(body).digest('hex');
	// Offsets count in the kept file, which begins with the head whatever was sent.
	const shift = head.length - part10.metaOffset;
	const inFile = part10.bytes === bytes;
	const spans = inFile ? frameSpans(part10) : null;
	const plain = [...part10.bulk.values()].every((span) => span.littleEndian);
	return {
		schema: 1,
		...identity,
		transferSyntax: part10.transferSyntax.uid,
		hash,
		contentHash: contentHash(part10),
		size: head.length + body.length,
		bodyOffset: part10.metaOffset,
		frames: frameCount(part10),
		frameSyntax: frameSyntax(part10),
		frameSpans: spans && spans.map((span) => span.map((n, i) => (i % 2 ? n : n + shift))),
		bulk:
			inFile && plain
				? Object.fromEntries(
						[...part10.bulk].map(([path, { offset, length }]) => [path, [offset + shift, length]])
					)
				: null,
		dataset: { ...dataset, [tags.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] } },
		warnings: part10.warnings
	};
}
