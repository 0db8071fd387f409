import { writesOf } from '../db/writes.ts';
import type { Services } from '../services.ts';

/** How long what another process changes may go unnoticed, ms. Cuts are due within 2 s (A5, C5). */
const believedMs = 1000;
const most = 5000;

export interface Fact<T> {
	value: T;
	/** When it ends by itself, on our clock: a session, a token, a link. Null when it does not. */
	until: Date | null;
}

interface Entry<T> {
	fact: Promise<Fact<T>>;
	/** What had been written when reading began. */
	writes: number;
	/** When reading began: by what only goes forward, and by our clock. */
	ticks: number;
	at: number;
}

type Machine = Pick<Services, 'db' | 'clock' | 'ticks'>;

/**
 * Facts that a judgement needs, read from the database once for requests that come close together.
 * What is kept are facts, never a yes: every request is judged by `can` (B1). A fact is forgotten as
 * soon as this process has written anything, so that a change counts from the next request on (B4);
 * when it ends by itself; and after a second, because another process may have written.
 */
export class RecentFacts<T> {
	readonly #known = new WeakMap<object, Map<string, Entry<T>>>();

	/** `key` names everything that `read` depends on, the actor too where it does. */
	async get(machine: Machine, key: string, read: () => Promise<Fact<T>>): Promise<T> {
		const { db, clock } = machine;
		const writes = writesOf(db);
		if (writes === null) return (await read()).value;
		let known = this.#known.get(db);
		if (!known) this.#known.set(db, (known = new Map()));
		const [ticks, now] = [machine.ticks(), clock().getTime()];
		const entry = known.get(key);
		if (entry && entry.writes === writes && isYoung(entry, ticks, now)) {
			const { value, until } = await entry.fact;
			if (until === null || now < until.getTime()) return value;
		}
		forgetOld(known, ticks);
		const next: Entry<T> = { fact: read(), writes, ticks, at: now };
		// At the end of the order, so that the oldest are always in front.
		known.delete(key);
		known.set(key, next);
		try {
			return (await next.fact).value;
		} catch (error) {
			if (known.get(key) === next) known.delete(key);
			throw error;
		}
	}

	/** How many are held, for the test of their bound. */
	countFor(db: object): number {
		return this.#known.get(db)?.size ?? 0;
	}
}

function isYoung(entry: Entry<unknown>, ticks: number, now: number): boolean {
	const age = now - entry.at;
	// A clock set back revives nothing (N8).
	return ticks - entry.ticks < believedMs && age >= 0 && age < believedMs;
}

/** Nothing is held for longer than it is believed, nor more than a bound. */
function forgetOld(known: Map<string, Entry<unknown>>, ticks: number): void {
	for (const [key, entry] of known) {
		if (ticks - entry.ticks < believedMs && known.size < most) return;
		known.delete(key);
	}
}
