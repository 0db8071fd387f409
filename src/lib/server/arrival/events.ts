import type { PracticeId, StudyId } from '$lib/ids.ts';

/** Something that the work list shows has changed. */
export interface StudyEvent {
	practiceId: PracticeId;
	studyId: StudyId;
	/** `added` for the first objects of a study, `arrived` when it has gone quiet. */
	kind: 'added' | 'instances' | 'arrived' | 'assigned' | 'patient' | 'report' | 'presence';
}

type Listener = (event: StudyEvent) => void;

/**
 * Listeners of this process, by practice: a list never hears of another practice. On `globalThis`,
 * so that a module reloaded in development still reaches those who subscribed to the old one.
 */
const slot = Symbol.for('readroom.study-events');
const shared = globalThis as { [slot]?: Map<PracticeId, Set<Listener>> };
const listeners = (shared[slot] ??= new Map());

/** Call it after the commit: whoever hears it looks at once. A listener that fails stops nobody. */
export function announceStudy(event: StudyEvent): void {
	for (const listener of [...(listeners.get(event.practiceId) ?? [])]) {
		try {
			listener(event);
		} catch {
			// A listener is a screen on its way out; the others still have to hear.
		}
	}
}

/** Returns the function that ends it. */
export function listenToStudies(practiceId: PracticeId, listener: Listener): () => void {
	const set = listeners.get(practiceId) ?? new Set();
	listeners.set(practiceId, set.add(listener));
	return () => {
		set.delete(listener);
		if (set.size === 0 && listeners.get(practiceId) === set) listeners.delete(practiceId);
	};
}

/** The events of a practice until `signal` aborts, none lost between two turns of the loop. */
export async function* studyEvents(
	practiceId: PracticeId,
	signal: AbortSignal
): AsyncGenerator<StudyEvent> {
	const waiting: StudyEvent[] = [];
	let wake: () => void = () => {};
	const stop = listenToStudies(practiceId, (event) => {
		// A screen that does not read needs no more than to look again.
		if (waiting.length < 1000) waiting.push(event);
		wake();
	});
	const onAbort = () => wake();
	signal.addEventListener('abort', onAbort);
	try {
		while (!signal.aborted) {
			const next = waiting.shift();
			if (next) yield next;
			else await new Promise<void>((resolve) => (wake = resolve));
		}
	} finally {
		signal.removeEventListener('abort', onAbort);
		stop();
	}
}
