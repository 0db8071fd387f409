import { beforeAll, describe, expect, it } from 'vitest';
import { findContradictions } from '$lib/worksheet/contradiction.ts';
import type { EntryValue } from '$lib/worksheet/entry.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { buildEntries, man, worksheet } from '../../support/worksheet.ts';

function found(
	text: string,
	values: Record<string, EntryValue>,
	language = 'en',
	id = 'adult-tte'
) {
	const sheet = worksheet(id);
	const evaluation = evaluate(sheet, buildEntries(values), man, { language });
	return findContradictions(sheet, evaluation, [text], language).map(({ message }) => message);
}

beforeAll(() => ['adult-tte', 'leg-vein-dvt'].forEach((id) => worksheet(id)), 120_000);

describe('words against numbers', () => {
	it.each([
		['Normal LV systolic function.', { lvef_visual: 38 }],
		['The ejection fraction is preserved.', { lvef_visual: 45 }],
		['Reduced LVEF.', { lvef_visual: 62 }],
		['Mild aortic stenosis.', { av_vmax: 4.5, av_pg_mean: 52, ava_planimetry: 0.7 }],
		['Severe aortic stenosis.', { av_vmax: 1.6 }],
		['No pericardial effusion.', { 'pericardium.effusion': 'moderate' }],
		['No pulmonary hypertension.', { tr_vmax: 3.9 }]
	])('D2: asks about "%s"', (text, values) => {
		expect(found(text, values as Record<string, EntryValue>)).toHaveLength(1);
	});

	it.each([
		['Normal LV systolic function.', { lvef_visual: 60 }],
		['Normal RV function, reduced LVEF.', { lvef_visual: 38 }],
		['Systolic function is not normal.', { lvef_visual: 38 }],
		['Normal left atrium. The ejection fraction is low.', { lvef_visual: 38 }],
		['No aortic stenosis.', { av_vmax: 1.4 }],
		['Abnormal ejection fraction.', { lvef_visual: 38 }],
		['The left ventricle is normal in size.', { lvef_visual: 30 }],
		['No haemodynamic effect of the effusion.', { 'pericardium.effusion': 'small' }],
		['', { lvef_visual: 20 }]
	])('D2: is silent about "%s"', (text, values) => {
		expect(found(text, values as Record<string, EntryValue>)).toEqual([]);
	});

	it.each([
		['EF 65 %.', 38, true],
		['Ejection fraction is 38%.', 38, false],
		['LVEF: 35-40 %', 38, false],
		['LVEF 50–55 %, no change.', 38, true],
		['EF was 60 % in 2019.', 38, false],
		['EF estimated at 36', 38, false],
		['EF by 3 observers.', 38, true]
	])('D3: compares the number in "%s" with %d: %s', (text, value, asks) => {
		const messages = found(text, { lvef_visual: value });
		expect(messages.some((message) => message.includes('quotes'))).toBe(asks);
	});

	it.each([
		['Normal left atrium.', { la_volume_mod: 110, height: 180, weight: 80 }, 1],
		['RVSP 45 mmHg, elevated.', { 'tv.regurgitation': 'mild' }, 1],
		['RVSP could not be estimated.', { 'tv.regurgitation': 'mild' }, 0],
		['Severe aortic stenosis.', { av_vmax: 3.2, av_pg_mean: 25, ava_planimetry: 0.8 }, 1],
		[
			'Suspected severe low-flow aortic stenosis.',
			{ av_vmax: 3.2, av_pg_mean: 25, ava_planimetry: 0.8 },
			0
		]
	])('D2: weighs "%s" against the sheet', (text, values, count) => {
		expect(found(text, values as Record<string, EntryValue>)).toHaveLength(count);
	});

	it.each([
		[
			'carotid-duplex',
			'Severe stenosis on the left.',
			{ 'carotid.stenosis_right': 'from_70', 'carotid.stenosis_left': 'normal' }
		],
		[
			'leg-vein-dvt',
			'Deep vein thrombosis of the right leg.',
			{ 'dvt.result_left': 'proximal', 'dvt.result_right': 'none' }
		],
		['leg-vein-dvt', 'No evidence of DVT.', { 'dvt.result_left': 'proximal' }],
		[
			'leg-artery-duplex',
			'Occlusion in the left thigh.',
			{ 'limb.overall_right': 'occlusion', 'limb.overall_left': 'normal' }
		]
	])('D2: asks about a side on %s: "%s"', (id, text, values) => {
		expect(found(text, values as Record<string, EntryValue>, 'en', id)).toHaveLength(1);
	});

	it.each([
		['leg-vein-dvt', 'Deep vein thrombosis of the left leg, none on the right.'],
		['leg-vein-dvt', 'No thrombosis of the right leg.']
	])('D2: is silent on %s about "%s"', (id, text) => {
		const values = { 'dvt.result_left': 'proximal', 'dvt.result_right': 'none' };
		expect(found(text, values, 'en', id)).toEqual([]);
	});

	it('D3: understands another unit of the same kind', () => {
		expect(found('TAPSE 2.1 cm.', { tapse: 21 })).toEqual([]);
		expect(found('TAPSE 1.2 cm.', { tapse: 21 })).toHaveLength(1);
	});

	it('knows German', () => {
		expect(found('Normale systolische Funktion.', { lvef_visual: 30 }, 'de')).toHaveLength(1);
		expect(found('Nicht normale systolische Funktion.', { lvef_visual: 30 }, 'de')).toEqual([]);
	});

	it('names the wrong side', () => {
		const values = {
			ica_prox_psv_right: 300,
			ica_prox_psv_left: 80,
			'carotid.plaque_left': 'none'
		};
		expect(found('Severe stenosis of the left ICA.', values, 'en', 'carotid-duplex')).toHaveLength(
			1
		);
		expect(found('Severe stenosis of the right ICA.', values, 'en', 'carotid-duplex')).toEqual([]);
	});

	it('never throws, whatever is written', () => {
		for (const text of [
			'(',
			'{value}',
			'\u0000',
			'ef '.repeat(5000),
			'ef'.repeat(100_000),
			'EF 1e999 %',
			'EF ٣٨ %'
		])
			expect(() => found(text, { lvef_visual: 38 })).not.toThrow();
	});
});
