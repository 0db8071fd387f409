import { and, asc, eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import type { StudyUid } from '$lib/ids.ts';
import { Refusal } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { isDocument } from '../arrival/documents.ts';
import { practiceStudies, studyInstances } from '../db/schema/index.ts';
import { isStaff } from '../queries/study-cut.ts';
import type { Services } from '../services.ts';
import type { Place } from './path.ts';

export type InstanceRow = typeof studyInstances.$inferSelect;
type StudyRow = Pick<typeof practiceStudies.$inferSelect, 'id' | 'archiveId' | 'studyUid'>;

/** What of a place this actor may have, from the index alone: the archive is not asked (D3). */
export interface Reach {
	study: StudyRow;
	/** In the order of series and instance numbers; never empty. */
	instances: InstanceRow[];
}

/** How much is asked for at once: a loop to look at, or a whole study to take away (c4, C9). */
export type Purpose = 'view' | 'take';

/**
 * Judges every id of the place, each for itself and for how they belong together (B2), and leaves
 * only instances that this actor may see. Something of another practice, something outside a link
 * and something that does not exist are the same `not_found`.
 */
export async function reach(
	services: Services,
	actor: Actor,
	place: Place,
	purpose: Purpose
): Promise<Reach> {
	if (actor.kind === 'nobody') throw new Refusal('not_signed_in', 'study.view-images');
	const subject = await loadSubject(services.db, services, actor, { studyUid: place.studyUid });
	const study = subject && (await findStudy(services, actor.practiceId, place.studyUid));
	if (!study) throw new DomainError('not_found');
	const all = await instancesAt(services, study, place);
	const seen = all.filter((instance) => maySee(actor, subject, instance, purpose));
	if (all.length && !seen.length) throw new Refusal('not_found', 'study.view-images');
	if (!seen.length) throw new DomainError('not_found');
	return { study, instances: seen };
}

function maySee(actor: Actor, subject: Subject, instance: InstanceRow, purpose: Purpose): boolean {
	// What has no rows of pixels is a document or raw data: nothing that a link or a patient sees.
	const document = isDocument(instance.sopClass) || instance.rows === null;
	if (document && !isStaff(actor)) return false;
	const asked = { ...subject, sopUid: instance.sopUid, isDocument: document };
	if (!can(actor, 'study.view-images', { ...asked, item: 'images' })) return false;
	return (
		purpose === 'view' ||
		actor.kind !== 'grant' ||
		can(actor, 'study.view-images', { ...asked, item: 'download' })
	);
}

async function findStudy(
	services: Services,
	practiceId: Subject['practiceId'],
	studyUid: StudyUid
): Promise<StudyRow | null> {
	const [row] = await services.db
		.select({
			id: practiceStudies.id,
			archiveId: practiceStudies.archiveId,
			studyUid: practiceStudies.studyUid
		})
		.from(practiceStudies)
		.where(and(eq(practiceStudies.practiceId, practiceId), eq(practiceStudies.studyUid, studyUid)))
		.orderBy(asc(practiceStudies.firstInstanceAt))
		.limit(1);
	return row ?? null;
}

async function instancesAt(
	services: Services,
	study: StudyRow,
	place: Place
): Promise<InstanceRow[]> {
	return services.db
		.select()
		.from(studyInstances)
		.where(
			and(
				eq(studyInstances.studyId, study.id),
				place.seriesUid ? eq(studyInstances.seriesUid, place.seriesUid) : undefined,
				place.sopUid ? eq(studyInstances.sopUid, place.sopUid) : undefined
			)
		)
		.orderBy(
			asc(studyInstances.seriesNumber),
			asc(studyInstances.seriesUid),
			asc(studyInstances.instanceNumber),
			asc(studyInstances.sopUid)
		);
}
