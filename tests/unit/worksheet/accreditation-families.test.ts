import { describe, expect, it } from 'vitest';
import { accreditationOf } from '$lib/worksheet/accreditation.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import type { Resolved } from '$lib/worksheet/evaluation.ts';
import { checkedLibrary, woman, worksheet } from '../../support/worksheet.ts';

/** A worksheet of each family, and elements of it that no field can tell. */
const families = {
	'adult-tte': ['conclusion', 'struct_devices', 'gls'],
	'tee-complete': ['tee_doses', 'tee_limits', 'tee_post', 'tee_pulmonary_veins'],
	'treadmill-stress-echo': ['se_interpretation', 'se_doppler', 'se_adverse'],
	'dobutamine-stress-echo': ['se_interpretation', 'se_timing'],
	'aortic-stenosis-tte': ['conclusion', 'sonographer'],
	'carotid-duplex': ['subclavian', 'impression'],
	'tcd-complete': ['criteria', 'impression'],
	'leg-artery-duplex': ['criteria', 'technologist'],
	'abi-rest': ['impression'],
	'leg-vein-dvt': ['impression', 'timely'],
	'venous-insufficiency': ['impression'],
	'renal-artery-duplex': ['impression'],
	'mesenteric-duplex': ['impression'],
	'aaa-surveillance': ['impression'],
	'arm-vein-dvt': ['impression'],
	'spect-mpi-exercise': ['impression', 'injections', 'tat_final']
};

const elementsOf = (sheet: ResolvedWorksheet) =>
	(sheet.accreditation ?? []).flatMap(({ elements }) => elements);
const standing = (sheet: ResolvedWorksheet, values: Record<string, string>) => {
	const given = Object.entries(values).map(([field, value]) => [field, { value } as Resolved]);
	const evaluation = { ...evaluate(sheet, {}, woman), values: Object.fromEntries(given) };
	const states = accreditationOf(sheet, evaluation);
	expect(states).toHaveLength(1);
	return {
		missing: states[0]?.missing.map(({ id }) => id) ?? [],
		toCheck: states[0]?.toCheck.map(({ id }) => id) ?? [],
		asked: states[0]?.asked ?? { required: 0, recommended: 0 }
	};
};

describe.each(Object.entries(families))('what accreditation asks of %s', (id, byPerson) => {
	const sheet = worksheet(id);
	const elements = elementsOf(sheet);
	const withFields = elements.filter(({ needs, when }) => needs.length > 0 && when === null);
	/** The last field of each group: every alternative counts, not the first alone. */
	const full = Object.fromEntries(
		withFields.flatMap(({ needs }) => needs.map((fields) => [fields.at(-1) ?? '', 'x']))
	);

	it('finds nothing missing on a full sheet, and still leaves to a person what no field tells', () => {
		const { missing, toCheck, asked } = standing(sheet, full);
		expect(missing).toEqual([]);
		expect(toCheck).toEqual(expect.arrayContaining(byPerson));
		const counted = elements.filter((each) => !each.byPerson && !each.clock && each.when === null);
		expect(asked.required + asked.recommended).toBe(counted.length);
	});

	it('finds all elements that have fields missing on an empty sheet', () => {
		const { missing, toCheck } = standing(sheet, {});
		expect([...missing].sort()).toEqual(withFields.map((each) => each.id).sort());
		expect(withFields.length).toBeGreaterThan(2);
		expect(missing.filter((each) => toCheck.includes(each))).toEqual([]);
	});

	it('finds exactly the one that lacks a field', () => {
		for (const element of withFields) {
			const lacking = element.needs[0] ?? [];
			const values = Object.fromEntries(
				Object.entries(full).filter(([field]) => !lacking.includes(field))
			);
			const { missing } = standing(sheet, values);
			const others = withFields.filter(({ needs }) =>
				needs.some((fields) => !fields.some((field) => Object.hasOwn(values, field)))
			);
			expect(missing).toContain(element.id);
			expect([...missing].sort()).toEqual(others.map((each) => each.id).sort());
		}
	});

	it('names of every element a listed source, and each of its fields once', () => {
		for (const element of elements) {
			for (const key of element.source ?? []) expect(Object.keys(sheet.sources)).toContain(key);
			expect(new Set(element.needs.flat()).size).toBe(element.needs.flat().length);
		}
	});
});

describe('the standards', () => {
	it('are each asked of one of these worksheets, and tell what no field can', () => {
		const known = checkedLibrary().library.accreditation.map(({ value }) => value.id);
		const sheets = Object.keys(families).map((id) => worksheet(id));
		const asked = sheets.flatMap(({ accreditation = [] }) => accreditation.map(({ id }) => id));
		expect(new Set(asked)).toEqual(new Set(known));
		for (const sheet of sheets)
			expect(elementsOf(sheet).some(({ byPerson }) => byPerson)).toBe(true);
	});

	it('ask of a limited study what every report holds, and not what a complete one does', () => {
		const asked = elementsOf(worksheet('adult-tte-limited')).map(({ id }) => id);
		expect(asked).toEqual(expect.arrayContaining(['indication', 'quality', 'critical_record']));
		expect(asked).not.toContain('struct_ra');
	});

	it('ask nothing of a child or a fetus: no elements for them are known here', () => {
		for (const id of ['paediatric-tte', 'paediatric-tee', 'fetal-echo'])
			expect(worksheet(id).accreditation).toBeUndefined();
	});
});
