import { and, eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, PracticeId } from '$lib/ids.ts';
import { archives } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import type { Filing } from './index-objects.ts';

export type ArchiveRow = Pick<typeof archives.$inferSelect, 'id' | 'name' | 'kind' | 'timeZone'>;

/** Where this actor's objects go: a machine's own archive, a named one, or the practice's. */
export async function filingOf(
	services: Services,
	actor: Exclude<Actor, { kind: 'nobody' }>,
	{ origin, archiveId }: { origin: string; archiveId?: ArchiveId }
): Promise<Filing & { archive: ArchiveRow }> {
	const named = actor.kind === 'modality' ? actor.archiveId : archiveId;
	const archive = named
		? await archiveRow(services, actor.practiceId, named)
		: await archiveOfPractice(services, actor.practiceId);
	return { practiceId: actor.practiceId, archive, origin };
}

export async function archiveRow(
	services: Services,
	practiceId: PracticeId,
	id: ArchiveId
): Promise<ArchiveRow> {
	const [row] = await services.db
		.select()
		.from(archives)
		.where(and(eq(archives.id, id), eq(archives.practiceId, practiceId)));
	if (!row) throw new DomainError('archive_unavailable', 'This practice has no such archive.');
	return row;
}

async function archiveOfPractice(services: Services, practiceId: PracticeId): Promise<ArchiveRow> {
	const archive = await services.archives.ofPractice(practiceId);
	return archiveRow(services, practiceId, archive.id);
}
