import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import { identityOfEvent } from '$lib/server/hooks/identify.ts';
import type { RequestHandler } from './$types';

/** The same door as `/dicom-web`, as the holder of this link: the path says as whom (B5). */
export const fallback: RequestHandler = (event) =>
	handleDicomWeb(event.locals.services, identityOfEvent(event), event.request);
