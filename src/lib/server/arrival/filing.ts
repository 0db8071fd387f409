import { and, eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, PracticeId } from '$lib/ids.ts';
import { archives } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import type { Filing } from './index-objects.ts';

export type ArchiveRow = Pick<typeof archives.$inferSelect, 'id' | 'name' | 'kind' | 'timeZone'>;

/** Where this actor's objects go: a machine's own archive, or the one bound to the practice. */
export async function filingOf(
	services: Services,
	actor: Exclude<Actor, { kind: 'nobody' }>,
	origin: string
): Promise<Filing & { archive: ArchiveRow }> {
	const archive =
		actor.kind === 'modality'
			? await archiveRow(services, actor.practiceId, actor.archiveId)
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
