import { randomUUID } from 'node:crypto';
import { DomainError } from '$lib/errors.ts';
import type { UploadAnswer, UploadLine } from '$lib/server/arrival/upload-answer.ts';
import { multipartEnd, partHead } from '$lib/server/dicomweb/multipart.ts';

export interface Remote {
	/** `http://127.0.0.1:3000`. */
	server: string;
	/** With the scope `dicom:store`. */
	token: string;
}

/** Sends a group of files to a running server; one line of the answer for each, in order. */
export async function sendGroup(
	{ server, token }: Remote,
	objects: readonly Uint8Array[]
): Promise<UploadLine[]> {
	const boundary = randomUUID();
	const body = Buffer.concat([
		...objects.flatMap((bytes, i) => [
			partHead(boundary, { 'Content-Type': 'application/dicom' }, i === 0),
			bytes
		]),
		multipartEnd(boundary)
	]);
	const response = await post(new URL('/api/upload', server), token, boundary, body);
	if (!response.ok) throw await refusal(response, server);
	const { files, brokenOff } = (await response.json()) as UploadAnswer;
	const rest = objects.slice(files.length).map((): UploadLine => ({
		status: 'rejected',
		reason: brokenOff ?? 'The server did not say what became of it.'
	}));
	return [...files, ...rest];
}

async function post(url: URL, token: string, boundary: string, body: Buffer): Promise<Response> {
	try {
		return await fetch(url, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${token}`,
				'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`
			},
			body: new Uint8Array(body),
			redirect: 'error'
		});
	} catch (error) {
		throw new DomainError('archive_unavailable', `${url.origin} does not answer.`, {
			cause: error
		});
	}
}

async function refusal(response: Response, server: string): Promise<DomainError> {
	if (response.status === 401) {
		return new DomainError(
			'not_signed_in',
			`${server} does not know this token, or it has expired.`
		);
	}
	if (response.status === 403) {
		return new DomainError(
			'not_allowed',
			'This token may not store: it needs the scope dicom:store.'
		);
	}
	const answer = (await response.json().catch(() => ({}))) as { detail?: string; message?: string };
	return new DomainError(
		'invalid_input',
		answer.detail ?? answer.message ?? `${server} answered ${response.status}.`
	);
}
