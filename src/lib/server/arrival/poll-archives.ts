import { and, eq, inArray } from 'drizzle-orm';
import { number, text, type DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { DomainError } from '$lib/errors.ts';
import { isUid, type PracticeId, type StudyUid } from '$lib/ids.ts';
import { archives, practiceStudies } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import type { ArchiveRow } from './filing.ts';
import { indexFromArchive } from './index-from-archive.ts';

const pageSize = 100;
const dayMs = 86_400_000;

/**
 * Every outside archive; one that is away does not keep us from the others. The environment names
 * one address, so archives of several practices are one archive, and nobody knows whose a study in
 * it is: then nothing is taken by asking, and each practice has what was sent through us for it.
 */
export async function pollArchives(
	services: Services,
	scope: { recentDays: number } | 'all'
): Promise<{ found: number; unavailable: number }> {
	const rows = await services.db.select().from(archives).where(eq(archives.kind, 'dicomweb'));
	let found = 0;
	let unavailable = 0;
	if (new Set(rows.map((row) => row.practiceId)).size > 1) {
		services.log.debug('several practices share the outside archive: it is not polled');
		return { found, unavailable };
	}
	for (const archive of rows) {
		try {
			found += await pollArchive(services, archive.practiceId, archive, scope);
		} catch (error) {
			if (!(error instanceof DomainError)) throw error;
			unavailable++;
			services.log.warn({ archive: archive.id, code: error.code }, 'archive not polled');
		}
	}
	return { found, unavailable };
}

/**
 * Asks an archive for its studies and indexes those of which it holds another number of instances
 * than when we last looked. `recentDays` asks by Study Date; old studies that were sent again are
 * found by `all`. Returns how many instances were new.
 */
export async function pollArchive(
	services: Services,
	practiceId: PracticeId,
	archive: ArchiveRow,
	scope: { recentDays: number } | 'all'
): Promise<number> {
	const filters: Record<string, string> =
		scope === 'all' ? {} : { StudyDate: `${compactDate(services.clock(), scope.recentDays)}-` };
	let found = 0;
	const seen = new Set<string>();
	for (let offset = 0; ; offset += pageSize) {
		const page = await (
			await services.archives.get(archive.id)
		).search({
			level: 'studies',
			filters,
			includeFields: [tags.NumberOfStudyRelatedInstances],
			limit: pageSize,
			offset
		});
		const fresh = page.filter((dataset) => !seen.has(text(dataset, tags.StudyInstanceUID)));
		for (const dataset of fresh) seen.add(text(dataset, tags.StudyInstanceUID));
		for (const studyUid of await changedStudies(services, practiceId, archive, fresh)) {
			const request = { practiceId, archive, studyUid, origin: 'archive' };
			try {
				found += await indexFromArchive(services, request);
			} catch (error) {
				// One study that cannot be read, or is filed under another patient, hides no other.
				if (!(error instanceof DomainError) || error.code === 'archive_unavailable') throw error;
				services.log.warn({ archive: archive.id, code: error.code }, 'study not indexed');
			}
		}
		// An archive that ignores the offset gives the same page for ever.
		if (page.length < pageSize || !fresh.length) return found;
	}
}

async function changedStudies(
	services: Services,
	practiceId: PracticeId,
	archive: ArchiveRow,
	page: readonly DicomJson[]
): Promise<StudyUid[]> {
	const counts = new Map<StudyUid, number | null>();
	for (const dataset of page) {
		const uid = text(dataset, tags.StudyInstanceUID);
		if (isUid(uid)) {
			counts.set(uid as StudyUid, number(dataset, tags.NumberOfStudyRelatedInstances));
		}
	}
	if (!counts.size) return [];
	const known = await services.db
		.select({
			uid: practiceStudies.studyUid,
			instances: practiceStudies.instanceCount,
			expected: practiceStudies.expectedInstances
		})
		.from(practiceStudies)
		.where(
			and(
				eq(practiceStudies.practiceId, practiceId),
				eq(practiceStudies.archiveId, archive.id),
				inArray(practiceStudies.studyUid, [...counts.keys()])
			)
		);
	for (const { uid, instances, expected } of known) {
		const count = counts.get(uid);
		// Seen at this number already: what we could not index then we cannot index now.
		if (count === instances || count === expected) counts.delete(uid);
	}
	return [...counts.keys()];
}

/** `20260312`, `days` before now. A zone either way is a day, so one more is asked for. */
function compactDate(now: Date, days: number): string {
	const at = new Date(now.getTime() - (days + 1) * dayMs);
	return at.toISOString().slice(0, 10).replaceAll('-', '');
}
