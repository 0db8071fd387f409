import type { Readable } from 'node:stream';
import type { DicomJson } from '$lib/dicom/json.ts';
import type { ArchiveId, InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';

export type { DicomJson } from '$lib/dicom/json.ts';

export type SearchLevel = 'studies' | 'series' | 'instances';

export interface Search {
	level: SearchLevel;
	/** Narrowed by path: `/studies/{uid}/series`. */
	studyUid?: StudyUid;
	seriesUid?: SeriesUid;
	/** Keyword or tag → value as in QIDO-RS; already checked against our list. */
	filters: Record<string, string>;
	includeFields: string[];
	limit: number;
	offset: number;
}

export interface InstanceRef {
	studyUid: StudyUid;
	seriesUid: SeriesUid;
	sopUid: InstanceUid;
}

export interface Payload {
	contentType: string;
	/** Null when the archive did not say. */
	length: number | null;
	/** Strong validator of ours, the hash of the content, without quotes; null when there is none. */
	etag: string | null;
	body: Readable;
}

/** One frame as stored or, when `*` could not be had, decoded by the archive. */
export interface FramePart {
	contentType: string;
	transferSyntax: string;
	bytes: Uint8Array;
	/** The same bytes in the pieces in which they came, where joining them would be a copy. */
	chunks?: readonly Buffer[];
}

export type StoreOutcome =
	/** `hash` is SHA-256 (hex) of the bytes as the archive now holds them. */
	| {
			status: 'stored';
			ref: InstanceRef;
			sopClass: string;
			hash: string;
			/** The archive changed the data set or the pixels while storing, as some are set up to. */
			coerced?: true;
	  }
	/** The same bytes were there. Nothing changed. */
	| { status: 'duplicate'; ref: InstanceRef; sopClass: string; hash: string }
	/** Nothing of it was kept. `reason` names what is wrong and what to do; no patient data. */
	| {
			status: 'rejected';
			sopUid: string | null;
			sopClass: string | null;
			/** PS3.18 failure reason, decimal (0xC000 … ). */
			failureReason: number;
			reason: string;
	  };

/**
 * Where images live. Two adapters, `embedded-archive.ts` (Part 10 files in the data folder) and
 * `dicomweb-archive.ts` (any DICOMweb server), pass one suite: `tests/contract/archive.ts`.
 *
 * Every method: authorise before calling (D3), UIDs are already checked (D2), `signal` cuts it off.
 * Throws `not_found` for what the archive does not hold, `archive_unavailable` when it is away, slow
 * or half-answering (D7), `archive_answer_wrong` when what came back is not what was asked (D3).
 * Trap: Orthanc 1.10 ignores filters that it does not know and answers with everything, and keeps
 * the first copy of a re-sent UID with a 200; adapters re-apply filters and compare hashes.
 */
export interface Archive {
	readonly id: ArchiveId;
	readonly kind: 'embedded' | 'dicomweb';

	/** DICOM JSON per match, every filter re-applied by the adapter. */
	search(search: Search, signal?: AbortSignal): Promise<DicomJson[]>;

	/** Without group 0002 and without bulk values over 1 KiB; BulkDataURI are relative to the study. */
	metadata(
		studyUid: StudyUid,
		seriesUid?: SeriesUid,
		sopUid?: InstanceUid,
		signal?: AbortSignal
	): Promise<DicomJson[]>;

	/** The Part 10 file, in the transfer syntax in which it is stored, preamble zeroed (E3). */
	instance(ref: InstanceRef, signal?: AbortSignal): Promise<Payload>;

	/** `numbers` from 1, ascending. In the stored transfer syntax. */
	frames(ref: InstanceRef, numbers: number[], signal?: AbortSignal): Promise<FramePart[]>;

	/** A JPEG or PNG of one frame; `width` bounds the longer side. */
	rendered(
		ref: InstanceRef,
		options: { frame?: number; width?: number; type?: 'image/jpeg' | 'image/png' },
		signal?: AbortSignal
	): Promise<Payload>;

	/** `path` is what followed the instance in the BulkDataURI we gave. */
	bulkdata(ref: InstanceRef, path: string, signal?: AbortSignal): Promise<Payload>;

	/**
	 * One outcome per object, in order. `expected.studyUid`: another study is refused. The same SOP
	 * UID with other bytes is refused, never replaced. An object is there whole or not at all (N6).
	 */
	store(
		objects: Uint8Array[],
		expected?: { studyUid?: StudyUid },
		signal?: AbortSignal
	): Promise<StoreOutcome[]>;

	/** Throws `archive_unavailable` when it is away. */
	ping(signal?: AbortSignal): Promise<void>;
}
