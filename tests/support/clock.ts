import type { Clock, NewId } from '$lib/ids.ts';

export interface TestClock {
	clock: Clock;
	/** Moves with `advance` alone, also when the clock is set. */
	ticks: () => number;
	/** Moves on; milliseconds. Never moves by itself. */
	advance(ms: number): void;
	set(at: Date): void;
}

export const minutes = (n: number) => n * 60_000;
export const hours = (n: number) => n * 3_600_000;
export const days = (n: number) => n * 86_400_000;

export function createTestClock(start = '2026-03-02T09:00:00.000Z'): TestClock {
	let now = new Date(start).getTime();
	let passed = 0;
	return {
		clock: () => new Date(now),
		ticks: () => passed,
		advance: (ms) => {
			now += ms;
			passed += ms;
		},
		set: (at) => void (now = at.getTime())
	};
}

/** Ids that are the same in every run: `t1`, `t2`, … */
export function createTestIds(prefix = 't'): NewId {
	let n = 0;
	return () => `${prefix}${++n}`;
}
