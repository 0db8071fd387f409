import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import type { RequestHandler } from './$types';

/** Authorise, stream, audit; no image logic. Every method, so that the door itself says 405. */
export const fallback: RequestHandler = ({ locals, request, platform }) => {
	// Node's own request, in production; the development server has none to give.
	const sent = (platform as { req?: { url?: string } } | undefined)?.req?.url;
	return handleDicomWeb(locals.services, locals.actor, request, sent);
};
