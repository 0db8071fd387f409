import type { JobActor } from '$lib/access/actor.ts';
import type { PracticeId, StudyId } from '$lib/ids.ts';
import type { Services } from '../services.ts';
import { announceStudy } from './events.ts';

/** What a commit brought into the index. */
export interface Arrival {
	studyId: StudyId;
	added: boolean;
	newInstances: number;
	newDocuments: number;
}

/**
 * What follows from objects that are in the index now: lists hear of it at once, and the report is
 * begun or updated when there is a structured report to fill it from. Call it after the commit.
 */
export function afterArrival(
	services: Services,
	practiceId: PracticeId,
	arrivals: readonly Arrival[]
): void {
	for (const { studyId, added, newInstances, newDocuments } of arrivals) {
		if (!newInstances) continue;
		announceStudy({ practiceId, studyId, kind: added ? 'added' : 'instances' });
		if (newDocuments) fillReport(services, practiceId, studyId);
	}
}

/** A study has gone quiet: now its report begins, also when no structured report came with it. */
export function afterQuiet(services: Services, practiceId: PracticeId, studyId: StudyId): void {
	announceStudy({ practiceId, studyId, kind: 'arrived' });
	fillReport(services, practiceId, studyId);
}

/** A study is opened and has no report yet: try again what failed, or never ran, at its arrival. */
export const requestReport = fillReport;

/** Begins or updates the report of a study from its documents. */
export type FillReport = (
	services: Services,
	actor: JobActor,
	input: { studyId: StudyId }
) => Promise<unknown>;

const slot = Symbol.for('readroom.fill-report');
interface Shared {
	fill: FillReport | null;
	/** One at a time for a study; `again` when more came meanwhile. */
	running: Map<StudyId, { again: boolean; done: Promise<void> }>;
}
const holder = globalThis as { [slot]?: Shared };
const shared: Shared = (holder[slot] ??= { fill: null, running: new Map() });

/** Sets what begins reports; the composition root does it once. */
export function setFillReport(fill: FillReport | null): void {
	shared.fill = fill;
}

function fillReport(services: Services, practiceId: PracticeId, studyId: StudyId): void {
	const { fill } = shared;
	if (!fill) return;
	const running = shared.running.get(studyId);
	if (running) {
		running.again = true;
		return;
	}
	const state = { again: false, done: Promise.resolve() };
	const actor: JobActor = { kind: 'job', name: 'arrival', practiceId, onBehalfOf: null };
	state.done = (async () => {
		do {
			state.again = false;
			try {
				await fill(services, actor, { studyId });
				announceStudy({ practiceId, studyId, kind: 'report' });
			} catch (error) {
				// The study stands in the list and can be read; opening it tries again.
				services.log.error({ studyId, err: error }, 'report could not be filled');
			}
		} while (state.again);
		shared.running.delete(studyId);
	})();
	shared.running.set(studyId, state);
}

/** When everything that arrivals started has ended; for tests and for stopping. */
export async function arrivalsSettled(): Promise<void> {
	while (shared.running.size) {
		await Promise.all([...shared.running.values()].map((r) => r.done));
	}
}
