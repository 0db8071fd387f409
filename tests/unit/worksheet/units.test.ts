import { describe, expect, it } from 'vitest';
import { convert, isComparable, parseUnit } from '$lib/worksheet/units.ts';
import { checkedLibrary } from '../../support/worksheet.ts';

describe('conversion', () => {
	it.each([
		[47, 'mm', 'cm', 4.7],
		[1.64, 'm', 'cm', 164],
		[262, 'cm/s', 'm/s', 2.62],
		[68, '{H.B.}/min', '/min', 68],
		[0.6, '1', '%', 60],
		[150, '[lb_av]', 'kg', 68.0388555],
		[70, '[in_i]', 'cm', 177.8],
		[0.23, 's', 'ms', 230],
		[3.85, 'm/s2', 'cm/s2', 385],
		[5.2, 'l/min', 'mL/s', 86.6666666666667],
		[2, "[wood'U]", 'mm[Hg].min/l', 2],
		[3, "[wood'U]", 'dyn.s/cm5', 239.9796],
		[4.1, 'cm2', 'mm2', 410],
		[0.9, 'mV', 'uV', 900],
		[1.2, 'Gy', 'mGy', 1200],
		[350, 'cGy.cm2', 'Gy.cm2', 3.5],
		[12, '[Ch]', 'mm', 4],
		[0.5, 'J', 'kJ', 0.0005],
		[0.5, 'mmol/L', 'umol/L', 500]
	])('Q1: %d %s are %s', (value, from, to, expected) => {
		expect(convert(value, from, to)).toBe(expected);
	});

	it.each([
		['cm2', 'cm^2'],
		['cm2', 'cm²'],
		['cm2', 'CM2'],
		['mm[Hg]', 'mmHg'],
		['/min', 'bpm'],
		['/min', '1/min'],
		['1', 'ratio'],
		['1', '{ratio}'],
		['1', 'no units'],
		['%', 'percent'],
		['mL', 'ml'],
		['mL/m2', 'ml/m2'],
		['ms', 'msec'],
		['cm/s', 'CM/S']
	])('Q2: what machines write for %s as "%s" is understood', (unit, spelling) => {
		expect(convert(1.5, spelling, unit)).toBe(1.5);
	});

	it('Q3: what is not the same kind of quantity is not converted', () => {
		expect(convert(1, 'cm', 'cm2')).toBeNull();
		expect(convert(1, 'mm[Hg]', '%')).toBeNull();
		expect(convert(1, 'g{per_m2.7}', 'g')).toBeNull();
		expect(convert(1, '{pixels}', '1')).toBeNull();
		expect(convert(1, 'cm', 'furlong')).toBeNull();
		expect(convert(NaN, 'cm', 'cm')).toBeNull();
		expect(convert(Infinity, 'cm', 'mm')).toBeNull();
	});

	it('Q3: a text that is no unit is none, however long or odd', () => {
		for (const text of ['{', '}{', '//', '.', 'm'.repeat(5000), '[[', '^2', '\u0000']) {
			expect(() => parseUnit(text)).not.toThrow();
		}
		expect(parseUnit('m'.repeat(5000))).toBeNull();
	});
});

const { measurements } = checkedLibrary().library;

it('Q4: every unit of the dictionary is known, and so is every unit it may be printed in', () => {
	for (const { id, unit, displayUnits } of measurements.values()) {
		if (unit === null) continue;
		expect(parseUnit(unit), `${id}: ${unit}`).not.toBeNull();
		for (const shown of displayUnits.filter((each) => each !== 'wk+d')) {
			expect(isComparable(unit, shown), `${id}: ${unit} as ${shown}`).toBe(true);
		}
	}
});
