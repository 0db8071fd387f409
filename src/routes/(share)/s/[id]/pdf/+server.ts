import { pdfResponse } from '$lib/server/documents/pdf-response.ts';
import { sharedPdf } from '$lib/server/grants/shared-pdf.ts';
import { visitorOf } from '$lib/server/grants/visitor.ts';
import { route } from '$lib/server/hooks/door.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = route(async ({ params, locals }) => {
	const { pdf, name } = await sharedPdf(locals.services, visitorOf(locals, params.id));
	return pdfResponse(pdf, name);
});
