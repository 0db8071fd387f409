import type { Actor } from '$lib/access/actor.ts';
import type { StudyId } from '$lib/ids.ts';
import { nameOf } from '../audit/record.ts';
import type { Services } from '../services.ts';

/** One opening: what is read within it is one event (M1). */
const openingMs = 15 * 60_000;
const most = 20_000;

interface Opening {
	at: number;
	committed: Promise<void>;
}

/** By database, so that two sets of services in one process do not believe each other's events. */
const openings = new WeakMap<object, Map<string, Opening>>();

/**
 * Returns when the reading of this study's images is in the audit log: before the first byte, once
 * for an actor, a study and a quarter of an hour. If it cannot be recorded, it throws, and the read
 * is refused (M3). Requests that come at the same time wait for the same commit.
 */
export async function recordImageRead(
	services: Services,
	actor: Actor,
	studyId: StudyId,
	door: string
): Promise<void> {
	const ofServices = openings.get(services.db) ?? new Map<string, Opening>();
	openings.set(services.db, ofServices);
	const session = 'sessionId' in actor ? actor.sessionId : '';
	const key = `${nameOf(actor)} ${session} ${studyId}`;
	const now = services.clock().getTime();
	const open = ofServices.get(key);
	if (open && now >= open.at && now - open.at < openingMs) return open.committed;

	if (ofServices.size >= most) forgetOld(ofServices, now);
	const opening: Opening = { at: now, committed: write(services, actor, studyId, door) };
	ofServices.set(key, opening);
	try {
		await opening.committed;
	} catch (error) {
		if (ofServices.get(key) === opening) ofServices.delete(key);
		throw error;
	}
}

function write(services: Services, actor: Actor, studyId: StudyId, door: string): Promise<void> {
	return services.db.transaction((tx) =>
		services.audit.record(tx, actor, {
			action: 'study.opened',
			object: `study:${studyId}`,
			detail: { door }
		})
	);
}

function forgetOld(map: Map<string, Opening>, now: number): void {
	for (const [key, { at }] of map) if (now - at >= openingMs) map.delete(key);
	// Still too many: the oldest are recorded once more, which is never wrong.
	for (const key of map.keys()) {
		if (map.size < most) break;
		map.delete(key);
	}
}
