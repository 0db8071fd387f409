import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import type { RequestHandler } from './$types';

/** Authorise, stream, audit; no image logic. Every method, so that the door itself says 405. */
export const fallback: RequestHandler = ({ locals, request }) =>
	handleDicomWeb(locals.services, locals.actor, request);
