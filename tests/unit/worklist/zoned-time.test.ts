import { describe, expect, it } from 'vitest';
import {
	addDays,
	instantOf,
	isZone,
	localDate,
	localTime,
	offsetMs,
	startOfDate,
	weekday
} from '$lib/worklist/zoned-time.ts';

const berlin = 'Europe/Berlin';
const at = (text: string) => new Date(text);
const local = (text: string) => {
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text
		.split(/\D/)
		.map(Number);
	return { year, month, day, hour, minute, second };
};

describe('zoned time', () => {
	it('reads the wall clock of a zone in winter and in summer', () => {
		expect(localTime(at('2026-01-15T12:00:00Z'), berlin)).toEqual(local('2026-01-15T13:00:00'));
		expect(localTime(at('2026-07-15T12:00:00Z'), berlin)).toEqual(local('2026-07-15T14:00:00'));
		expect(localTime(at('2026-07-15T23:30:00Z'), 'Asia/Kathmandu')).toEqual(
			local('2026-07-16T05:15:00')
		);
	});

	it('shows midnight as hour 0, never as 24', () => {
		expect(localTime(at('2026-01-14T23:00:00Z'), berlin).hour).toBe(0);
	});

	it('finds the instant of a reading again, all over the year', () => {
		for (const zone of [berlin, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC']) {
			for (let hour = 0; hour < 366 * 24; hour += 7) {
				const instant = new Date(Date.UTC(2026, 0, 1, hour, 13, 5));
				const back = instantOf(localTime(instant, zone), zone);
				// A doubled hour may answer with its first occurrence.
				expect([0, 1_800_000, 3_600_000]).toContain(instant.getTime() - back.getTime());
			}
		}
	});

	it('takes the first of two equal readings in autumn', () => {
		expect(instantOf(local('2026-10-25T02:30:00'), berlin).toISOString()).toBe(
			'2026-10-25T00:30:00.000Z'
		);
	});

	it('reads a skipped hour in spring with the offset before the change', () => {
		const instant = instantOf(local('2026-03-29T02:30:00'), berlin);
		expect(instant.toISOString()).toBe('2026-03-29T01:30:00.000Z');
		expect(localTime(instant, berlin).hour).toBe(3);
	});

	it('gives the offset east of Greenwich', () => {
		expect(offsetMs(at('2026-07-01T00:00:00.500Z'), berlin)).toBe(7_200_000);
		expect(offsetMs(at('2026-07-01T00:00:00Z'), 'America/New_York')).toBe(-14_400_000);
	});

	it('knows on which date an instant falls and when a date begins', () => {
		expect(localDate(at('2026-03-11T23:30:00Z'), berlin)).toBe('2026-03-12');
		expect(startOfDate('2026-03-12', berlin).toISOString()).toBe('2026-03-11T23:00:00.000Z');
		// Midnight does not exist here on this day.
		expect(startOfDate('2018-11-04', 'America/Sao_Paulo').toISOString()).toBe(
			'2018-11-04T03:00:00.000Z'
		);
	});

	it('counts days and weekdays over month ends and leap days', () => {
		expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
		expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
		expect(weekday('2026-03-15')).toBe(0);
	});

	it('tells a zone from a word', () => {
		expect(isZone('Europe/Berlin')).toBe(true);
		expect(isZone('Mars/Olympus')).toBe(false);
	});
});
