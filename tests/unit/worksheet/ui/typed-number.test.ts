import { describe, expect, it } from 'vitest';
import { displayUnit } from '$lib/report/format.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { parseTyped } from '$lib/worksheet/ui/typed-number.ts';
import { worksheet } from '../../../support/worksheet.ts';

const cm = { unit: 'cm', magnitude: false };

describe('what is typed into a number field', () => {
	it.each([
		['4.9', 4.9],
		['4,9', 4.9],
		['49 mm', 4.9],
		['49mm', 4.9],
		[' .5 ', 0.5],
		['−1', -1]
	])('%s is %d cm', (text, value) => {
		const typed = parseTyped(text, cm, 'cm');
		expect(typed.kind === 'value' && typed.value).toBeCloseTo(value, 9);
	});

	it('a bare number is in the unit that is shown', () => {
		const typed = parseTyped('49', cm, 'mm');
		expect(typed.kind === 'value' && typed.value).toBeCloseTo(4.9, 9);
	});

	it('50-55 is a visual estimate with its middle', () => {
		expect(parseTyped('50-55', { unit: '%', magnitude: false }, '%')).toEqual({
			kind: 'value',
			value: 52.5,
			range: { low: 50, high: 55 }
		});
	});

	it('a Doppler velocity loses its sign', () => {
		const typed = parseTyped('-4.2', { unit: 'm/s', magnitude: true }, 'm/s');
		expect(typed.kind === 'value' && typed.value).toBe(4.2);
	});

	it.each([
		['', 'empty'],
		['abc', 'not-a-number'],
		['55-50', 'not-a-number'],
		['4.9 kg', 'unknown-unit'],
		['4.9 parsec', 'unknown-unit']
	])('"%s" is %s', (text, kind) => {
		expect(parseTyped(text, cm, 'cm').kind).toBe(kind);
	});

	it('a carotid velocity is in cm/s, as it is read and spoken', () => {
		const { display } = practiceSettingsSchema.parse({});
		const { measurements } = worksheet('carotid-duplex');
		const velocities = Object.values(measurements).filter(({ unit }) => unit === 'cm/s');
		expect(velocities.length).toBeGreaterThan(20);
		for (const velocity of velocities) {
			// Taken for m/s it would be beyond the hard limits, and nothing would be computed with it.
			const typed = parseTyped('125', velocity, displayUnit(velocity, display));
			expect(typed.kind === 'value' && typed.value).toBe(125);
		}
		expect(parseTyped('1.25 m/s', { unit: 'cm/s', magnitude: false }, 'cm/s')).toMatchObject({
			value: 125
		});
	}, 30_000);
});
