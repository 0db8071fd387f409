import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import type { RequestHandler } from './$types';

/** The same door as `/dicom-web`, as the holder of this link: the path says as whom (B5). */
export const fallback: RequestHandler = ({ locals, request }) =>
	handleDicomWeb(locals.services, locals.actor, request);
