import { describe, expect, it } from 'vitest';
import { wallTime, wallTimeAt } from '$lib/worklist/wall-time.ts';

const berlin = 'Europe/Berlin';

describe('fields for a date and a time', () => {
	it('show an instant in the zone, and mean the same instant', () => {
		const at = new Date('2026-03-11T23:05:00Z');
		const shown = wallTime(at, berlin);
		expect(shown).toEqual({ date: '2026-03-12', time: '00:05' });
		expect(wallTimeAt(shown.date, shown.time, berlin)).toEqual(at);
	});

	it('mean nothing while one of them is empty', () => {
		expect(wallTimeAt('', '10:40', berlin)).toBeNull();
		expect(wallTimeAt('2026-03-12', '', berlin)).toBeNull();
	});
});
