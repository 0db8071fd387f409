import { describe, expect, it } from 'vitest';
import { leftBehind, leftCodes, leftCounts } from '$lib/worksheet/exchange/left-behind.ts';
import { leftText } from '../../../../src/cli/left-behind-text.ts';

describe('what an exchange left behind', () => {
	it('has words for every code, with what they are about put in', () => {
		for (const code of leftCodes) {
			const said = leftText(leftBehind(code, { field: 'Field', what: 'what', count: 7 }));
			expect(said, code).not.toBe(code);
			expect(said, code).not.toMatch(/[{}]/);
			expect(said, code).toMatch(/Field|7/);
		}
		expect(leftText(leftBehind('unit', { field: 'Length', what: 'ells' }))).toBe(
			'“Length”: its unit “ells”'
		);
	});

	it('puts words of the template in as they are, and cuts what is too long', () => {
		expect(leftText(leftBehind('words', { field: '{count}$&' }))).toBe(
			'“{count}$&”: words without a field'
		);
		expect(leftBehind('words', { field: 'x'.repeat(500) }).field).toHaveLength(80);
	});

	it('is counted only where there is any', () => {
		expect(leftCounts({ scripts: 0, styles: 2 })).toEqual([leftBehind('styles', { count: 2 })]);
	});
});
