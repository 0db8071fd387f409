import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import { number, text } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import {
	explicitLittleEndian,
	implicitLittleEndian,
	isUsableUid,
	transferSyntaxOf
} from '$lib/dicom/uid.ts';
import { readMediaType } from '../dicomweb/accept.ts';
import { partsOf, readHeaders } from '../dicomweb/multipart.ts';
import type {
	Archive,
	DicomJson,
	FramePart,
	InstanceRef,
	Payload,
	Search,
	StoreOutcome
} from './archive.ts';
import { elementAt, withOurUris } from './answer-json.ts';
import {
	boundaryOf,
	checkUids,
	contentOf,
	DicomWebRequests,
	gone,
	instancePath,
	MiB,
	wrong
} from './dicomweb-requests.ts';
import { DicomWebStore } from './dicomweb-store.ts';
import type { ArchiveHttp, HttpAnswer } from './http-client.ts';
import { readAll, readChunks } from './http-client.ts';
import { defaultMaxObjectBytes, judgeObject } from './judge-object.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { ParsePool } from './parse-pool.ts';
import { bytesPayload } from './payload.ts';
import { RemoteSearch } from './remote-search.ts';
import type { RenderOptions } from './render.ts';
import { singlePart } from './single-part.ts';

export interface DicomWebArchiveOptions {
	id: ArchiveId;
	http: ArchiveHttp;
	pool: ParsePool;
	/** Objects over this many bytes are neither taken nor given. */
	maxObjectBytes?: number;
}

const maxPictureBytes = 32 * MiB;
const framesAsStored = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const octets = 'application/octet-stream';
const nothing = new Uint8Array();
/** The same memory, as what the port promises. */
const plain = (bytes: Uint8Array) =>
	new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bigEndian = '1.2.840.10008.1.2.2';

/** Any DICOMweb server (PS3.18), asked in the ways that all of them understand. */
export class DicomWebArchive implements Archive {
	readonly kind = 'dicomweb';
	readonly id: ArchiveId;
	readonly #requests: DicomWebRequests;
	readonly #pool: ParsePool;
	readonly #search: RemoteSearch;
	readonly #store: DicomWebStore;
	readonly #turns = new OneAtATime();

	constructor(options: DicomWebArchiveOptions) {
		const maxObjectBytes = options.maxObjectBytes ?? defaultMaxObjectBytes;
		this.id = options.id;
		this.#pool = options.pool;
		this.#requests = new DicomWebRequests(options.http, maxObjectBytes);
		this.#search = new RemoteSearch((path, signal) => this.#requests.json(path, signal));
		this.#store = new DicomWebStore(this.#requests, options.pool);
	}

	async ping(signal?: AbortSignal): Promise<void> {
		await this.#requests.json('/studies?limit=1', signal);
	}

	async search(search: Search, signal?: AbortSignal): Promise<DicomJson[]> {
		checkUids(search.studyUid, search.seriesUid);
		return this.#search.run(search, signal);
	}

	async metadata(
		studyUid: StudyUid,
		seriesUid?: SeriesUid,
		sopUid?: InstanceUid,
		signal?: AbortSignal
	): Promise<DicomJson[]> {
		const found = await this.#metadata({ studyUid, seriesUid, sopUid }, signal);
		return found.map((dataset) => {
			const series = text(dataset, tags.SeriesInstanceUID);
			const sop = text(dataset, tags.SOPInstanceUID);
			return withOurUris(dataset, `series/${series}/instances/${sop}`);
		});
	}

