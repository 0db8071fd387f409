import { describe, expect, it } from 'vitest';
import { evaluateReport, type DocState } from '$lib/report/context.ts';
import { leftoversOf } from '$lib/report/leftovers.ts';
import { buildEntry } from '../../support/worksheet.ts';
import { bodyWith, context, emptyState, own } from './carried-report.ts';

const prior = (confirmed: boolean) => ({
	source: { kind: 'prior' as const, studyUid: '1.2.3', date: '2025-03-02', confirmed }
});
const carried = { studyUid: '1.2.3', date: '2025-03-02', confirmed: false };

const left = (parts: Partial<DocState>) => {
	const state = { ...emptyState, ...parts };
	return leftoversOf(context, state, evaluateReport(context, state.entries)).map(
		({ kind, field, statement }) => [kind, field ?? statement]
	);
};

describe('leftovers', () => {
	it('are answers and sentences of a prior that nobody confirmed', () => {
		const entries = {
			'mv.structure': [buildEntry('normal', prior(false))],
			'av.structure': [buildEntry('normal', prior(true))]
		};
		const decisions = {
			'carried.1': [own('mv', 'As before.', { carried })],
			'carried.2': [own('@conclusion', 'Stable.', { carried: { ...carried, confirmed: true } })]
		};
		expect(left({ entries, decisions })).toEqual([
			['carried', 'mv.structure'],
			['carried', 'carried.1']
		]);
	});

	it('Z2: are defaults that nobody confirmed and nothing replaced', () => {
		const source = { kind: 'default' as const };
		const entries = {
			'mv.structure': [buildEntry('normal', { by: null, source })],
			'av.structure': [buildEntry('normal', { by: null, source }), buildEntry('normal')]
		};
		expect(left({ entries })).toEqual([['default', 'mv.structure']]);
	});

	it('are open places in the conclusion, in sentences and in texts of the sheet', () => {
		expect(
			left({
				conclusion: 'Fine.\nEF ▢ %.',
				decisions: { 'own.1': [own('lv', 'Mass ▢ g.')] },
				entries: { 'lv.comment': [buildEntry('See ▢')] }
			})
		).toEqual([
			['placeholder', 'lv.comment'],
			['placeholder', 'own.1'],
			['placeholder', null]
		]);
	});

	it('are not what was taken out of the report', () => {
		expect(
			left({ decisions: { 'own.1': [own('lv', 'Mass ▢ g.', { decision: 'exclude', carried })] } })
		).toEqual([]);
	});
});

describe('a body with something carried', () => {
	const made = bodyWith({
		entries: { 'mv.structure': [buildEntry('normal', prior(true))] },
		decisions: { 'carried.1': [own('@conclusion', 'Stable.', { carried })] },
		conclusion: 'Typed first.'
	});

	it('names what was carried, from when, and whether it was confirmed', () => {
		expect(made.carried).toEqual([
			{
				id: 'mv.structure',
				label: 'Mitral valve: Structure',
				text: 'Normal',
				date: '2025-03-02',
				studyUid: '1.2.3',
				confirmed: true
			},
			{ id: 'carried.1', label: '', text: 'Stable.', ...carried }
		]);
		expect(made.entries['mv.structure']?.[0]?.source).toMatchObject({ kind: 'prior' });
	});

	it('prints a line of the conclusion after what was typed, in no section', () => {
		expect(made.impression.slice(0, 2)).toEqual(['Typed first.', 'Stable.']);
		expect(made.sections.map(({ id }) => id)).not.toContain('@conclusion');
	});

	it('has no list where nothing was', () => {
		expect('carried' in bodyWith({})).toBe(false);
	});
});
