import { describe, expect, it } from 'vitest';
import { isCriticalOpen, type CommunicationWay } from '$lib/report/critical.ts';

const open = (values: Record<string, unknown>) =>
	isCriticalOpen(
		Object.fromEntries(
			Object.entries(values).map(([field, value]) => [
				`critical.${field}`,
				(Array.isArray(value) ? value : [value]).map((each) => ({ value: each as unknown }))
			])
		)
	);
const complete = {
	present: 'yes',
	told: 'Dr Holm',
	date: '2026-03-12',
	time: '10:40',
	read_back: 'yes'
};

describe('a critical result', () => {
	it('is open from the mark until who, when and the reading back stand there', () => {
		expect(open({})).toBe(false);
		expect(open({ present: 'no' })).toBe(false);
		expect(open({ present: 'yes' })).toBe(true);
		for (const field of ['told', 'date', 'time', 'read_back']) {
			expect(open({ ...complete, [field]: null })).toBe(true);
			expect(open({ ...complete, [field]: '' })).toBe(true);
		}
		expect(open(complete)).toBe(false);
	});

	it('stays open when it was told and not read back, unless it went as a message', () => {
		expect(open({ ...complete, read_back: 'no' })).toBe(true);
		expect(open({ ...complete, read_back: 'no', how: 'message' })).toBe(false);
		expect(open({ ...complete, read_back: null, how: 'message' })).toBe(true);
	});

	it('takes the more careful of two values side by side', () => {
		expect(open({ present: ['no', 'yes'] })).toBe(true);
		expect(open({ ...complete, read_back: ['yes', 'no'] })).toBe(true);
	});

	it('is closed by what was recorded after signing, once it was read back or sent as a message', () => {
		const signedOpen = { 'critical.present': [{ value: 'yes' }] };
		const recorded = (...all: { how: CommunicationWay; readBack: boolean }[]) =>
			isCriticalOpen(signedOpen, all);
		expect(recorded()).toBe(true);
		expect(recorded({ how: 'phone', readBack: false })).toBe(true);
		expect(recorded({ how: 'message', readBack: false })).toBe(false);
		expect(recorded({ how: 'phone', readBack: false }, { how: 'in_person', readBack: true })).toBe(
			false
		);
	});

	it('is not made by a suggestion', () => {
		const suggestion = { value: 'yes', suggestion: true };
		expect(isCriticalOpen({ 'critical.present': [suggestion] })).toBe(false);
	});
});
