import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keep } from '$lib/worksheet/ui/keep.ts';

describe('keeping what did not change', () => {
	it('takes the unchanged parts from before, and only them', () => {
		const before = {
			id: 'lv',
			rows: [
				{ id: 'a', text: '1' },
				{ id: 'b', text: '2' }
			]
		};
		const now = {
			id: 'lv',
			rows: [
				{ id: 'a', text: '1' },
				{ id: 'b', text: '3' }
			]
		};
		const kept = keep(before, now);
		expect(kept).toEqual(now);
		expect(kept).not.toBe(before);
		expect(kept.rows[0]).toBe(before.rows[0]);
		expect(kept.rows[1]).not.toBe(before.rows[1]);
		expect(keep(before, structuredClone(before))).toBe(before);
	});

	it('tells an absent part from one that is undefined, and a shorter list from a longer', () => {
		expect(keep({ a: undefined }, { b: undefined })).toEqual({ b: undefined });
		expect(keep([1, 2], [1])).toEqual([1]);
		expect(keep([1], [1, undefined])).toEqual([1, undefined]);
	});

	it('says the same as what is new, whatever was before', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.jsonValue(), (before, now) => {
				expect(keep(before, now)).toEqual(now);
				expect(keep(now, structuredClone(now))).toBe(now);
			})
		);
	});
});
