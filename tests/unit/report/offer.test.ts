import { describe, expect, it } from 'vitest';
import { planOffer, type Offer } from '$lib/report/offer.ts';
import type { DocState } from '$lib/report/context.ts';
import { buildEntries, buildEntry, buildMachineEntry } from '../../support/worksheet.ts';
import { context, emptyState, own } from './carried-report.ts';

const plan = (offer: Partial<Offer>, state: Partial<DocState> = {}, only?: string) =>
	planOffer({
		context,
		...emptyState,
		...state,
		offer: { fields: [], sentences: [], conclusion: [], ...offer },
		...(only === undefined ? {} : { only })
	});
const field = (field: string, value: string | string[]) => ({ field, value });
const reasons = (made: ReturnType<typeof plan>) =>
	made.skipped.map(({ id, reason }) => [id, reason]);

describe('an offer of answers', () => {
	it('goes in where nothing stands, with the label that the sheet shows', () => {
		const made = plan({ fields: [field('mv.structure', 'calcified')] });
		expect(made.fields).toEqual([
			{ field: 'mv.structure', section: 'mv', value: 'calcified', label: 'Mitral valve: Structure' }
		]);
		expect(made.skipped).toEqual([]);
	});

	it('leaves alone what a person or a machine said, and says so', () => {
		const entries = {
			'mv.structure': [buildEntry('normal')],
			'av.structure': [buildMachineEntry('normal')],
			'pv.structure': [buildEntry(null, { status: 'not_well_seen' as const })],
			'pericardium.effusion': [buildEntry('none'), buildEntry('small')]
		};
		const fields = [
			field('mv.structure', 'calcified'),
			field('av.structure', 'thickened'),
			field('pv.structure', 'normal'),
			field('pericardium.effusion', 'trivial')
		];
		const made = plan({ fields }, { entries });
		expect(made.fields).toEqual([]);
		const why = Object.fromEntries(reasons(made));
		expect(why['mv.structure']).toBe('has-value');
		expect(why['av.structure']).toBe('has-value');
		expect(why['pv.structure']).toBe('not-well-seen');
		expect(why['pericardium.effusion']).toBe('conflict');
	});

	it('says nothing of an answer that is there already', () => {
		const made = plan(
			{ fields: [field('mv.structure', 'normal')] },
			{ entries: buildEntries({ 'mv.structure': 'normal' }) }
		);
		expect([made.fields, made.skipped]).toEqual([[], []]);
	});

	it('goes only into the same field, with an answer that it has', () => {
		const made = plan({
			fields: [field('mv.no_such', 'x'), field('mv.structure', 'no_such'), field('lvidd', '4.9')]
		});
		expect(reasons(made)).toEqual([
			['mv.no_such', 'no-field'],
			['mv.structure', 'no-answer'],
			['lvidd', 'number']
		]);
	});

	it('never sets a score that counts as a number', () => {
		const scored = context.worksheet.sections
			.flatMap((section) => section.fields)
			.find((one) => one.options.length > 0 && one.options.some(({ code }) => /^\d+$/.test(code)));
		expect(scored).toBeDefined();
		const made = plan({
			fields: [field(scored!.id, scored!.options.find(({ code }) => /^\d/.test(code))!.code)]
		});
		expect(reasons(made)).toEqual([[scored!.id, 'number']]);
	});

	it('does not call normal what is measured as abnormal', () => {
		const entries = {
			lvef_biplane: [buildEntry(38, { unit: '%' })],
			lvef_visual: [buildEntry(38, { unit: '%' })]
		};
		const made = plan({ fields: [field('lv.wall_motion', 'normal')] }, { entries });
		expect(reasons(made)).toEqual([['lv.wall_motion', 'abnormal']]);
	});

	it('puts in no words against today’s numbers, and names the contradiction', () => {
		const entries = { lvef_biplane: [buildEntry(38, { unit: '%' })] };
		const made = plan(
			{
				sentences: [{ id: null, section: 'lv', text: 'Normal LV systolic function.' }],
				conclusion: ['LVEF is normal.', 'Follow-up in a year.']
			},
			{ entries }
		);
		expect(made.sentences).toEqual([
			{ id: null, section: '@conclusion', text: 'Follow-up in a year.' }
		]);
		expect(made.skipped.map(({ reason }) => reason)).toEqual(['contradiction', 'contradiction']);
		expect(made.skipped[0]?.message).toContain('38');
	});

	it('rewords a rule’s sentence only while the rule speaks and nobody decided', () => {
		const sentences = [{ id: 'mv.structure_normal', section: 'mv', text: 'Mitral valve fine.' }];
		expect(reasons(plan({ sentences }))).toEqual([['mv.structure_normal', 'not-proposed']]);
		const fields = [field('mv.structure', 'normal')];
		expect(plan({ fields, sentences }).sentences).toEqual(sentences);
		const decisions = { 'mv.structure_normal': [own('mv', 'x', { decision: 'exclude' })] };
		expect(reasons(plan({ fields, sentences }, { decisions }))).toEqual([
			['mv.structure_normal', 'has-value']
		]);
	});

	it('may be taken for one section alone', () => {
		const offer = {
			fields: [field('mv.structure', 'calcified'), field('av.structure', 'thickened')],
			conclusion: ['Stable.']
		};
		expect(plan(offer, {}, 'mv').fields.map((one) => one.field)).toEqual(['mv.structure']);
		expect(plan(offer, {}, '@conclusion')).toMatchObject({ fields: [], sentences: [{}] });
	});

	it('does not write a line twice', () => {
		const made = plan({ conclusion: ['Stable.', 'Stable.'] }, { conclusion: 'Stable.' });
		expect(made.sentences).toEqual([]);
	});
});
