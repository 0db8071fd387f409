import type pg from 'pg';

interface Counter {
	count: number;
}

const counters = new WeakMap<object, Counter>();

/** How much this process has written through a database; null for one that is not counted. */
export const writesOf = (db: object): number | null => counters.get(db)?.count ?? null;

/**
 * From now on every statement of the pool that may change something counts once it is answered, a
 * COMMIT too. Facts that were read before are then no longer believed (`access/recent-facts.ts`).
 */
export function countWrites(pool: pg.Pool, db: object): void {
	const counter: Counter = { count: 0 };
	counters.set(db, counter);
	const written = () => {
		counter.count++;
	};
	pool.on('connect', (client) => {
		const query = client.query.bind(client) as (...args: unknown[]) => unknown;
		const counted = (...args: unknown[]): unknown => {
			if (!mayWrite(args[0])) return query(...args);
			const last = args.at(-1);
			if (typeof last === 'function') {
				const told = (...answer: unknown[]): void => {
					written();
					last(...answer);
				};
				return query(...args.slice(0, -1), told);
			}
			const answer = query(...args);
			// Also what failed: the answer may have been lost, not the change.
			if (answer instanceof Promise) return answer.finally(written);
			written();
			return answer;
		};
		client.query = counted as typeof client.query;
	});
}

const harmless = /^\s*(?:select|begin|savepoint|release savepoint|set transaction)\b/i;

/** Whatever is not plainly harmless counts: a needless look at the database is all it costs. */
function mayWrite(statement: unknown): boolean {
	const text =
		typeof statement === 'string' ? statement : (statement as { text?: unknown } | null)?.text;
	return typeof text !== 'string' || !harmless.test(text);
}
