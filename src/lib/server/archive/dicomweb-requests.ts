import type { Readable } from 'node:stream';
import { DomainError } from '$lib/errors.ts';
import { isUsableUid } from '$lib/dicom/uid.ts';
import type { ByteFilter } from '../byte-filter.ts';
import { readMediaType } from '../dicomweb/accept.ts';
import type { DicomJson, InstanceRef } from './archive.ts';
import { readDicomJson } from './answer-json.ts';
import { readAll } from './http-client.ts';
import type { AnswerHead, ArchiveHttp, HttpAnswer, HttpRequest } from './http-client.ts';
import { singlePart } from './single-part.ts';
import { chained, verifiedInstance } from './verified-instance.ts';

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

export function boundaryOf(answer: AnswerHead): string | null {
	const type = readMediaType(answer.contentType);
	const boundary = type?.type.startsWith('multipart/') ? type.parameters.boundary : undefined;
	return boundary && boundary.length <= 200 ? boundary : null;
}

/** For an answer that is one thing, in one part or bare: its content alone. */
export function contentOf(head: AnswerHead): ByteFilter | null {
	const boundary = head.status === 200 ? boundaryOf(head) : null;
	return boundary ? singlePart(boundary) : null;
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
	): Promise<{ body: Readable; length: number | null }> {
		checkUids(ref.studyUid, ref.seriesUid, ref.sopUid);
		let tellVerified = () => {};
		const verified = new Promise<void>((done) => {
			tellVerified = done;
		});
		const answer = await this.#http.send({
			path: instancePath(ref),
			accept: asStored,
			maxBytes: this.maxObjectBytes + MiB,
			through: (head) => {
				if (!isObject(head)) return null;
				const judge = verifiedInstance(ref, tellVerified);
				const content = contentOf(head);
				return content ? chained(content, judge) : judge;
			},
			signal
		});
		const { body, status, contentLength } = answer;
		if (!isObject(answer)) {
			body.destroy();
			if (status === 404 || status === 410) throw gone();
			throw wrong(`The archive answered ${status} without a DICOM object.`);
		}
		await Promise.race([verified, failureOf(body)]);
		return { body, length: boundaryOf(answer) ? null : contentLength };
	}

	async wholeInstance(ref: InstanceRef, signal: AbortSignal | undefined): Promise<Buffer> {
		return readAll((await this.instance(ref, signal)).body);
	}
}

function isObject(head: AnswerHead): boolean {
	const type = readMediaType(head.contentType)?.type;
	const whole = type === 'application/dicom';
	return head.status === 200 && (whole || (type === 'multipart/related' && !!boundaryOf(head)));
}

/** Rejects when the stream breaks; also keeps an error that nobody reads yet from ending the process. */
function failureOf(body: Readable): Promise<never> {
	const failure = new Promise<never>((_, fail) => {
		body.on('error', fail);
		if (body.errored) fail(body.errored);
	});
	failure.catch(() => {});
	return failure;
}
