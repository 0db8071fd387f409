import { Readable } from 'node:stream';
import { DomainError } from '$lib/errors.ts';
import { isUsableUid } from '$lib/dicom/uid.ts';
import { readMediaType } from '../dicomweb/accept.ts';
import type { DicomJson, InstanceRef } from './archive.ts';
import { readDicomJson } from './answer-json.ts';
import { readAll } from './http-client.ts';
import type { ArchiveHttp, HttpAnswer, HttpRequest } from './http-client.ts';
import { singlePart } from './single-part.ts';
import { verifiedInstance } from './verified-instance.ts';

export const MiB = 1024 * 1024;
const maxJsonBytes = 64 * MiB;

/** `transfer-syntax=*` is as stored. Without it servers decompress, or fail to. */
const asStored = 'multipart/related; type="application/dicom"; transfer-syntax=*';
export const dicomJson = 'application/dicom+json';

export const gone = () => new DomainError('not_found');
export const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);

export const instancePath = (ref: InstanceRef) =>
	`/studies/${ref.studyUid}/series/${ref.seriesUid}/instances/${ref.sopUid}`;

/** Paths are made of nothing but checked UIDs (D2). The door checked them too. */
export function checkUids(...uids: (string | undefined)[]): void {
	for (const uid of uids) {
		if (uid !== undefined && !isUsableUid(uid)) {
			throw new DomainError('invalid_input', 'A UID is digits and dots.');
		}
	}
}

export function boundaryOf(answer: HttpAnswer): string | null {
	const type = readMediaType(answer.contentType);
	const boundary = type?.type.startsWith('multipart/') ? type.parameters.boundary : undefined;
	return boundary && boundary.length <= 200 ? boundary : null;
}

/** The bytes of an answer that is one thing, in one part or bare. */
export async function* contentOf(answer: HttpAnswer): AsyncGenerator<Buffer> {
	const boundary = boundaryOf(answer);
	if (boundary) yield* singlePart(answer.body, boundary);
	else for await (const chunk of answer.body) yield chunk as Buffer;
}

export function streamOf(chunks: AsyncIterable<Buffer>): Readable {
	const body = Readable.from(chunks, { objectMode: false });
	// Whoever reads is told by the reading; a stream that nobody reads yet must not end the process.
	body.on('error', () => {});
	return body;
}

/** The requests that an archive is asked with, and what their answers must be like. */
export class DicomWebRequests {
	readonly #http: ArchiveHttp;
	readonly maxObjectBytes: number;

	constructor(http: ArchiveHttp, maxObjectBytes: number) {
		this.#http = http;
		this.maxObjectBytes = maxObjectBytes;
	}

	send(request: HttpRequest): Promise<HttpAnswer> {
		return this.#http.send(request);
	}

	/**
	 * For what some archives cannot do: null when it failed in a way that another way may not.
	 * @throws DomainError `not_found` for 404 and 410.
	 */
	async attempt(request: HttpRequest): Promise<HttpAnswer | null> {
		const answer = await this.#http.send({ ...request, errorsAreAnswers: true });
		if (answer.status === 200 || answer.status === 204) return answer;
		answer.body.destroy();
		if (answer.status === 404 || answer.status === 410) throw gone();
		return null;
	}

	/** @throws DomainError `not_found`, or `archive_answer_wrong` for anything but DICOM JSON. */
	async json(path: string, signal: AbortSignal | undefined): Promise<DicomJson[]> {
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
		return this.readJson(answer);
	}

	async readJson(answer: HttpAnswer): Promise<DicomJson[]> {
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

	/** The file as stored, checked to be the one that was asked for, as it comes in. */
	async instance(
		ref: InstanceRef,
		signal: AbortSignal | undefined
	): Promise<{ chunks: AsyncGenerator<Buffer>; length: number | null }> {
		checkUids(ref.studyUid, ref.seriesUid, ref.sopUid);
		const answer = await this.#http.send({
			path: instancePath(ref),
			accept: asStored,
			maxBytes: this.maxObjectBytes + MiB,
			signal
		});
		const type = readMediaType(answer.contentType)?.type;
		const bare = type === 'application/dicom';
		if (answer.status !== 200 || !(bare || (type === 'multipart/related' && boundaryOf(answer)))) {
			answer.body.destroy();
			if (answer.status === 404 || answer.status === 410) throw gone();
			throw wrong(`The archive answered ${answer.status} without a DICOM object.`);
		}
		return {
			chunks: await verifiedInstance(contentOf(answer), ref),
			length: bare ? answer.contentLength : null
		};
	}

	async wholeInstance(ref: InstanceRef, signal: AbortSignal | undefined): Promise<Buffer> {
		const { chunks } = await this.instance(ref, signal);
		return readAll(streamOf(chunks));
	}
}
