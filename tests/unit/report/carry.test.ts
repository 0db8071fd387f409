import { describe, expect, it } from 'vitest';
import { carryOffer, withoutNumbers } from '$lib/report/carry.ts';
import { buildEntries, buildEntry } from '../../support/worksheet.ts';
import { bodyWith, context, own } from './carried-report.ts';

const offer = (state: Parameters<typeof bodyWith>[0]) =>
	carryOffer(bodyWith(state), context.worksheet);

describe('what a prior offers', () => {
	it('are its codes and texts, in the order of the sheet, and no number', () => {
		const entries = buildEntries({
			'av.structure': 'calcified',
			'mv.structure': 'normal',
			lvidd: 4.9,
			'lv.comment': 'Prominent trabeculation.'
		});
		expect(offer({ entries }).fields).toEqual([
			{ field: 'lv.comment', value: 'Prominent trabeculation.' },
			{ field: 'mv.structure', value: 'normal' },
			{ field: 'av.structure', value: 'calcified' }
		]);
	});

	it('is nothing of how that study was made or told', () => {
		const entries = buildEntries({
			'exam.rhythm': 'atrial_fibrillation',
			'exam.quality': 'limited',
			'critical.present': 'yes',
			'critical.told': 'Dr Holm'
		});
		expect(offer({ entries }).fields).toEqual([]);
	});

	it('is no answer that was a conflict or "not well seen"', () => {
		const entries = {
			'mv.structure': [buildEntry('normal'), buildEntry('calcified')],
			'av.structure': [buildEntry(null, { status: 'not_well_seen' as const })]
		};
		expect(offer({ entries }).fields).toEqual([]);
	});

	it('are sentences that people wrote or changed, and lines of the conclusion they typed', () => {
		const entries = buildEntries({ 'mv.structure': 'normal', 'av.structure': 'normal' });
		const found = offer({
			entries,
			decisions: {
				'own.1': [own('mv', 'Chordae look elongated.')],
				'mv.structure_normal': [own('mv', 'Mitral valve fine.', { decision: 'edit' })]
			},
			conclusion: 'Stable since surgery in 2019.\nEF 58 %.'
		});
		expect(found.sentences).toEqual([
			{ id: 'mv.structure_normal', section: 'mv', text: 'Mitral valve fine.' },
			{ id: null, section: 'mv', text: 'Chordae look elongated.' }
		]);
		expect(found.conclusion).toEqual(['Stable since surgery in 2019.', 'EF ▢ %.']);
	});
});

describe('a prior’s text', () => {
	it.each([
		['EF 55 %.', 'EF ▢ %.'],
		['EF 50–55% (biplane)', 'EF ▢% (biplane)'],
		['Mean gradient 38 mmHg, AVA 0.8 cm².', 'Mean gradient ▢ mmHg, AVA ▢ cm².'],
		['Cyst of 1.2 x 3.4 cm', 'Cyst of ▢ cm'],
		['DVI 0.24', 'DVI ▢'],
		['S/p TAVI 23 mm', 'S/p TAVI ▢ mm'],
		['Vmax 4,2 m/s', 'Vmax ▢ m/s']
	])('loses its measurements: %s', (before, after) => {
		expect(withoutNumbers(before)).toBe(after);
	});

	it.each([
		'Bypass surgery 2019, two grafts.',
		'Seen on 12.03.2021.',
		'Implanted 03.2021',
		'Since 2021-03-12 unchanged.',
		'NYHA 2, grade 3/6 murmur, 16 segments scored.',
		'3-vessel disease'
	])('keeps what measures nothing: %s', (text) => {
		expect(withoutNumbers(text)).toBe(text);
	});

	it('loses the number after the name of a quantity', () => {
		expect(withoutNumbers('LVEF about 55, TAPSE: 21', ['lvef', 'tapse'])).toBe(
			'LVEF about ▢, TAPSE: ▢'
		);
		expect(withoutNumbers('No relevant effusion 2019', ['ef'])).toBe('No relevant effusion 2019');
	});
});
