import { createHash } from 'node:crypto';
import type { Actor } from '$lib/access/actor.ts';
import { nameOf } from '../audit/record.ts';
import type { Services } from '../services.ts';

const againMs = 15 * 60_000;
const most = 20_000;
const lately = new WeakMap<object, Map<string, number>>();

/**
 * A search of the list is an event (M1): once for an actor and the same question in a quarter of an
 * hour, since a list refreshes itself and a search runs while it is typed. Never what was typed.
 */
export async function recordSearch(
	services: Services,
	actor: Actor,
	question: unknown,
	results: number
): Promise<void> {
	const seen = lately.get(services.db) ?? new Map<string, number>();
	lately.set(services.db, seen);
	const now = services.clock().getTime();
	const hash = createHash('sha256').update(JSON.stringify(question)).digest('hex');
	const key = `${nameOf(actor)} ${hash}`;
	const before = seen.get(key);
	if (before !== undefined && now >= before && now - before < againMs) return;
	await services.db.transaction((tx) =>
		services.audit.record(tx, actor, {
			action: 'study.searched',
			detail: { door: 'work-list', results }
		})
	);
	if (seen.size >= most) seen.clear();
	seen.set(key, now);
}
