import { DomainError } from '$lib/errors.ts';
import type { VersionId } from '$lib/ids.ts';
import { route } from '$lib/server/hooks/door.ts';
import { pdfResponse } from '$lib/server/documents/pdf-response.ts';
import { readVersion } from '$lib/server/queries/report-versions.ts';
import type { RequestHandler } from './$types';

/** The signed PDF, byte for byte (L4). */
export const GET: RequestHandler = route(async ({ params, locals }) => {
	const { actor, services } = locals;
	if (actor.kind !== 'user') throw new DomainError('not_signed_in');
	const version = await readVersion(services, actor, params.id as VersionId, 'pdf');
	return pdfResponse(version.pdf, `report-v${version.number}.pdf`);
});
