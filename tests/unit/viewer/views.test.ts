import { describe, expect, it } from 'vitest';
import { modeOf, viewOf } from '../../../src/lib/viewer/views.ts';
import { one, picture } from './build.ts';

const named = (name: string) => viewOf(picture([], { '00082127': one('SH', name) }));

describe('views', () => {
	it.each([
		['PLAX', 'plax'],
		['PS LAX MR & AI', 'plax'],
		['Parasternal long axis', 'plax'],
		['PSAX-AV', 'psax-av'],
		['SAX pap muscle', 'psax-pm'],
		['A4C', 'a4c'],
		['Apical 4 chamber', 'a4c'],
		['AP2', 'a2c'],
		['APLAX', 'a3c'],
		['SUBC-IVC', 'subcostal'],
		['RV inflow', 'rv-inflow'],
		['Sag Liver L-M', null]
	])('“%s” is %s', (name, view) => expect(named(name)).toBe(view));

	it('the code comes before the words', () => {
		const dataset = picture([], {
			'00082127': one('SH', 'A4C'),
			'00540220': { vr: 'SQ', Value: [{ '00080100': one('SH', '399139001') }] }
		});
		expect(viewOf(dataset)).toBe('plax');
	});
	it('the mode is read from the regions, then from the image type', () => {
		const spectral = { box: [0, 0, 9, 9] as [number, number, number, number], format: 3 };
		expect(modeOf(picture([{ ...spectral, type: 4 }]))).toBe('cw');
		expect(modeOf(picture([{ ...spectral, type: 3 }]))).toBe('pw');
		const type = (bits: string) => ({
			'00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', '', bits] }
		});
		expect(modeOf(picture([], type('0011')))).toBe('colour');
		expect(modeOf(picture([], type('0009')))).toBe('pw');
		expect(modeOf(picture([], type('0001')))).toBe('2d');
	});
});
