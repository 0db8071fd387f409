import { describe, expect, it } from 'vitest';
import { displayUnit, formatNumber, roundHalfUp, show, unitText } from '$lib/report/format.ts';
import type { Measurement } from '$lib/worksheet/definition.ts';

const measurement = (unit: string, displayUnits: string[], decimals: number): Measurement => ({
	id: 'x',
	label: 'X',
	name: 'X',
	unit,
	displayUnits,
	decimals,
	kind: 'measured',
	magnitude: false,
	codes: []
});
const metric = { length: 'cm', velocity: 'm/s' } as const;

describe('numbers as they are shown', () => {
	it('round half up, whatever the binary fraction says', () => {
		expect(roundHalfUp(1.005, 2)).toBe(1.01);
		expect(roundHalfUp(0.45, 1)).toBe(0.5);
		expect(roundHalfUp(-0.125, 2)).toBe(-0.13);
	});

	it('keep their trailing zero and never show a negative zero', () => {
		expect(formatNumber(5, 1)).toBe('5.0');
		expect(formatNumber(-0.04, 1)).toBe('0.0');
	});

	it('write minus as a minus sign', () => {
		expect(formatNumber(-18.2, 1)).toBe('−18.2');
	});

	it('follow the practice from cm to mm, with the same true precision', () => {
		const wall = measurement('cm', ['cm', 'mm'], 1);
		expect(show(1.2, wall, metric)).toEqual({ text: '1.2', unit: 'cm', decimals: 1 });
		expect(show(1.2, wall, { length: 'mm', velocity: 'm/s' })).toEqual({
			text: '12',
			unit: 'mm',
			decimals: 0
		});
	});

	it('follow the practice from m/s to cm/s', () => {
		const jet = measurement('m/s', ['m/s', 'cm/s'], 2);
		const slow = { length: 'cm', velocity: 'cm/s' } as const;
		expect(show(2.71, jet, metric)).toEqual({ text: '2.71', unit: 'm/s', decimals: 2 });
		expect(show(2.71, jet, slow)).toEqual({ text: '271', unit: 'cm/s', decimals: 0 });
	});

	it('stay in the small unit in which everyone reads them', () => {
		const tissue = measurement('cm/s', ['cm/s', 'm/s'], 1);
		expect(show(7.4, tissue, metric)).toEqual({ text: '7.4', unit: 'cm/s', decimals: 1 });
		const intima = measurement('mm', ['mm', 'cm'], 2);
		expect(show(0.72, intima, metric)).toEqual({ text: '0.72', unit: 'mm', decimals: 2 });
	});

	it('stay in a unit that the dictionary does not offer for display', () => {
		const tissue = measurement('cm/s', ['cm/s'], 1);
		expect(displayUnit(tissue, metric)).toBe('cm/s');
	});

	it('spell units the way people read them', () => {
		expect(unitText('mm[Hg]')).toBe('mmHg');
		expect(unitText('ml/m2')).toBe('mL/m²');
		expect(unitText('mm[Hg].m2/mL')).toBe('mmHg·m²/mL');
		expect(unitText('1')).toBe('');
		expect(unitText(null)).toBe('');
	});
});
