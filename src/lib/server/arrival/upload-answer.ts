import { DomainError } from '$lib/errors.ts';
import type { ReceivedBody } from '../dicomweb/store.ts';

/** What a person who uploads is told of one file, in the order in which they were sent. */
export type UploadLine =
	{ status: 'stored' | 'duplicate'; studyUid: string } | { status: 'rejected'; reason: string };

export interface UploadAnswer {
	files: UploadLine[];
	/** Why the rest could not be read; null when everything was. */
	brokenOff: string | null;
}

/** 200 when anything can be said of the files one by one; else the error is the answer. */
export function uploadAnswer({ outcomes, broken }: ReceivedBody): Response {
	if (!outcomes.length) throw broken ?? new DomainError('invalid_input', 'Nothing was sent.');
	const files = outcomes.map((o): UploadLine =>
		o.status === 'rejected'
			? { status: 'rejected', reason: o.reason }
			: { status: o.status, studyUid: o.studyUid }
	);
	const answer: UploadAnswer = { files, brokenOff: broken ? (broken.detail ?? broken.code) : null };
	return Response.json(answer);
}
