import { randomBytes } from 'node:crypto';
import { items, number, texts } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { DomainError } from '$lib/errors.ts';
import { readDicomJson } from '../archive/answer-json.ts';
import { readAll, type ArchiveHttp } from '../archive/http-client.ts';
import { failureReasons } from '../archive/store-outcome.ts';
import { multipartEnd, partHead } from '../dicomweb/multipart.ts';

const dicomJson = 'application/dicom+json';
const maxAnswerBytes = 4 * 1024 * 1024;

/** What a destination said to an object. `refused` will be said again however often it is sent. */
export type StowAnswer = { kind: 'kept' } | { kind: 'refused'; reason: string };

/**
 * Sends one object by STOW-RS (PS3.18 10.5) and reads the answer by what it lists, since a 400 may
 * stand over an object that was kept and a 200 over one that was not. "Is there already" is a success:
 * the UID was minted for these very bytes.
 *
 * @throws DomainError `archive_unavailable` when trying again later may help.
 */
export async function stow(
	http: ArchiveHttp,
	bytes: Uint8Array,
	sopUid: string
): Promise<StowAnswer> {
	const boundary = `readroom-${randomBytes(16).toString('hex')}`;
	const answer = await http.send({
		method: 'POST',
		path: '/studies',
		accept: dicomJson,
		contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
		body: [
			partHead(boundary, { 'Content-Type': 'application/dicom' }, true),
			bytes,
			multipartEnd(boundary)
		],
		maxBytes: maxAnswerBytes
	});
	const { status } = answer;
	const body = await readAll(answer.body);
	const json = /json/.test(answer.contentType) ? readDicomJson(body)[0] : undefined;
	const listed = (tag: string) =>
		json ? items(json, tag).filter((item) => uidsOf(item).includes(sopUid)) : [];
	const [failed] = listed(tags.FailedSOPSequence);
	if (!failed) {
		// A server that answers in XML, or not at all, still says 200 only when everything was kept.
		if (listed(tags.ReferencedSOPSequence).length > 0 || (status === 200 && !json)) {
			return { kind: 'kept' };
		}
		return judgeStatus(status);
	}
	const reason = number(failed, tags.FailureReason) ?? failureReasons.processingFailure;
	if (reason === failureReasons.duplicateSopInstance) return { kind: 'kept' };
	const words = `The destination did not keep it (reason ${reason.toString(16)} hex).`;
	if (isPassing(reason)) throw new DomainError('archive_unavailable', words);
	return { kind: 'refused', reason: words };
}

const uidsOf = (item: Parameters<typeof texts>[0]) => texts(item, tags.ReferencedSOPInstanceUID);

/** Out of resources (A7xx) and a failure in processing (0110) may pass. */
const isPassing = (reason: number) =>
	reason === failureReasons.processingFailure || (reason & 0xff00) === 0xa700;

function judgeStatus(status: number): StowAnswer {
	const words = `The destination answered ${status} without saying that it kept the report.`;
	const final = [400, 404, 405, 406, 409, 410, 413, 415, 501].includes(status);
	if (!final) throw new DomainError('archive_unavailable', words);
	return { kind: 'refused', reason: words };
}
