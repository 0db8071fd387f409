import { DomainError } from '$lib/errors.ts';
import type { VersionId } from '$lib/ids.ts';
import { route } from '$lib/server/hooks/door.ts';
import { exportObject } from '$lib/server/outbox/export-object.ts';
import { readVersion } from '$lib/server/queries/report-versions.ts';
import type { RequestHandler } from './$types';

/** The version as the DICOM SR that is stored in the archive. */
export const GET: RequestHandler = route(async ({ params, locals }) => {
	const { actor, services } = locals;
	if (actor.kind !== 'user') throw new DomainError('not_signed_in');
	const version = await readVersion(services, actor, params.id as VersionId, 'sr');
	const bytes = await exportObject(services, version, 'dicom-sr');
	return new Response(new Uint8Array(bytes), {
		headers: {
			'content-type': 'application/dicom',
			'content-disposition': `attachment; filename="report-v${version.number}.dcm"`,
			'x-content-type-options': 'nosniff',
			'cache-control': 'private, no-store'
		}
	});
});
