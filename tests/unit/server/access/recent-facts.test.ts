import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { RecentFacts } from '$lib/server/access/recent-facts.ts';
import { countWrites } from '$lib/server/db/writes.ts';
import type { Services } from '$lib/server/services.ts';
import { createTestClock, type TestClock } from '../../../support/clock.ts';

/** A pool with one connection that answers when told to. */
function fakePool() {
	const pool = new EventEmitter();
	const answers: (() => void)[] = [];
	const client = {
		query: (_: string) => new Promise<void>((done) => answers.push(done))
	};
	const db = {};
	countWrites(pool as unknown as pg.Pool, db);
	pool.emit('connect', client);
	return { db, client, answer: () => answers.shift()?.() };
}

describe('facts that were read a moment ago', () => {
	let pool: ReturnType<typeof fakePool>;
	let time: TestClock;
	let facts: RecentFacts<string>;
	let reads: number;

	beforeEach(() => {
		pool = fakePool();
		time = createTestClock();
		facts = new RecentFacts();
		reads = 0;
	});

	const ask = (key = 'k', until: Date | null = null) =>
		facts.get(
			{ db: pool.db as Services['db'], clock: time.clock, ticks: time.ticks },
			key,
			async () => ({ value: `read ${++reads}`, until })
		);

	it('are read once, by those who ask at the same time too', async () => {
		expect(await Promise.all([ask(), ask(), ask()])).toEqual(['read 1', 'read 1', 'read 1']);
		time.advance(999);
		expect(await ask()).toBe('read 1');
	});

	it('are read anew after a second', async () => {
		await ask();
		time.advance(1000);
		expect(await ask()).toBe('read 2');
	});

	it('are read anew once a write has been answered, and not believed when they were read before', async () => {
		await ask();
		const writing = pool.client.query('update people set roles = 1');
		pool.answer();
		await writing;
		expect(await ask()).toBe('read 2');
	});

	it('are forgotten by the commit, not by what is written before it alone', async () => {
		for (const statement of ['begin', 'update x set y = 1']) {
			const sent = pool.client.query(statement);
			pool.answer();
			await sent;
		}
		// Read while the transaction is open: the old state.
		expect(await ask()).toBe('read 1');
		const commit = pool.client.query('commit');
		pool.answer();
		await commit;
		expect(await ask()).toBe('read 2');
	});

	it('survive what only reads', async () => {
		await ask();
		const reading = pool.client.query('select 1');
		pool.answer();
		await reading;
		expect(await ask()).toBe('read 1');
	});

	it('end at their own end, to the moment', async () => {
		const until = new Date(time.clock().getTime() + 500);
		await ask('k', until);
		time.advance(499);
		expect(await ask('k', until)).toBe('read 1');
		time.advance(1);
		expect(await ask('k', until)).toBe('read 2');
	});

	it('are not revived by a clock that was set back (N8)', async () => {
		const before = time.clock();
		await ask();
		time.advance(3_600_000);
		time.set(new Date(before.getTime() + 10));
		expect(await ask()).toBe('read 2');
		time.set(before);
		expect(await ask()).toBe('read 3');
	});

	it('are not kept when reading failed', async () => {
		const machine = { db: pool.db as Services['db'], clock: time.clock, ticks: time.ticks };
		const failing = facts.get(machine, 'k', () => Promise.reject(new Error('away')));
		await expect(failing).rejects.toThrow('away');
		expect(await ask()).toBe('read 1');
	});

	it('are not held for longer than they are believed', async () => {
		for (let i = 0; i < 100; i++) await ask(`old ${i}`);
		expect(facts.countFor(pool.db)).toBe(100);
		time.advance(1000);
		await ask('new');
		expect(facts.countFor(pool.db)).toBe(1);
	});
});
