import { describe, expect, it } from 'vitest';
import { plainSummary, wordsOf } from '$lib/patient/plain-words.ts';
import type { ReportBody } from '$lib/report/version.ts';

interface Parts {
	title?: string;
	impression?: string[];
	statements?: string[];
	ef?: { value: number | string | null; severity?: string };
	abnormal?: number;
}

/** As much of a signed body as these functions read. */
function body({ title = 'Study', impression = [], statements = [], ef, abnormal = 0 }: Parts) {
	return {
		worksheet: { title },
		impression,
		sections: [{ statements: statements.map((text) => ({ text })) }],
		abnormal: Array.from({ length: abnormal }, () => ({})),
		evaluation: {
			values: ef ? { lvef_reported: { value: ef.value } } : {},
			flags: ef?.severity ? { lvef_reported: { severity: ef.severity } } : {}
		}
	} as unknown as ReportBody;
}
const words = (parts: Parts) => wordsOf(body(parts)).map(({ word }) => word);

describe('words that are explained', () => {
	it('are those of the report, in the order in which they are met, each once', () => {
		expect(
			words({
				title: 'Adult transthoracic echocardiogram',
				impression: ['Mild mitral valve regurgitation.', 'Left ventricular size is normal.'],
				statements: ['Mitral regurgitation is mild.', 'The aortic root is normal.']
			})
		).toEqual(['Echocardiogram', 'Mitral valve', 'Regurgitation', 'Left ventricle', 'Aorta']);
	});

	it('are found in any case, in plural and as adjectives', () => {
		expect(words({ impression: ['SEVERE AORTIC VALVE STENOSIS'] })).toEqual([
			'Aortic valve',
			'Stenosis'
		]);
		expect(words({ impression: ['Tricuspid insufficiency; carotids open.'] })).toEqual([
			'Tricuspid valve',
			'Regurgitation',
			'Carotid artery'
		]);
	});

	it('do not hide within other words', () => {
		expect(words({ impression: ['Deferred. Reference values as usual. Beforehand.'] })).toEqual([]);
		expect(words({ impression: ['EF 60 %'] })).toEqual(['Ejection fraction']);
	});

	it('are none when the report says nothing that needs it', () => {
		expect(words({ impression: [] })).toEqual([]);
	});

	it('are explained without a verdict on the reader of them', () => {
		const explained = wordsOf(
			body({
				impression: [
					'Ejection fraction, left ventricle, right ventricle, left atrium, right atrium, stenosis,',
					'regurgitation, hypertrophy, diastolic, pulmonary pressure, aortic valve, mitral valve,',
					'tricuspid, aorta, pericardium, carotid, echocardiogram'
				]
			})
		);
		expect(explained).toHaveLength(17);
		for (const { word, means } of explained) {
			expect(means, word).toMatch(/^[A-Z].*\.$/);
			expect(means, word).not.toMatch(/\byou(r)?\b|should (see|call|take)|danger|disease/i);
			expect(means.length, word).toBeLessThan(140);
		}
	});
});

describe('the summary', () => {
	it('counts what lies outside of what is usual', () => {
		expect(plainSummary(body({ title: 'Echo', abnormal: 0 }))).toEqual({
			examined: 'Echo',
			found: 'all-usual',
			outside: 0,
			pumping: null
		});
		expect(plainSummary(body({ abnormal: 3 }))).toMatchObject({
			found: 'some-outside',
			outside: 3
		});
	});

	it('gives the pumping strength in whole percent, and says whether it is usual', () => {
		const pumping = (ef: Parts['ef']) => plainSummary(body(ef ? { ef } : {})).pumping;
		expect(pumping({ value: 61.6 })).toEqual({ percent: 62, usual: true });
		expect(pumping({ value: 61.6, severity: 'normal' })).toEqual({ percent: 62, usual: true });
		expect(pumping({ value: 38, severity: 'moderate' })).toEqual({ percent: 38, usual: false });
		expect(pumping({ value: null })).toBeNull();
		expect(pumping({ value: 'not seen' })).toBeNull();
	});
});
