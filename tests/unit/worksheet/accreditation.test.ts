import { describe, expect, it } from 'vitest';
import { accreditationOf } from '$lib/worksheet/accreditation.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import {
	buildEntries,
	buildEntry,
	checkedLibrary,
	woman,
	worksheet
} from '../../support/worksheet.ts';

const missing = (values: Parameters<typeof buildEntries>[0], more = {}) => {
	const evaluation = evaluate(worksheet(), { ...buildEntries(values), ...more }, woman);
	const [state] = accreditationOf(worksheet(), evaluation);
	return { state, ids: state?.missing.map(({ id }) => id) ?? [] };
};

describe('what accreditation asks for', () => {
	it('K1: asks a complete study for everything, required elements first', () => {
		const { state, ids } = missing({});
		expect(state?.id).toBe('iac_adult_echo');
		expect(ids).toEqual(expect.arrayContaining(['lvef', 'height', 'struct_mv', 'tdi']));
		expect(ids).not.toContain('patient_name');
		const levels = state?.missing.map(({ level }) => level) ?? [];
		expect(levels.lastIndexOf('required')).toBeLessThan(levels.indexOf('recommended'));
		expect(state?.asked.required).toBeGreaterThan(20);
	});

	it('K2: holds an element by any field of a group, and by "not well seen"', () => {
		expect(missing({ la_ap: 3.5 }).ids).not.toContain('la_size');
		const unseen = buildEntry(null, { status: 'not_well_seen' });
		expect(missing({}, { la_ap: [unseen] }).ids).not.toContain('la_size');
	});

	it('K2: wants every group, and leads to the first that lacks', () => {
		const { state } = missing({ sbp: 120 });
		expect(state?.missing.find(({ id }) => id === 'bp')?.field).toBe('dbp');
	});

	it('K2: counts what is computed: a surface area needs nobody to type it', () => {
		expect(missing({ height: 170, weight: 70 }).ids).not.toContain('bsa');
	});

	it('asks for the record of a critical result only where there is one', () => {
		expect(missing({}).ids).not.toContain('critical_record');
		expect(missing({ 'critical.present': 'yes' }).ids).toContain('critical_record');
	});

	it('K3: names what no field tells, and counts none of it as held', () => {
		const { state } = missing({});
		const toCheck = state?.toCheck.map(({ id }) => id) ?? [];
		expect(toCheck).toEqual(expect.arrayContaining(['conclusion', 'indication', 'struct_devices']));
		expect(toCheck).not.toContain('contrast_dose');
		const given = missing({ 'exam.contrast': 'given' });
		expect(given.state?.toCheck.map(({ id }) => id)).toContain('contrast_dose');
		expect(given.state?.asked).toEqual(state?.asked);
	});

	it('K5: asks no sheet for what the clocks watch', () => {
		const { state, ids } = missing({});
		const all = [...ids, ...(state?.toCheck.map(({ id }) => id) ?? [])];
		expect(all.filter((id) => id.startsWith('tat_'))).toEqual([]);
	});

	it('K1: says nothing where no standard speaks of the worksheet', () => {
		const { accreditation: _, ...other } = worksheet();
		expect(accreditationOf(other, evaluate(other, {}, woman))).toEqual([]);
	});

	const problemsOf = (element: string, more = '') =>
		checkedLibrary({
			'accreditation.yaml': `- {id: iac_adult_echo, title: Test, source: [LANG2015], ${more}elements: [{id: a, title: A, level: required, verified: true, ${element}}]}
- {id: iac_vascular_extracranial, title: Other, source: [LANG2015], elements: []}`
		}).problems.map(({ what }) => what);

	it('K4: refuses a field, a condition, a source and a standard that nobody has', () => {
		expect(problemsOf('needs: [[lvidd]]')).toEqual([]);
		expect(problemsOf('needs: [[nothing_at_all]]')).toEqual([
			'"a": no worksheet has "nothing_at_all"'
		]);
		expect(problemsOf('needs: [[lvidd]], when: nobody == "x"')).toHaveLength(1);
		expect(problemsOf('needs: [[lvidd]], source: [NOBODY]')).toEqual([
			'there is no source "NOBODY"'
		]);
		expect(problemsOf('needs: [[lvidd]]', 'includes: nobody, ')).toEqual([
			'"nobody" is no standard that can be included'
		]);
		const unknown = checkedLibrary({ 'accreditation.yaml': '[]' }).problems;
		expect(unknown.map(({ what }) => what).sort()).toEqual([
			'there is no standard "iac_adult_echo"',
			'there is no standard "iac_vascular_extracranial"'
		]);
	});

	it('K4: refuses an element that does not say how it is answered, or says it twice', () => {
		const what = '"a" does not say how it is answered';
		expect(problemsOf('header: false')).toEqual([what]);
		expect(problemsOf('header: true, person: true')).toEqual([what]);
		expect(problemsOf('header: true, needs: [[lvidd]]')).toEqual([what]);
		expect(problemsOf('person: true')).toEqual([]);
		expect(problemsOf('clock: true')).toEqual([]);
	});
});

describe('P8: a critical result', () => {
	const findings = (values: Parameters<typeof buildEntries>[0]) =>
		evaluate(worksheet(), buildEntries(values), woman)
			.findings.filter(({ kind }) => kind === 'critical')
			.map(({ field, blocks }) => [field, blocks]);

	it('asks, without blocking, who was told and then when', () => {
		expect(findings({ 'critical.present': 'yes' })).toEqual([['critical.told', false]]);
		expect(findings({ 'critical.present': 'yes', 'critical.told': 'Dr Holm' })).toEqual([
			['critical.date', false]
		]);
	});

	it('is quiet once it is complete, and where there is none', () => {
		expect(findings({ 'critical.present': 'no' })).toEqual([]);
		const complete = {
			'critical.told': 'Dr Holm',
			'critical.date': '2026-03-12',
			'critical.time': '10:40'
		};
		expect(findings({ 'critical.present': 'yes', ...complete })).toEqual([]);
	});
});
