import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import { items, number, text, texts } from '$lib/dicom/json.ts';
import { isUsableUid, explicitLittleEndian, implicitLittleEndian } from '$lib/dicom/uid.ts';
import { transferSyntaxOf } from '$lib/dicom/uid.ts';
import { tags } from '$lib/dicom/tags.ts';
import { readMediaType } from '../dicomweb/accept.ts';
import { multipartEnd, partHead, readParts } from '../dicomweb/multipart.ts';
import type {
	Archive,
	DicomJson,
	FramePart,
	InstanceRef,
	Payload,
	Search,
	StoreOutcome
} from './archive.ts';
import { elementAt, readDicomJson, withOurUris } from './answer-json.ts';
import type { HttpAnswer, HttpRequest } from './http-client.ts';
import type { ArchiveHttp } from './http-client.ts';
import { readAll } from './http-client.ts';
import { head } from './object-summary.ts';
import type { ObjectSummary } from './object-summary.ts';
import type { ParsePool } from './parse-pool.ts';
import { RemoteSearch } from './remote-search.ts';
import type { RenderOptions } from './render.ts';
import { singlePart } from './single-part.ts';
import {
	failureReasons,
	otherContent,
	otherStudy,
	refOf,
	rejected,
	rejectedBecause
} from './store-outcome.ts';
import { verifiedInstance } from './verified-instance.ts';

export interface DicomWebArchiveOptions {
	id: ArchiveId;
	http: ArchiveHttp;
	pool: ParsePool;
	/** Objects over this many bytes are neither taken nor given. */
	maxObjectBytes?: number;
}

const MiB = 1024 * 1024;
const maxJsonBytes = 256 * MiB;
const maxPictureBytes = 32 * MiB;

const asStored = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const framesAsStored = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const dicomJson = 'application/dicom+json';

const gone = () => new DomainError('not_found');
const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);

const instancePath = (ref: InstanceRef) =>
	`/studies/${ref.studyUid}/series/${ref.seriesUid}/instances/${ref.sopUid}`;

/** Paths are made of nothing but checked UIDs (D2). The door checked them too. */
function checked(...uids: (string | undefined)[]): void {
	for (const uid of uids) {
		if (uid !== undefined && !isUsableUid(uid)) {
			throw new DomainError('invalid_input', 'A UID is digits and dots.');
		}
	}
}

/** Any DICOMweb server (PS3.18), asked in the ways that all of them understand. */
export class DicomWebArchive implements Archive {
	readonly kind = 'dicomweb';
	readonly id: ArchiveId;
	readonly #http: ArchiveHttp;
	readonly #pool: ParsePool;
	readonly #search: RemoteSearch;
	readonly #maxObjectBytes: number;
	readonly #busy = new Map<string, Promise<unknown>>();

	constructor(options: DicomWebArchiveOptions) {
		this.id = options.id;
		this.#http = options.http;
		this.#pool = options.pool;
		this.#search = new RemoteSearch((path, signal) => this.#json(path, signal));
		this.#maxObjectBytes = options.maxObjectBytes ?? 1024 * MiB;
	}

	async ping(signal?: AbortSignal): Promise<void> {
		await this.#json('/studies?limit=1', signal);
	}

	async search(search: Search, signal?: AbortSignal): Promise<DicomJson[]> {
		checked(search.studyUid, search.seriesUid);
		return this.#search.run(search, signal);
	}

	async metadata(
		studyUid: StudyUid,
		seriesUid?: SeriesUid,
		sopUid?: InstanceUid,
		signal?: AbortSignal
	): Promise<DicomJson[]> {
		const found = await this.#metadata(studyUid, seriesUid, sopUid, signal);
		return found.map((dataset) => {
			const series = text(dataset, tags.SeriesInstanceUID);
			const sop = text(dataset, tags.SOPInstanceUID);
			return withOurUris(dataset, `series/${series}/instances/${sop}`);
		});
	}

