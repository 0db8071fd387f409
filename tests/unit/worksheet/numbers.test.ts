import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatNumber, roundHalfUp } from '$lib/worksheet/numbers.ts';

it.each([
	[2.65, 1, 2.7],
	[1.005, 2, 1.01],
	[0.125, 2, 0.13],
	[2.6499999999999995, 1, 2.7],
	[2.649, 1, 2.6],
	[-16.5, 0, -17],
	[-0.04, 1, 0],
	[34.5, 0, 35],
	[1e21, 2, 1e21]
])('N4: %d at %d decimals is %d', (value, decimals, expected) => {
	expect(roundHalfUp(value, decimals)).toBe(expected);
});

it('N4: rounding stays within half a step, and rounding twice changes nothing', () => {
	fc.assert(
		fc.property(
			fc.double({ min: -1e6, max: 1e6, noNaN: true }),
			fc.integer({ min: 0, max: 4 }),
			(value, decimals) => {
				const rounded = roundHalfUp(value, decimals);
				expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
				expect(roundHalfUp(rounded, decimals)).toBe(rounded);
			}
		)
	);
});

it('prints fixed decimals and no negative zero', () => {
	expect(formatNumber(4, 1)).toBe('4.0');
	expect(formatNumber(-0.01, 1)).toBe('0.0');
	expect(formatNumber(-18.25, 1)).toBe('-18.3');
});
