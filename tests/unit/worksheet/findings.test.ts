import { describe, expect, it } from 'vitest';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { buildEntries, buildEntry, man, worksheet } from '../../support/worksheet.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';

const sheet = worksheet();

function findings(values: Record<string, number | string>, from: ResolvedWorksheet = sheet) {
	return evaluate(from, buildEntries(values), man).findings;
}

describe('a number', () => {
	it('P1: that cannot be is refused, blocks signing and takes no part', () => {
		const evaluation = evaluate(sheet, buildEntries({ hr: 900, lvef_visual: 99 }), man);
		expect(evaluation.findings).toContainEqual({
			kind: 'hard-limit',
			field: 'hr',
			message: 'HR 900 /min is not possible (15 to 300 /min).',
			blocks: true,
			suggestion: null
		});
		expect(evaluation.values.hr).toBeUndefined();
		expect(evaluation.values.lvef_reported).toBeUndefined();
	});

	it('P2: that is unusual is asked about, and used', () => {
		const evaluation = evaluate(sheet, buildEntries({ hr: 180 }), man);
		expect(evaluation.findings).toContainEqual(
			expect.objectContaining({ kind: 'soft-limit', field: 'hr', blocks: false })
		);
		expect(evaluation.values.hr?.value).toBe(180);
	});

	it.each([
		['height', 1.82, 182, 'metres'],
		['lvidd', 49, 4.9, 'millimetres'],
		['lv_ivsd', 11, 1.1, 'millimetres'],
		['tapse', 2.1, 21, 'centimetres'],
		['mv_e_velocity', 0.82, 82, 'metres per second'],
		['av_vmax', 262, 2.62, 'centimetres per second'],
		['lvef_visual', 0.55, 55, 'a fraction'],
		['lv_gls', 19, -19, 'strain without its sign'],
		['mv_dt', 0.21, 210, 'seconds']
	])(
		'P3: %s %d looks like another unit, and the value meant is offered',
		(field, value, meant, unit) => {
			const [found] = findings({ [field]: value });
			expect(found).toMatchObject({ kind: 'unit-slip', field, suggestion: meant });
			expect(found?.message).toContain(unit);
		}
	);

	it('P3: a plausible number is never called a slip', () => {
		expect(findings({ height: 182, weight: 95, lvidd: 4.9, tapse: 21, av_vmax: 2.6 })).toEqual([]);
	});
});

describe('numbers together', () => {
	it.each([
		['sbp', { sbp: 90, dbp: 110 }, true],
		['lvids', { lvids: 5, lvidd: 4.5 }, true],
		['rv_esa', { rv_esa: 20, rv_eda: 18 }, true],
		['av_pg_mean', { av_pg_mean: 70, av_vmax: 4 }, true],
		['mv_e_a_ratio', { mv_e_a_ratio: 2, mv_e_velocity: 80, mv_a_velocity: 80 }, false],
		['rv.function', { 'rv.function': 'normal', tapse: 10 }, false],
		['pericardium.effusion', { 'pericardium.effusion': 'none', pericardial_effusion: 12 }, false],
		['tv.regurgitation', { 'tv.regurgitation': 'none', tr_vmax: 2.5 }, false]
	])('P4: %s contradicts another value', (field, values, blocks) => {
		expect(findings(values)).toContainEqual(
			expect.objectContaining({ kind: 'cross-check', field, blocks })
		);
	});

	it('P4: a check with something not known is skipped', () => {
		expect(findings({ sbp: 90, lvids: 5, 'rv.function': 'normal' })).toEqual([]);
	});
});

describe('a field', () => {
	it('P5: that must be filled before signing says so, unless it could not be seen', () => {
		const strict: ResolvedWorksheet = {
			...sheet,
			sections: sheet.sections.map((section) => ({
				...section,
				fields: section.fields.map((field) => ({
					...field,
					requiredBeforeSign: field.id === 'lvidd'
				}))
			}))
		};
		expect(findings({}, strict)).toEqual([
			{
				kind: 'required',
				field: 'lvidd',
				message: 'LVIDd: no value yet.',
				blocks: true,
				suggestion: null
			}
		]);
		const unseen = { lvidd: [buildEntry(null, { status: 'not_well_seen' })] };
		expect(evaluate(strict, unseen, man).findings).toEqual([]);
		const torn = { lvidd: [buildEntry(4.5), buildEntry(5)] };
		expect(evaluate(strict, torn, man).findings[0]?.message).toBe('LVIDd: two values disagree.');
	});

	it('P7: that the sheet does not know is named, not dropped silently', () => {
		expect(findings({ left_aortic_arch: 1 })).toEqual([
			expect.objectContaining({ kind: 'unknown-field', field: 'left_aortic_arch', blocks: false })
		]);
	});
});
