import { describe, expect, it } from 'vitest';
import {
	endOfNextWorkingDay,
	turnaroundClock,
	type ClockInput,
	type PracticeCalendar
} from '$lib/worklist/clock.ts';

const calendar: PracticeCalendar = {
	timeZone: 'Europe/Berlin',
	workingDays: [1, 2, 3, 4, 5],
	holidays: [],
	clocks: { inpatientHours: 24, finalHours: 48 }
};
const at = (text: string) => new Date(text);
/** Thursday noon in Berlin. */
const thursday = at('2026-03-12T11:00:00Z');

const input = (changes: Partial<ClockInput> = {}): ClockInput => ({
	state: 'in_progress',
	arrivedAt: thursday,
	interpretedAt: null,
	inpatient: false,
	stat: false,
	...changes
});
const due = (changes: Partial<ClockInput>, of = calendar) =>
	turnaroundClock(input(changes), of, thursday)?.dueAt.toISOString();

describe('the turnaround clock', () => {
	it('gives an inpatient study 24 hours from its arrival', () => {
		expect(due({ inpatient: true })).toBe('2026-03-13T11:00:00.000Z');
	});

	it('gives an outpatient study until midnight after the next working day', () => {
		expect(due({})).toBe('2026-03-13T23:00:00.000Z');
	});

	it('skips the weekend for an outpatient of Friday', () => {
		expect(due({ arrivedAt: at('2026-03-13T11:00:00Z') })).toBe('2026-03-16T23:00:00.000Z');
	});

	it('skips holidays', () => {
		const easter = { ...calendar, holidays: ['2026-04-03', '2026-04-06'] };
		expect(endOfNextWorkingDay(at('2026-04-02T10:00:00Z'), easter).toISOString()).toBe(
			'2026-04-07T22:00:00.000Z'
		);
	});

	it('takes the day of arrival in the practice’s zone, not in UTC', () => {
		// 23:30 UTC on Thursday is Friday in Berlin, so the next working day is Monday.
		expect(due({ arrivedAt: at('2026-03-12T23:30:00Z') })).toBe('2026-03-16T23:00:00.000Z');
		expect(due({ arrivedAt: at('2026-03-12T22:30:00Z') })).toBe('2026-03-13T23:00:00.000Z');
	});

	it('ends a working day at local midnight on both sides of a change of the hour', () => {
		const sundayToo = { ...calendar, workingDays: [0, 1, 2, 3, 4, 5, 6] };
		// 2026-03-29 has 23 hours in Berlin.
		expect(endOfNextWorkingDay(at('2026-03-28T11:00:00Z'), sundayToo).toISOString()).toBe(
			'2026-03-29T22:00:00.000Z'
		);
		// 2026-10-25 has 25 hours.
		expect(endOfNextWorkingDay(at('2026-10-24T10:00:00Z'), sundayToo).toISOString()).toBe(
			'2026-10-25T23:00:00.000Z'
		);
	});

	it('counts elapsed hours for an inpatient over the change of the hour', () => {
		const clock = turnaroundClock(
			input({ inpatient: true, arrivedAt: at('2026-03-28T11:00:00Z') }),
			calendar,
			thursday
		);
		expect(clock?.dueAt.toISOString()).toBe('2026-03-29T11:00:00.000Z');
	});

	it('follows a practice’s own working week', () => {
		const gulf = { ...calendar, timeZone: 'Asia/Riyadh', workingDays: [0, 1, 2, 3, 4] };
		expect(endOfNextWorkingDay(thursday, gulf).toISOString()).toBe('2026-03-15T21:00:00.000Z');
	});

	it('ends even for a practice without working days', () => {
		expect(endOfNextWorkingDay(thursday, { ...calendar, workingDays: [] }).toISOString()).toBe(
			'2026-03-13T23:00:00.000Z'
		);
	});

	it('wants a STAT study at once', () => {
		const clock = turnaroundClock(input({ stat: true, inpatient: true }), calendar, thursday);
		expect(clock).toMatchObject({ rule: 'immediate', dueAt: thursday, standing: 'overdue' });
	});

	it('gives 48 hours from the interpretation to the final signature', () => {
		const clock = turnaroundClock(
			input({ state: 'preliminary', interpretedAt: at('2026-03-13T09:00:00Z') }),
			calendar,
			thursday
		);
		expect(clock).toMatchObject({ task: 'finalise', dueAt: at('2026-03-15T09:00:00Z') });
	});

	it('has not started while a study arrives, and has stopped when it is final', () => {
		expect(turnaroundClock(input({ state: 'arriving', arrivedAt: null }), calendar, thursday)).toBe(
			null
		);
		for (const state of ['final', 'amended'] as const) {
			expect(turnaroundClock(input({ state }), calendar, thursday)).toBe(null);
		}
	});

	it('says soon in the last fifth and overdue from the due time on', () => {
		const standing = (now: string) =>
			turnaroundClock(input({ inpatient: true }), calendar, at(now))?.standing;
		expect(standing('2026-03-13T06:11:59Z')).toBe('in_time');
		expect(standing('2026-03-13T06:12:00Z')).toBe('soon');
		expect(standing('2026-03-13T10:59:59Z')).toBe('soon');
		expect(standing('2026-03-13T11:00:00Z')).toBe('overdue');
	});
});
