import { describe, expect, it } from 'vitest';
import type { Entries, Entry, EntryValue } from '$lib/worksheet/entry.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { editionNames, editions } from '$lib/worksheet/editions.ts';
import { defaultOptions } from '$lib/worksheet/evaluation.ts';
import type { EvaluationOptions } from '$lib/worksheet/evaluation.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { checkedLibrary, worksheetFiles } from '../../support/worksheet.ts';

const sheet = resolveWorksheet(checkedLibrary().library, 'carotid-duplex');
const patient = { sex: 'male', ageYears: 70 } as const;

function entries(given: Record<string, EntryValue>): Entries {
	const entry = (id: string, value: EntryValue): Entry => ({
		id,
		value,
		unit: null,
		asSent: null,
		samples: [],
		derivation: 'single',
		range: null,
		status: 'given',
		source: { kind: 'person' },
		by: null,
		at: '2026-01-01T00:00:00.000Z',
		suggestion: false
	});
	return Object.fromEntries(Object.entries(given).map(([id, value]) => [id, [entry(id, value)]]));
}

function stenosis(given: Record<string, EntryValue>, carotid?: EvaluationOptions['carotid']) {
	if (!sheet) throw new Error('there is no carotid sheet');
	const options = carotid ? { carotid } : {};
	return evaluate(sheet, entries(given), patient, options).values['carotid.stenosis_right'];
}

describe('the edition of the carotid limits', () => {
	const at150 = { ica_prox_psv_right: 150, cca_dist_psv_right: 100 };

	it('is SRU 2003 unless the practice chose another', () => {
		expect(defaultOptions.carotid).toBe('sru2003');
		expect(practiceSettingsSchema.parse({}).carotid).toBe('sru2003');
		expect(stenosis(at150)?.value).toBe('from_50_to_69');
	});

	it('changes the grade of the same velocity', () => {
		expect(stenosis(at150, 'iac2021')?.value).toBe('normal_or_below_50');
		expect(stenosis(at150, 'iac2021_ratio')?.value).toBe('normal_or_below_50');
	});

	it('never mixes editions: only the chosen one grades', () => {
		expect(stenosis(at150, 'iac2021')?.method).toBe('carotid_iac2021_right');
		expect(stenosis(at150, 'sru2003')?.method).toBe('carotid_sru2003_right');
	});

	it('is a setting of the practice, as is every edition that a rule asks for', () => {
		const asked = [...worksheetFiles().values()].flatMap((text) =>
			[...text.matchAll(/\boption\.(\w+)/g)].map(([, name]) => name)
		);
		// Normals name their profile themselves.
		expect(new Set([...asked, 'profile'])).toEqual(new Set(editionNames));
		for (const name of editionNames) {
			for (const edition of editions[name]) {
				expect(practiceSettingsSchema.parse({ [name]: edition })[name]).toBe(edition);
			}
			if (name === 'profile') {
				const normals = worksheetFiles().get('normals/echo-adult.yaml') ?? '';
				for (const edition of editions.profile) expect(normals).toContain(`profile: ${edition},`);
			}
			expect(practiceSettingsSchema.parse({})[name]).toBe(defaultOptions[name]);
			expect(practiceSettingsSchema.safeParse({ [name]: 'other' }).success).toBe(false);
		}
	});

	it('R7: gives way to what the reader says', () => {
		const own = stenosis({ ...at150, 'carotid.stenosis_right': 'below_50' });
		expect(own).toMatchObject({ value: 'below_50', from: 'entry' });
	});
});
