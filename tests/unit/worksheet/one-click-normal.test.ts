import { describe, expect, it } from 'vitest';
import type { Entries } from '$lib/worksheet/entry.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { oneClickNormal } from '$lib/worksheet/one-click-normal.ts';
import { buildEntries, buildEntry, woman, worksheet } from '../../support/worksheet.ts';

const sheet = worksheet();

function press(entries: Entries, views: string[]) {
	const answer = oneClickNormal(sheet, evaluate(sheet, entries, woman), { views });
	return {
		fields: Object.fromEntries(answer.asserted.map(({ field, code }) => [field, code])),
		left: Object.fromEntries(answer.left.map(({ structure, reason }) => [structure, reason])),
		answer
	};
}

describe('one-click normal', () => {
	it('O1: asserts what a stored view shows, and nothing else: unseen is not normal', () => {
		const { fields, left } = press({}, ['PLAX']);
		expect(fields).toMatchObject({ 'mv.structure': 'normal', 'pericardium.effusion': 'none' });
		expect(fields['tv.structure']).toBeUndefined();
		expect(left.tricuspid_valve).toBe('not-seen');
	});

	it('O1: asserts nothing at all when nothing is stored', () => {
		const { answer } = press({}, []);
		expect(answer.asserted).toEqual([]);
		expect(answer.left).toHaveLength(sheet.structures.length);
	});

	it('O1: a measurement of it is enough, and is named', () => {
		const { answer } = press(buildEntries({ av_vmax: 1.2 }), []);
		expect(answer.asserted).toContainEqual({
			field: 'av.structure',
			code: 'normal',
			structure: 'aortic_valve',
			because: ['av_vmax']
		});
	});

	it('O2: never touches what somebody already judged', () => {
		const { fields } = press(buildEntries({ 'av.cusps': 'tricuspid' }), ['PLAX']);
		expect(fields['av.cusps']).toBeUndefined();
		expect(fields['av.structure']).toBe('normal');
	});

	it.each([
		['a flagged number', { rv_basal: 48 }, 'right_ventricle'],
		['another answer', { 'mv.structure': 'myxomatous' }, 'mitral_valve'],
		['a measured regurgitation', { mr_eroa_pisa: 0.3 }, 'mitral_valve'],
		['a measured tricuspid jet', { tr_vmax: 2.4 }, 'tricuspid_valve'],
		['a fast aortic jet', { av_vmax: 2.8 }, 'aortic_valve'],
		['a reduced ejection fraction', { lvef_visual: 40 }, 'left_ventricle'],
		['a measured effusion', { pericardial_effusion: 8 }, 'pericardium']
	])('O3: leaves a structure alone for %s', (_, values, structure) => {
		const { left } = press(buildEntries(values), ['PLAX', 'A4C']);
		expect(left[structure]).toBe('abnormal');
	});

	it('O4: leaves conflicts and "not well seen" alone', () => {
		const entries: Entries = {
			tapse: [buildEntry(20), buildEntry(24)],
			'mv.structure': [buildEntry(null, { status: 'not_well_seen' })]
		};
		const { left } = press(entries, ['PLAX', 'A4C']);
		expect(left.right_ventricle).toBe('conflict');
		expect(left.mitral_valve).toBe('not-well-seen');
	});

	it('O5: every structure is either asserted or left with a reason', () => {
		const { answer } = press(buildEntries({ lvef_visual: 60 }), ['A4C']);
		const named = new Set([...answer.asserted, ...answer.left].map(({ structure }) => structure));
		expect(named.size).toBe(sheet.structures.length);
	});

	it('O6: pressed twice it asserts nothing new', () => {
		const { fields } = press({}, ['PLAX', 'A4C', 'SUBCOSTAL']);
		const again = press(buildEntries(fields), ['PLAX', 'A4C', 'SUBCOSTAL']);
		expect(again.answer.asserted).toEqual([]);
		expect(new Set(Object.values(again.left))).toContain('already-judged');
	});
});
