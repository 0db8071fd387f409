import { describe, expect, it } from 'vitest';
import { versionDifference, wordDifference } from '$lib/report/difference.ts';
import type { PrintedSection, PrintedValue, VersionContent } from '$lib/report/version.ts';

const value = (field: string, text: string, parts: Partial<PrintedValue> = {}): PrintedValue => ({
	field,
	label: field.toUpperCase(),
	value: text,
	unit: 'cm',
	flag: '',
	severity: '',
	side: null,
	range: '',
	prior: '',
	priorDate: '',
	change: '',
	source: 'person',
	unconfirmed: false,
	...parts
});
const statement = (id: string, text: string) => ({
	id,
	text,
	slots: {},
	edited: false,
	abnormal: false
});
const section = (parts: Partial<PrintedSection> = {}): PrintedSection => ({
	id: 'lv',
	title: 'Left ventricle',
	values: [],
	statements: [],
	grades: [],
	...parts
});
function version(parts: Partial<VersionContent['body']> = {}): Pick<VersionContent, 'body'> {
	const body = {
		impression: [],
		sections: [],
		comments: '',
		keyImages: [],
		amendment: null,
		order: null,
		patient: { name: 'A^B', birthDate: null, sex: 'female', heightCm: 170, weightKg: null },
		worksheet: { title: 'Adult echo', version: '1' }
	};
	return { body: { ...body, ...parts } as unknown as VersionContent['body'] };
}

describe('the difference between two versions', () => {
	it('is none between a version and itself', () => {
		const one = version({ impression: ['Normal.'], sections: [section()] });
		expect(versionDifference(one, one).none).toBe(true);
	});

	it('names values that came, went and changed, with unit and flag', () => {
		const before = version({
			sections: [section({ values: [value('ivsd', '1.1'), value('lvidd', '4.9')] })]
		});
		const after = version({
			sections: [
				section({
					values: [value('ivsd', '1.2', { flag: '↑ mildly abnormal' }), value('lvids', '3.2')]
				})
			]
		});
		expect(versionDifference(before, after).values).toEqual([
			{
				section: 'Left ventricle',
				label: 'IVSD',
				before: '1.1 cm',
				after: '1.2 cm ↑ mildly abnormal'
			},
			{ section: 'Left ventricle', label: 'LVIDS', before: null, after: '3.2 cm' },
			{ section: 'Left ventricle', label: 'LVIDD', before: '4.9 cm', after: null }
		]);
	});

	it('takes one rule with other numbers for one changed sentence', () => {
		const ofText = (text: string) =>
			version({ sections: [section({ statements: [statement('ef', text)] })] });
		const { statements } = versionDifference(
			ofText('EF 60 % is normal.'),
			ofText('EF 48 % is low.')
		);
		expect(statements).toHaveLength(1);
		expect(statements[0]).toMatchObject({ section: 'Left ventricle', kind: 'changed' });
		expect(statements[0]?.parts).toContainEqual({ kind: 'removed', text: '60' });
		expect(statements[0]?.parts).toContainEqual({ kind: 'added', text: '48' });
	});

	it('finds lines of the impression that are new, gone and reworded', () => {
		const before = version({ impression: ['Normal EF.', 'Mild MR.', 'No effusion.'] });
		const after = version({ impression: ['Normal EF.', 'Moderate MR.', 'No effusion.', 'AF.'] });
		const { impression } = versionDifference(before, after);
		expect(impression.map(({ kind }) => kind)).toEqual(['changed', 'added']);
		const gone = versionDifference(after, before).impression;
		expect(gone.map(({ kind }) => kind)).toEqual(['changed', 'removed']);
	});

	it('shows what an addendum says, and facts that were put right', () => {
		const after = version({
			amendment: { reason: 'remeasured', text: 'The root is 41 mm.' },
			patient: { ...version().body.patient, weightKg: 71 }
		});
		expect(versionDifference(version(), after)).toMatchObject({
			amendment: { text: 'The root is 41 mm.' },
			facts: [{ label: 'Weight', before: null, after: '71 kg' }],
			none: false
		});
	});

	it('gives back both texts whole by their words', () => {
		const [before, after] = ['Mild  MR, eccentric jet.', 'Moderate MR, central jet,\nPISA 0.5 cm.'];
		const parts = wordDifference(before, after);
		const without = (kind: string) =>
			parts.flatMap((part) => (part.kind === kind ? [] : [part.text])).join('');
		expect(without('added')).toBe(before);
		expect(without('removed')).toBe(after);
	});
});
