import { eq, lt } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import { pendingArrivals } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { archiveRow } from './filing.ts';
import { indexFromArchive } from './index-from-archive.ts';

/** Longer than any store takes; then whoever wrote the row is gone. */
const abandonedMs = 120_000;

/**
 * Finishes arrivals that were cut off between archive and index: what the archive holds of those
 * studies is indexed now. Returns how many studies were looked at.
 */
export async function repairArrivals(
	services: Services,
	olderThanMs = abandonedMs
): Promise<number> {
	const before = new Date(services.clock().getTime() - olderThanMs);
	const rows = await services.db
		.select()
		.from(pendingArrivals)
		.where(lt(pendingArrivals.at, before))
		.orderBy(pendingArrivals.at)
		.limit(100);
	for (const row of rows) {
		try {
			const archive = await archiveRow(services, row.practiceId, row.archiveId);
			const { practiceId, studyUid, origin } = row;
			const found = await indexFromArchive(services, { practiceId, archive, studyUid, origin });
			services.log.info({ archive: archive.id, found }, 'interrupted arrival repaired');
		} catch (error) {
			const code = error instanceof DomainError ? error.code : 'internal';
			if (code === 'archive_unavailable') return 0;
			// Nothing was stored, or another patient holds the study: there is nothing to repair.
			if (code !== 'not_found') services.log.error({ code }, 'interrupted arrival not repaired');
			if (code === 'internal') continue;
		}
		await services.db.delete(pendingArrivals).where(eq(pendingArrivals.id, row.id));
	}
	return rows.length;
}