	/** As the archive sent it, checked to be what was asked for. */
	async #metadata(
		studyUid: StudyUid,
		seriesUid: SeriesUid | undefined,
		sopUid: InstanceUid | undefined,
		signal: AbortSignal | undefined
	): Promise<DicomJson[]> {
		checked(studyUid, seriesUid, sopUid);
		const path =
			`/studies/${studyUid}` +
			(seriesUid ? `/series/${seriesUid}` : '') +
			(seriesUid && sopUid ? `/instances/${sopUid}` : '');
		const found = await this.#json(`${path}/metadata`, signal);
		if (!found.length) throw gone();
		for (const dataset of found) {
			const sop = text(dataset, tags.SOPInstanceUID);
			const fits =
				text(dataset, tags.StudyInstanceUID) === studyUid &&
				(!seriesUid || text(dataset, tags.SeriesInstanceUID) === seriesUid) &&
				(!sopUid || sop === sopUid) &&
				isUsableUid(sop) &&
				isUsableUid(text(dataset, tags.SeriesInstanceUID));
			if (!fits) throw wrong('The archive sent metadata of another object.');
		}
		return found;
	}

	async instance(ref: InstanceRef, signal?: AbortSignal): Promise<Payload> {
		const { chunks, length } = await this.#instance(ref, signal);
		return {
			contentType: 'application/dicom',
			length,
			etag: null,
			body: Readable.from(chunks, { objectMode: false })
		};
	}

	async #instance(ref: InstanceRef, signal: AbortSignal | undefined) {
		checked(ref.studyUid, ref.seriesUid, ref.sopUid);
		const answer = await this.#found({
			path: instancePath(ref),
			accept: asStored,
			maxBytes: this.#maxObjectBytes + MiB,
			signal
		});
		const type = readMediaType(answer.contentType);
		const single = type?.type === 'application/dicom';
		const boundary = type?.type === 'multipart/related' ? boundaryOf(answer) : null;
		if (!single && !boundary) {
			answer.body.destroy();
			throw wrong('The archive did not send a DICOM object.');
		}
		const raw = boundary ? singlePart(answer.body, boundary) : plain(answer.body);
		return {
			chunks: await verifiedInstance(raw, ref),
			length: single ? answer.contentLength : null
		};
	}

	async #wholeInstance(ref: InstanceRef, signal: AbortSignal | undefined): Promise<Buffer> {
		const { chunks } = await this.#instance(ref, signal);
		return readAll(Readable.from(chunks, { objectMode: false }));
	}

	async frames(ref: InstanceRef, numbers: number[], signal?: AbortSignal): Promise<FramePart[]> {
		checked(ref.studyUid, ref.seriesUid, ref.sopUid);
		if (!numbers.length || numbers.some((n) => !Number.isInteger(n) || n < 1)) throw gone();
		const answer = await this.#ask({
			path: `${instancePath(ref)}/frames/${numbers.join(',')}`,
			accept: framesAsStored,
			maxBytes: this.#maxObjectBytes + MiB,
			signal
		});
		if (answer?.status !== 200) return this.#ownFrames(ref, numbers, signal);
		const boundary = boundaryOf(answer);
		if (!boundary) throw wrong('The archive did not send frames.');
		const found: FramePart[] = [];
		const limits = {
			partBytes: this.#maxObjectBytes,
			parts: numbers.length,
			totalBytes: this.#maxObjectBytes + MiB
		};
		try {
			for await (const part of readParts(answer.body, boundary, limits)) {
				found.push(framePart(part.headers['content-type'] ?? '', part.bytes));
			}
		} catch (e) {
			if (e instanceof DomainError && e.code === 'archive_unavailable') throw e;
			throw wrong('The archive’s frames are cut off or too many.');
		}
		if (found.length !== numbers.length)
			throw wrong('The archive sent fewer frames than asked for.');
		// Words of big endian samples would be swapped by whoever takes them for ours.
		if (found.some((frame) => frame.transferSyntax === '1.2.840.10008.1.2.2')) {
			return this.#ownFrames(ref, numbers, signal);
		}
		return found;
	}

	/** For archives that cannot give these frames: out of the whole object, by us. */
	async #ownFrames(
		ref: InstanceRef,
		numbers: number[],
		signal: AbortSignal | undefined
	): Promise<FramePart[]> {
		const [dataset] = await this.#metadata(ref.studyUid, ref.seriesUid, ref.sopUid, signal);
		const count = number(dataset!, tags.NumberOfFrames) ?? 1;
		if (numbers.some((n) => n > count)) throw gone();
		const bytes = await this.#wholeInstance(ref, signal);
		const { frameSyntax } = await this.#pool.summarise(bytes);
		const frames = await this.#pool.frames(bytes, numbers);
		const contentType = transferSyntaxOf(frameSyntax)?.frameType ?? 'application/octet-stream';
		return frames.map((frame) => ({ contentType, transferSyntax: frameSyntax, bytes: frame }));
	}

	async rendered(ref: InstanceRef, options: RenderOptions, signal?: AbortSignal): Promise<Payload> {
		checked(ref.studyUid, ref.seriesUid, ref.sopUid);
		const type = options.type ?? 'image/jpeg';
		const frame = Math.trunc(options.frame ?? 1);
		// Sizes are ours: some archives fill a viewport up with black.
		const asked = options.width ? 'image/jpeg' : type;
		const answer = await this.#ask({
			path: `${instancePath(ref)}/frames/${frame}/rendered`,
			accept: asked,
			maxBytes: maxPictureBytes,
			signal
		});
		if (answer?.status === 200 && readMediaType(answer.contentType)?.type === asked) {
			const drawn = await readAll(answer.body);
			if (!options.width) return payload(type, drawn);
			const picture = await this.#pool.resize(drawn, options);
			return payload(picture.contentType, picture.bytes);
		}
		answer?.body.destroy();
		// Archives that cannot decode it refuse; our own decoders may know it.
		const bytes = await this.#wholeInstance(ref, signal);
		const picture = await this.#pool.render(bytes, options);
		return payload(picture.contentType, picture.bytes);
	}

	async bulkdata(ref: InstanceRef, path: string, signal?: AbortSignal): Promise<Payload> {
		const [dataset] = await this.#metadata(ref.studyUid, ref.seriesUid, ref.sopUid, signal);
		const element = elementAt(dataset!, path);
		if (!element) throw gone();
		if (element.InlineBinary !== undefined) {
			return octets(Buffer.from(element.InlineBinary, 'base64'));
		}
		const below = element.BulkDataURI && pathBelow(element.BulkDataURI, ref);
		const answer = below
			? await this.#ask({
					path: `${instancePath(ref)}/${below}`,
					accept: 'multipart/related; type="application/octet-stream"',
					maxBytes: this.#maxObjectBytes,
					signal
				})
			: null;
		if (answer?.status === 200) {
			const boundary = boundaryOf(answer);
			const chunks = boundary ? singlePart(answer.body, boundary) : plain(answer.body);
			return octets(await readAll(Readable.from(chunks, { objectMode: false })));
		}
		answer?.body.destroy();
		return octets(await this.#pool.bulk(await this.#wholeInstance(ref, signal), path));
	}

	async store(
		objects: Uint8Array[],
		expected?: { studyUid?: StudyUid },
		signal?: AbortSignal
	): Promise<StoreOutcome[]> {
		const outcomes: StoreOutcome[] = [];
		for (const bytes of objects) outcomes.push(await this.#storeOne(bytes, expected, signal));
		return outcomes;
	}

	async #storeOne(
		bytes: Uint8Array,
		expected: { studyUid?: StudyUid } | undefined,
		signal: AbortSignal | undefined
	): Promise<StoreOutcome> {
		let summary: ObjectSummary;
		try {
			if (bytes.length > this.#maxObjectBytes) {
				throw new DomainError(
					'too_large',
					`Objects over ${this.#maxObjectBytes} bytes are refused.`
				);
			}
			summary = await this.#pool.summarise(bytes);
		} catch (e) {
			return rejectedBecause(e);
		}
		if (expected?.studyUid && summary.studyUid !== expected.studyUid) return otherStudy(summary);
		const keep = () => this.#keep(bytes, summary, signal);
		const mine = (this.#busy.get(summary.sopUid) ?? Promise.resolve()).then(keep, keep);
		this.#busy.set(summary.sopUid, mine);
		try {
			return await mine;
		} finally {
			if (this.#busy.get(summary.sopUid) === mine) this.#busy.delete(summary.sopUid);
		}
	}

	/**
	 * Asks before and after: archives keep the first copy of a UID, or a second one in another
	 * study, and answer 200 both times.
	 */
	async #keep(
		bytes: Uint8Array,
		summary: ObjectSummary,
		signal: AbortSignal | undefined
	): Promise<StoreOutcome> {
		const { sopClass } = summary;
		const ref = refOf(summary);
		for (const place of await this.#placesOf(ref, signal)) {
			const same = place.studyUid === ref.studyUid && place.seriesUid === ref.seriesUid;
			if (!same) return otherContent(summary);
			const held = await this.#held(ref, summary, signal);
			return held.same
				? { status: 'duplicate', ref, sopClass, hash: held.hash }
				: otherContent(summary);
		}
		const refusal = await this.#stow(bytes, summary, signal);
		if (refusal) return refusal;
		const held = await this.#held(ref, summary, signal);
		return {
			status: 'stored',
			ref,
			sopClass,
			hash: held.hash,
			...(held.same ? {} : { coerced: true })
		};
	}

	/** Where the archive has an object of this UID. */
	async #placesOf(ref: InstanceRef, signal: AbortSignal | undefined): Promise<InstanceRef[]> {
		const query =
			`/instances?SOPInstanceUID=${ref.sopUid}&limit=10` +
			`&includefield=${tags.StudyInstanceUID}&includefield=${tags.SeriesInstanceUID}`;
		const answer = await this.#ask({
			path: query,
			accept: dicomJson,
			maxBytes: maxJsonBytes,
			signal
		});
		// Relational search is optional for proxies; then only its own place can be asked.
		const relational = answer?.status === 200 || answer?.status === 204;
		if (!relational) answer?.body.destroy();
		const found = relational
			? await this.#readJson(answer)
			: await this.#json(
					`/studies/${ref.studyUid}/series/${ref.seriesUid}/instances` +
						`?SOPInstanceUID=${ref.sopUid}`,
					signal
				).catch((e: unknown) => {
					if (e instanceof DomainError && e.code === 'not_found') return [];
					throw e;
				});
		return found
			.filter((result) => text(result, tags.SOPInstanceUID) === ref.sopUid)
			.map((result) => ({
				...ref,
				studyUid: (text(result, tags.StudyInstanceUID) || ref.studyUid) as StudyUid,
				seriesUid: (text(result, tags.SeriesInstanceUID) || ref.seriesUid) as SeriesUid
			}));
	}

	/** The hash of what the archive holds, and whether its content is that of `summary`. */
	async #held(ref: InstanceRef, summary: ObjectSummary, signal: AbortSignal | undefined) {
		const { chunks } = await this.#instance(ref, signal);
		const hash = createHash('sha256');
		for await (const chunk of chunks) hash.update(chunk);
		const found = hash.digest('hex');
		if (found === summary.hash) return { hash: found, same: true };
		// Other bytes may still be the same object: archives rewrite the meta information.
		const held = await this.#pool.summarise(await this.#wholeInstance(ref, signal));
		return { hash: found, same: held.contentHash === summary.contentHash };
	}

	/** Null when the archive says that it has it now. */
	async #stow(
		bytes: Uint8Array,
		summary: ObjectSummary,
		signal: AbortSignal | undefined
	): Promise<StoreOutcome | null> {
		const boundary = `readroom-${randomBytes(16).toString('hex')}`;
		const answer = await this.#http.send({
			method: 'POST',
			path: '/studies',
			accept: dicomJson,
			contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
			body: [
				partHead(boundary, { 'Content-Type': 'application/dicom' }, true),
				head,
				bytes.subarray(summary.bodyOffset),
				multipartEnd(boundary)
			],
			maxBytes: 16 * MiB,
			signal
		});
		const body = await readAll(answer.body);
		const json = /json/.test(answer.contentType) ? readDicomJson(body)[0] : undefined;
		const listed = (tag: string) =>
			json ? items(json, tag).flatMap((i) => texts(i, tags.ReferencedSOPInstanceUID)) : [];
		// A 400 may stand over an object that was kept, a 200 over one that was not.
		if (
			listed(tags.ReferencedSOPSequence).includes(summary.sopUid) &&
			!listed(tags.FailedSOPSequence).includes(summary.sopUid)
		) {
			return null;
		}
		const failed = json ? items(json, tags.FailedSOPSequence) : [];
		const reason = failed.map((item) => number(item, tags.FailureReason)).find((n) => n !== null);
		const words: Record<number, string> = {
			401: 'refuses our credentials',
			413: 'finds it too large',
			415: 'does not take this kind'
		};
		return rejected(
			reason ?? failureReasons.processingFailure,
			`The image archive did not keep it: it ${words[answer.status] ?? `answered ${answer.status}`}` +
				`${reason ? `, reason ${reason.toString(16)}` : ''}.`,
			summary
		);
	}

	/** @throws DomainError `not_found` for 404 and 410, `archive_answer_wrong` for other refusals. */
	async #found(request: HttpRequest): Promise<HttpAnswer> {
		const answer = await this.#http.send(request);
		if (answer.status === 200) return answer;
		answer.body.destroy();
		if (answer.status === 404 || answer.status === 410) throw gone();
		throw wrong(`The archive answered ${answer.status}.`);
	}

	/** For what some archives cannot do: null when it failed in a way that another way may not. */
	async #ask(request: HttpRequest): Promise<HttpAnswer | null> {
		const answer = await this.#http.send({ ...request, errorsAreAnswers: true });
		if (answer.status === 404 || answer.status === 410) {
			answer.body.destroy();
			throw gone();
		}
		if (answer.status === 200 || answer.status === 204) return answer;
		answer.body.destroy();
		return null;
	}

	async #json(path: string, signal: AbortSignal | undefined): Promise<DicomJson[]> {
		const answer = await this.#http.send({
			path,
			accept: dicomJson,
			maxBytes: maxJsonBytes,
			signal
		});
		if (answer.status === 404 || answer.status === 410) {
			answer.body.destroy();
			throw gone();
		}
		return this.#readJson(answer);
	}

	async #readJson(answer: HttpAnswer): Promise<DicomJson[]> {
		if (answer.status === 204) {
			answer.body.resume();
			return [];
		}
		const type = readMediaType(answer.contentType)?.type;
		if (answer.status !== 200 || (type !== dicomJson && type !== 'application/json')) {
			answer.body.destroy();
			throw wrong(`The archive answered ${answer.status} with ${type ?? 'no type'}.`);
		}
		return readDicomJson(await readAll(answer.body));
	}
}