	/** As the archive sent it, checked to be what was asked for (D3). */
	async #metadata(
		place: {
			studyUid: StudyUid;
			seriesUid?: SeriesUid | undefined;
			sopUid?: InstanceUid | undefined;
		},
		signal: AbortSignal | undefined
	): Promise<DicomJson[]> {
		const { studyUid, seriesUid, sopUid } = place;
		checkUids(studyUid, seriesUid, sopUid);
		const path =
			`/studies/${studyUid}` +
			(seriesUid ? `/series/${seriesUid}` : '') +
			(seriesUid && sopUid ? `/instances/${sopUid}` : '');
		const found = await this.#requests.json(`${path}/metadata`, signal);
		if (!found.length) throw gone();
		for (const dataset of found) {
			const series = text(dataset, tags.SeriesInstanceUID);
			const sop = text(dataset, tags.SOPInstanceUID);
			const fits =
				text(dataset, tags.StudyInstanceUID) === studyUid &&
				(seriesUid ? series === seriesUid : isUsableUid(series)) &&
				(sopUid ? sop === sopUid : isUsableUid(sop));
			if (!fits) throw wrong('The archive sent metadata of another object.');
		}
		return found;
	}

	async instance(ref: InstanceRef, signal?: AbortSignal): Promise<Payload> {
		const { body, length } = await this.#requests.instance(ref, signal);
		return { contentType: 'application/dicom', length, etag: null, body };
	}

	async frames(ref: InstanceRef, numbers: number[], signal?: AbortSignal): Promise<FramePart[]> {
		checkUids(ref.studyUid, ref.seriesUid, ref.sopUid);
		if (!numbers.length || numbers.some((n) => !Number.isInteger(n) || n < 1)) throw gone();
		const [single, ...others] = numbers;
		if (single !== undefined && !others.length) {
			const frame = await this.#frame(ref, single, signal);
			return frame && frame.transferSyntax !== bigEndian
				? [frame]
				: this.#ownFrames(ref, numbers, signal);
		}
		const answer = await this.#requests.attempt({
			path: `${instancePath(ref)}/frames/${numbers.join(',')}`,
			accept: framesAsStored,
			maxBytes: this.#requests.maxObjectBytes + MiB,
			signal
		});
		if (!answer) return this.#ownFrames(ref, numbers, signal);
		const found = await this.#readFrames(answer, numbers.length);
		// Words of big endian samples would be swapped by whoever takes them for ours.
		return found.some((frame) => frame.transferSyntax === bigEndian)
			? this.#ownFrames(ref, numbers, signal)
			: found;
	}

	/** One frame, which is most of what is asked for: in the pieces in which it comes. */
	async #frame(
		ref: InstanceRef,
		number: number,
		signal: AbortSignal | undefined
	): Promise<FramePart | null> {
		let type = '';
		const answer = await this.#requests.attempt({
			path: `${instancePath(ref)}/frames/${number}`,
			accept: framesAsStored,
			maxBytes: this.#requests.maxObjectBytes + MiB,
			through: (head) => {
				const boundary = head.status === 200 ? boundaryOf(head) : null;
				const onHeaders = (headers: Buffer) => {
					type = readHeaders(headers)['content-type'] ?? '';
				};
				return boundary ? singlePart(boundary, onHeaders) : null;
			},
			signal
		});
		if (!answer) return null;
		if (!boundaryOf(answer)) {
			answer.body.destroy();
			throw wrong('The archive did not send frames.');
		}
		const chunks = await readChunks(answer.body);
		return {
			...framePart(type, nothing),
			chunks,
			get bytes() {
				return plain(Buffer.concat(chunks));
			}
		};
	}

	async #readFrames(answer: HttpAnswer, count: number): Promise<FramePart[]> {
		const boundary = boundaryOf(answer);
		if (!boundary) {
			answer.body.destroy();
			throw wrong('The archive did not send frames.');
		}
		const most = this.#requests.maxObjectBytes;
		const limits = { partBytes: most, parts: count, totalBytes: most + MiB };
		// All of it is held anyway, and cut where it lies.
		const body = await readAll(answer.body);
		const found: FramePart[] = [];
		try {
			for (const part of partsOf(body, boundary, limits)) {
				found.push(framePart(part.headers['content-type'] ?? '', plain(part.bytes)));
			}
		} catch (e) {
			if (e instanceof DomainError && e.code !== 'invalid_input') throw e;
			throw wrong('The archive’s frames are cut off.');
		}
		if (found.length !== count) throw wrong('The archive sent fewer frames than asked for.');
		return found;
	}

	/** For archives that cannot give these frames: out of the whole object, by us. */
	async #ownFrames(
		ref: InstanceRef,
		numbers: number[],
		signal: AbortSignal | undefined
	): Promise<FramePart[]> {
		const [dataset] = await this.#metadata(ref, signal);
		const count = number(dataset!, tags.NumberOfFrames) ?? 1;
		if (numbers.some((n) => n > count)) throw gone();
		const bytes = await this.#requests.wholeInstance(ref, signal);
		const { frameSyntax } = await this.#pool.summarise(bytes);
		const frames = await this.#pool.frames(bytes, numbers);
		const contentType = transferSyntaxOf(frameSyntax)?.frameType ?? octets;
		return frames.map((frame) => ({ contentType, transferSyntax: frameSyntax, bytes: frame }));
	}

	async rendered(ref: InstanceRef, options: RenderOptions, signal?: AbortSignal): Promise<Payload> {
		checkUids(ref.studyUid, ref.seriesUid, ref.sopUid);
		const type = options.type ?? 'image/jpeg';
		// Sizes are ours: some archives fill a viewport up with black.
		const asked = options.width ? 'image/jpeg' : type;
		const answer = await this.#requests.attempt({
			path: `${instancePath(ref)}/frames/${Math.trunc(options.frame ?? 1)}/rendered`,
			accept: asked,
			maxBytes: maxPictureBytes,
			signal
		});
		if (answer?.status === 200 && readMediaType(answer.contentType)?.type === asked) {
			const drawn = await readAll(answer.body);
			if (!options.width) return bytesPayload(type, drawn);
			const picture = await this.#pool.resize(drawn, options);
			return bytesPayload(picture.contentType, picture.bytes);
		}
		answer?.body.destroy();
		// Archives that cannot decode it refuse; our own decoders may know it.
		const bytes = await this.#requests.wholeInstance(ref, signal);
		const picture = await this.#pool.render(bytes, options);
		return bytesPayload(picture.contentType, picture.bytes);
	}

	async bulkdata(ref: InstanceRef, path: string, signal?: AbortSignal): Promise<Payload> {
		const [dataset] = await this.#metadata(ref, signal);
		const element = elementAt(dataset!, path);
		if (!element) throw gone();
		if (element.InlineBinary !== undefined) {
			return bytesPayload(octets, Buffer.from(element.InlineBinary, 'base64'));
		}
		const below = element.BulkDataURI && pathBelow(element.BulkDataURI, ref);
		const answer = below
			? await this.#requests.attempt({
					path: `${instancePath(ref)}/${below}`,
					accept: `multipart/related; type="${octets}"`,
					maxBytes: this.#requests.maxObjectBytes,
					through: contentOf,
					signal
				})
			: null;
		if (answer?.status === 200) {
			return bytesPayload(octets, await readAll(answer.body));
		}
		answer?.body.destroy();
		const bytes = await this.#requests.wholeInstance(ref, signal);
		return bytesPayload(octets, await this.#pool.bulk(bytes, path));
	}

	async store(
		objects: Uint8Array[],
		expected?: { studyUid?: StudyUid },
		signal?: AbortSignal
	): Promise<StoreOutcome[]> {
		const outcomes: StoreOutcome[] = [];
		for (const bytes of objects) {
			signal?.throwIfAborted();
			const most = this.#requests.maxObjectBytes;
			const judged = await judgeObject(this.#pool, bytes, most, expected?.studyUid);
			outcomes.push(
				'refusal' in judged
					? judged.refusal
					: await this.#turns.run(judged.summary.sopUid, () =>
							this.#store.keep(bytes, judged.summary, signal)
						)
			);
		}
		return outcomes;
	}
}

/** `image/jpeg; transfer-syntax=1.2.840…`; native pixels are little endian whatever they say. */
function framePart(header: string, bytes: Uint8Array): FramePart {
	const type = readMediaType(header);
	const stated = type?.parameters['transfer-syntax'] ?? '';
	if (type?.type === octets && (!stated || stated === implicitLittleEndian)) {
		return { contentType: octets, transferSyntax: explicitLittleEndian, bytes };
	}
	const syntax = transferSyntaxOf(stated);
	if (!type || !syntax) throw wrong('The archive sent a frame of an unknown kind.');
	return { contentType: syntax.frameType ?? octets, transferSyntax: syntax.uid, bytes };
}

/**
 * What stands below the instance in an archive's BulkDataURI. The rest of it, host and all, is not
 * used (D4); null when it points anywhere else.
 */
function pathBelow(uri: string, ref: InstanceRef): string | null {
	const mark = `/instances/${ref.sopUid}/`;
	const at = uri.indexOf(mark);
	const below = at < 0 ? '' : uri.slice(at + mark.length);
	const fits = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(below) && below.length < 1024;
	return fits ? below : null;
}
