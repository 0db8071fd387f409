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

	it('K1: says nothing where no standard speaks of the worksheet', () => {
		const other = worksheet('carotid-duplex');
		expect(accreditationOf(other, evaluate(other, {}, woman))).toEqual([]);
	});

	it('K4: refuses a standard that asks for a field nobody has', () => {
		const text = `- {id: test, title: Test, source: [LANG2015], worksheets: [adult-tte], elements: [{id: a, title: A, level: required, verified: true, needs: [[nothing_at_all]]}]}`;
		const { problems } = checkedLibrary({ 'accreditation.yaml': text });
		expect(problems.map(({ what }) => what)).toEqual(['"a": no worksheet has "nothing_at_all"']);
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
