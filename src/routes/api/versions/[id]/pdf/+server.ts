import { DomainError } from '$lib/errors.ts';
import type { VersionId } from '$lib/ids.ts';
import { route } from '$lib/server/hooks/door.ts';
import { pdfResponse } from '$lib/server/documents/pdf-response.ts';
import { versionPdf } from '$lib/server/queries/version-pdf.ts';
import type { RequestHandler } from './$types';

/** The PDF of one version. */
export const GET: RequestHandler = route(async ({ params, locals }) => {
	const { actor, services } = locals;
	if (actor.kind !== 'user') throw new DomainError('not_signed_in');
	const { pdf, name } = await versionPdf(services, actor, params.id as VersionId);
	return pdfResponse(pdf, name);
});