async function* plain(body: Readable): AsyncGenerator<Buffer> {
	for await (const chunk of body) yield chunk as Buffer;
}

function boundaryOf(answer: HttpAnswer): string | null {
	const type = readMediaType(answer.contentType);
	const boundary = type?.type.startsWith('multipart/') ? type.parameters.boundary : undefined;
	return boundary && boundary.length <= 200 ? boundary : null;
}

/** `image/jpeg; transfer-syntax=1.2.840…`; native pixels are little endian whatever they say. */
function framePart(header: string, bytes: Uint8Array): FramePart {
	const type = readMediaType(header);
	const stated = type?.parameters['transfer-syntax'] ?? '';
	const syntax = transferSyntaxOf(stated);
	if (type?.type === 'application/octet-stream' && (!stated || stated === implicitLittleEndian)) {
		return { contentType: type.type, transferSyntax: explicitLittleEndian, bytes };
	}
	if (!type || !syntax) throw wrong('The archive sent a frame of an unknown kind.');
	return {
		contentType: syntax.frameType ?? 'application/octet-stream',
		transferSyntax: syntax.uid,
		bytes
	};
}

/**
 * What stands below the instance in an archive's BulkDataURI. The rest of it, host and all, is not
 * used (D4); null when it points anywhere else.
 */
function pathBelow(uri: string, ref: InstanceRef): string | null {
	const at = uri.indexOf(`/instances/${ref.sopUid}/`);
	const below = at < 0 ? '' : uri.slice(at + `/instances/${ref.sopUid}/`.length);
	const fits = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(below) && below.length < 1024;
	return fits ? below : null;
}

const payload = (contentType: string, bytes: Uint8Array): Payload => ({
	contentType,
	length: bytes.length,
	etag: null,
	body: Readable.from([bytes])
});
const octets = (bytes: Uint8Array) => payload('application/octet-stream', bytes);
