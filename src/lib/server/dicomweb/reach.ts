import { and, asc, eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import type { StudyUid } from '$lib/ids.ts';
import { Refusal } from '../access/require.ts';
import { RecentFacts } from '../access/recent-facts.ts';
import { loadSubject } from '../access/subjects.ts';
import { isDocument } from '../arrival/documents.ts';
import { nameOf } from '../audit/record.ts';
import { practiceStudies, studyInstances } from '../db/schema/index.ts';
import { isStaff } from '../queries/study-cut.ts';
import type { Services } from '../services.ts';
import type { Flow } from './flow.ts';
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
	const found = await factsOf(services, actor, place.studyUid);
	if (!found) throw new DomainError('not_found');
	const { study, subject } = found;
	const all = await instancesAt(services, study, place);
	const seen = all.filter((instance) => maySee(actor, subject, instance, purpose));
	if (all.length && !seen.length) throw new Refusal('not_found', 'study.view-images');
	if (!seen.length) throw new DomainError('not_found');
	return { study, instances: seen };
}

/** The same, and for as long as what is made of it is on its way. */
export async function reachWhileSent(
	services: Services,
	actor: Actor,
	flow: Flow,
	place: Place,
	purpose: Purpose
): Promise<Reach> {
	const found = await reach(services, actor, place, purpose);
	flow.watch(async (now) => {
		const left = new Set((await reach(services, now, place, purpose)).instances.map(uidOf));
		if (!found.instances.every((each) => left.has(uidOf(each)))) throw new DomainError('not_found');
	});
	return found;
}

const uidOf = (instance: InstanceRow) => instance.sopUid;

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

interface StudyFacts {
	subject: Subject;
	study: StudyRow;
}

const studyFacts = new RecentFacts<StudyFacts | null>();
const listFacts = new RecentFacts<InstanceRow[] | null>();
/** A study with more than this is looked up place by place. */
const mostListed = 512;

/** What the policy needs to know of the study; of a link also how that stands. */
function factsOf(
	services: Services,
	actor: Exclude<Actor, { kind: 'nobody' }>,
	studyUid: StudyUid
): Promise<StudyFacts | null> {
	const { practiceId } = actor;
	// A patient is told of another version than a reader, a link of itself: facts are of one actor.
	return studyFacts.get(services, `${practiceId} ${nameOf(actor)} ${studyUid}`, async () => {
		const subject = await loadSubject(services.db, services, actor, { studyUid });
		const study = subject && (await findStudy(services, practiceId, studyUid));
		// A link's own end is an end of its visitor as well, and judged there to the moment.
		return { value: study ? { subject, study } : null, until: null };
	});
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
	const all = await listFacts.get(services, study.id, async () => {
		const list = await readInstances(services, study, null, mostListed + 1);
		return { value: list.length > mostListed ? null : list, until: null };
	});
	if (!all) return readInstances(services, study, place, null);
	const { seriesUid, sopUid } = place;
	return all.filter(
		(row) => (!seriesUid || row.seriesUid === seriesUid) && (!sopUid || row.sopUid === sopUid)
	);
}

async function readInstances(
	services: Services,
	study: StudyRow,
	place: Place | null,
	limit: number | null
): Promise<InstanceRow[]> {
	const found = services.db
		.select()
		.from(studyInstances)
		.where(
			and(
				eq(studyInstances.studyId, study.id),
				place?.seriesUid ? eq(studyInstances.seriesUid, place.seriesUid) : undefined,
				place?.sopUid ? eq(studyInstances.sopUid, place.sopUid) : undefined
			)
		)
		.orderBy(
			asc(studyInstances.seriesNumber),
			asc(studyInstances.seriesUid),
			asc(studyInstances.instanceNumber),
			asc(studyInstances.sopUid)
		);
	return limit === null ? found : found.limit(limit);
}
