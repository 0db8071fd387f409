import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { openThings } from '../access-registry.ts';
import { Refusal } from '../access/require.ts';
import { studyEvents, type StudyEvent } from './events.ts';

/**
 * The practice's events for an open work list, until the screen goes or the session ends (A5). Only
 * for those who see the whole list: for others even "something changed" would say too much (c3).
 */
export async function* watchStudies(
	actor: UserActor,
	signal: AbortSignal | undefined
): AsyncGenerator<Pick<StudyEvent, 'studyId' | 'kind'>> {
	const { practiceId } = actor;
	if (!can(actor, 'study.list', { practiceId, columnsOnly: true })) {
		throw new Refusal('not_allowed', 'study.list');
	}
	const ended = new AbortController();
	const forget = openThings.add({
		keys: [`user:${actor.userId}`, `session:${actor.sessionId}`, `practice:${practiceId}`],
		close: () => ended.abort()
	});
	const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
	try {
		for await (const { studyId, kind } of studyEvents(practiceId, either)) yield { studyId, kind };
	} finally {
		forget();
	}
}
