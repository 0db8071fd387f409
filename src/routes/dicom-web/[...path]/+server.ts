import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import { identityOfEvent } from '$lib/server/hooks/identify.ts';
import type { RequestHandler } from './$types';

/** Authorise, stream, audit; no image logic. Every method, so that the door itself says 405. */
export const fallback: RequestHandler = (event) => {
	// Node's own request, in production; the development server has none to give.
	const sent = (event.platform as { req?: { url?: string } } | undefined)?.req?.url;
	return handleDicomWeb(event.locals.services, identityOfEvent(event), event.request, sent);
};
