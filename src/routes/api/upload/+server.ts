import { receiveBody } from '$lib/server/dicomweb/store.ts';
import { route } from '$lib/server/hooks/door.ts';
import { uploadAnswer } from '$lib/server/arrival/upload-answer.ts';
import type { RequestHandler } from './$types';

/** Files that a person dragged in: one bare, or several as multipart; the reason for each. */
export const POST: RequestHandler = route(async ({ locals, request }) => {
	const { services, actor } = locals;
	return uploadAnswer(await receiveBody(services, actor, request, null, 'upload'));
});
