import { describe, expect, it } from 'vitest';
import { isOf, meanOf, spreadOf } from '../../../src/lib/worksheet/beats.ts';
import type { Entry, Sample } from '../../../src/lib/worksheet/entry.ts';

const drawn = (annotationId: string, also?: string[]) => ({
	kind: 'caliper' as const,
	annotationId,
	sopInstanceUid: '1.2',
	frame: 1,
	...(also ? { also } : {})
});
const entry = (value: number, id = 'c'): Entry => ({
	id: 'e',
	value,
	unit: 'cm',
	asSent: null,
	samples: [],
	derivation: 'single',
	range: null,
	status: 'given',
	source: drawn(id),
	by: 'me',
	at: '2026-01-01T00:00:00Z',
	suggestion: false
});
const beat = (value: number, id: string, selected = true): Sample => ({
	value,
	selected,
	source: drawn(id)
});

describe('several beats of one field', () => {
	it('one beat is what it is', () => expect(meanOf(entry(4), [])).toEqual(entry(4)));
	it('the mean counts, and each keeps its drawing', () => {
		const mean = meanOf(entry(5), [beat(4, 'a'), beat(4.5, 'b')]);
		expect(mean).toMatchObject({ value: 4.5, derivation: 'mean' });
		expect(mean.samples.map(({ value }) => value)).toEqual([4, 4.5, 5]);
		expect(spreadOf(mean.samples)).toBe(0.5);
	});
	it('a beat that was left out stays beside and does not count', () => {
		const mean = meanOf(entry(5), [beat(9, 'a', false), beat(4, 'b')]);
		expect(mean.value).toBe(4.5);
		expect(spreadOf(mean.samples)).toBe(0.5);
	});
	it('a volume of two planes is of both drawings', () => {
		const sample: Sample = { value: 100, selected: true, source: drawn('a', ['b']) };
		expect(isOf(sample, ['b'])).toBe(true);
		expect(isOf(sample, ['c', 'a'])).toBe(true);
		expect(isOf(sample, ['c'])).toBe(false);
		expect(isOf({ ...sample, source: { kind: 'person' } }, ['a'])).toBe(false);
	});
});
