import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DicomJson } from '$lib/dicom/json.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { populate } from '$lib/report/populate.ts';
import type { HeaderValues, PopulateInput } from '$lib/report/populate.ts';
import { container, emptyNum, finding, is, num, report, text } from '../dicom/sr/build.ts';
import { wholeSheet } from './populate-sheet.ts';

const sheet = wholeSheet();
const at = '2026-03-12T12:00:00.000Z';
const LV = 'SCT 87878005 Left Ventricle';
const lvidd = 'LN 29436-3 LVIDd';
const mean = is('DCM 121401 Derivation', 'SRT R-00317 Mean');
const chosen = is('DCM 121404 Selection Status', 'DCM 121410 User chosen value');

const fill = (documents: DicomJson[], more: Partial<PopulateInput> = {}) =>
	populate({
		worksheet: sheet,
		documents: documents.map((dataset) => readSr(dataset)),
		headers: [],
		patient: null,
		at,
		...more
	});
const ofLv = (...content: DicomJson[]) => report([finding(LV, ...content)]);
const uid = (sop: string, time: string, more: DicomJson = {}): DicomJson => ({
	'00080018': { vr: 'UI', Value: [sop] },
	'00080033': { vr: 'TM', Value: [time] },
	...more
});
const header = (more: Partial<HeaderValues>): HeaderValues => ({
	sopInstanceUid: '1.9',
	heightCm: null,
	weightKg: null,
	heartRate: null,
	...more
});

describe('choosing among several numbers for one field', () => {
	it('takes the selected one before the mean before the last', () => {
		const values = [num(lvidd, 4.7, 'cm'), num(lvidd, 4.8, 'cm', mean)];
		expect(fill([ofLv(...values)]).entries.lvidd?.[0]).toMatchObject({
			value: 4.8,
			derivation: 'mean'
		});
		const selected = [num(lvidd, 4.9, 'cm', chosen), ...values, num(lvidd, 5, 'cm')];
		const [entry] = fill([ofLv(...selected)]).entries.lvidd ?? [];
		expect(entry).toMatchObject({ value: 4.9, derivation: 'single' });
		expect(entry?.samples.map(({ value, selected: is }) => [value, is])).toEqual([
			[4.9, true],
			[4.7, false],
			[4.8, false],
			[5, false]
		]);
	});

	it('takes the last of unmarked ones, and says so', () => {
		const [entry] = fill([ofLv(num(lvidd, 4.7, 'cm'), num(lvidd, 4.6, 'cm'))]).entries.lvidd ?? [];
		expect(entry).toMatchObject({ value: 4.6, derivation: 'last' });
		expect(entry?.samples).toHaveLength(2);
	});

	it('prefers the newer report and keeps a differing older value as a suggestion', () => {
		const older = report([finding(LV, num(lvidd, 4.7, 'cm'))], uid('1.1', '100000'));
		const newer = report([finding(LV, num(lvidd, 4.9, 'cm'))], uid('1.2', '110000'));
		const same = report([finding(LV, num(lvidd, 49, 'mm'))], uid('1.3', '120000'));
		for (const order of [
			[older, newer],
			[newer, older]
		])
			expect(fill(order).entries.lvidd?.map((one) => [one.value, one.suggestion])).toEqual([
				[4.9, false],
				[4.7, true]
			]);
		expect(fill([newer, same]).entries.lvidd).toHaveLength(1);
	});

	it('gives the same entry the same id, however often it arrives', () => {
		const [entry] = fill([ofLv(num(lvidd, 4.7, 'cm'))]).entries.lvidd ?? [];
		expect(entry?.id).toBe('sr:1.2.3.4:1.1.2');
		expect(fill([ofLv(num(lvidd, 4.7, 'cm'))]).entries.lvidd?.[0]).toEqual(entry);
	});
});

describe('units', () => {
	it('does not use a number without a unit, and says so', () => {
		const { entries, unmapped, warnings } = fill([ofLv(num(lvidd, 4.7, null))]);
		expect(entries.lvidd).toBeUndefined();
		expect(unmapped).toMatchObject([{ codeValue: '29436-3', value: 4.7, unit: null }]);
		expect(warnings).toMatchObject([{ kind: 'no-unit', field: 'lvidd', contentPath: '1.1.2' }]);
	});

	it('does not guess what an impossible unit meant', () => {
		const { entries, unmapped, warnings } = fill([
			ofLv(num(lvidd, 4.7, 'cm/s'), num(lvidd, 47, '1'))
		]);
		expect(entries.lvidd).toBeUndefined();
		expect(unmapped).toHaveLength(2);
		expect(warnings.map((one) => one.kind)).toEqual(['unit-impossible', 'unit-impossible']);
	});

	it.each([
		[4.7, 'cm', 4.7],
		[47, 'mm', 4.7],
		[0.047, 'm', 4.7]
	])('reads %d %s as %d cm', (value, unit, expected) => {
		expect(fill([ofLv(num(lvidd, value, unit))]).entries.lvidd?.[0]?.value).toBe(expected);
	});

	it('keeps what was sent only where it differs', () => {
		const sent = (value: number, unit: string) =>
			fill([ofLv(num(lvidd, value, unit))]).entries.lvidd?.[0]?.asSent;
		expect(sent(4.7, 'cm')).toBeNull();
		expect(sent(47, 'mm')).toEqual({ value: 47, unit: 'mm' });
	});

	it('stores a velocity as magnitude and strain with its sign', () => {
		const e = 'LN 18037-2 E';
		const { entries } = fill([report([finding('SCT 91134007 Mitral', num(e, -0.82, 'm/s'))])]);
		expect(entries.mv_e_velocity?.[0]).toMatchObject({
			value: 82,
			unit: 'cm/s',
			asSent: { value: -0.82, unit: 'm/s' }
		});
		const strain = (value: number) => fill([report([num('DCM 130694 GLS', value, '%')])]);
		expect(strain(-18).warnings).toEqual([]);
		expect(strain(18).entries.lv_gls?.[0]?.value).toBe(18);
		expect(strain(18).warnings).toMatchObject([{ kind: 'sign', field: 'lv_gls' }]);
	});

	it('skips a measurement without a value', () => {
		expect(fill([ofLv(emptyNum(lvidd))])).toEqual({ entries: {}, unmapped: [], warnings: [] });
	});
});

describe('what is not used', () => {
	it('ignores our own exports', () => {
		const own = report([finding(LV, num(lvidd, 4.7, 'cm'))], {
			'00080070': { vr: 'LO', Value: ['Readroom'] }
		});
		expect(fill([own])).toEqual({ entries: {}, unmapped: [], warnings: [] });
	});

	it('does not use a report of another patient', () => {
		const { entries, warnings } = fill([ofLv(num(lvidd, 4.7, 'cm'))], {
			patient: { id: 'P2', issuer: '' }
		});
		expect(entries).toEqual({});
		expect(warnings).toMatchObject([{ kind: 'other-patient' }]);
	});

	it('lists what it does not know by the words of the machine', () => {
		const own = container(
			'99GEMS T9900-02 Measurement',
			text('99GEMS T9900-04 Label', 'Our gap'),
			num('DCM 121206 Distance', 3, 'mm')
		);
		expect(fill([report([own])]).unmapped).toEqual([
			{
				codeValue: '121206',
				codingScheme: 'DCM',
				meaning: 'Our gap',
				value: 3,
				unit: 'mm',
				contentPath: '1.1.2',
				sopInstanceUid: '1.2.3.4'
			}
		]);
	});

	it('never puts one side into the other or into a field without side', () => {
		const group = container('SCT 22286001 ECA', num('LN 11726-7 PSV', 110, 'cm/s'));
		const sideless = report([finding('SCT 119568004 Neck', group)]);
		expect(fill([sideless]).entries).toEqual({});
		const right = finding(
			'SCT 119568004 Neck',
			is('SRT G-C171 Laterality', 'SRT G-A100 Right'),
			group
		);
		expect(Object.keys(fill([report([right])]).entries)).toEqual(['eca_psv_right']);
	});

	it('keeps a value beyond the hard limits, and warns', () => {
		const worksheet = wholeSheet({
			plausibility: [{ field: 'lvidd', unit: 'cm', hard: [1, 12], soft: [2, 9] }]
		});
		const { entries, warnings } = fill([ofLv(num(lvidd, 47, 'cm'))], { worksheet });
		expect(entries.lvidd?.[0]?.value).toBe(47);
		expect(warnings).toMatchObject([{ kind: 'hard-limit', field: 'lvidd', contentPath: '1.1.2' }]);
	});

	it('says when it took a flow direction as usual', () => {
		const { entries, warnings } = fill([
			report([finding('SCT 34202007 AV', num('LN 11726-7 Peak', 2.6, 'm/s'))])
		]);
		expect(entries.av_vmax?.[0]?.value).toBe(2.6);
		expect(warnings).toMatchObject([{ kind: 'assumed', field: 'av_vmax' }]);
	});
});

describe('body size from object attributes', () => {
	const body = report([
		container('DCM 121118 Patient Characteristics', num('LN 8302-2 Height', 1.64, 'm'))
	]);

	it('fills height, weight and heart rate where no report says them', () => {
		const { entries } = fill([], {
			headers: [header({ heightCm: 164 }), header({ weightKg: 71, heartRate: 68 })]
		});
		expect(entries.height?.[0]).toMatchObject({
			id: 'dicom:1.9:00101020',
			value: 164,
			unit: 'cm',
			source: { kind: 'dicom', tag: '00101020' },
			suggestion: false
		});
		expect(entries.weight?.[0]?.value).toBe(71);
		expect(entries.hr?.[0]?.value).toBe(68);
	});

	it('leaves the report in front, and shows a height that differs beside it', () => {
		expect(fill([body], { headers: [header({ heightCm: 164.2 })] }).entries.height).toHaveLength(1);
		const { entries, warnings } = fill([body], { headers: [header({ heightCm: 146 })] });
		expect(entries.height?.map((one) => [one.value, one.suggestion])).toEqual([
			[164, false],
			[146, true]
		]);
		expect(warnings).toMatchObject([{ kind: 'differs', field: 'height' }]);
	});

	it('takes the rate of Patient Characteristics before that of a loop', () => {
		const rate = 'LN 8867-4 Heart rate';
		const { entries } = fill([
			report([
				container('DCM 121118 Patient Characteristics', num(rate, 68, '/min')),
				finding(LV, num(rate, 90, '{H.B.}/min'))
			])
		]);
		expect(entries.hr?.[0]?.value).toBe(68);
	});
});

describe('any content', () => {
	const value = fc.oneof(fc.double(), fc.string(), fc.integer());
	const unit = fc.constantFrom('cm', 'mm', 'm/s', '1', '%', '', 'furlong', 'ml', null);
	const place = fc.constantFrom(LV, 'SCT 34202007 AV', 'SRT T-35300 MV', 'X Y Z');
	const concept = fc.constantFrom(lvidd, 'LN 11726-7 v', 'SCT 399367004 a', 'LN 18026-5 V', '  ');
	const modifier = fc.constantFrom(
		...[mean, chosen, is('SRT G-C048 Flow', 'SRT G-0367 RG'), is('LN 18139-6 Stage', 'SCT 1 ?')],
		...[is('SRT G-C036 Method', 'DCM 125216 PISA'), is('SRT G-C0E3 Site', 'SCT 13418002 LVOT')]
	);
	const item = fc
		.tuple(concept, value, unit, fc.array(modifier, { maxLength: 4 }))
		.map(([what, much, of, more]) => num(what, much, of, ...more));
	const content = fc
		.tuple(place, fc.array(item, { maxLength: 6 }))
		.map(([where, items]) => finding(where, ...items));

	it('is populated without throwing; every number is finite and in its field’s unit', () => {
		fc.assert(
			fc.property(fc.array(content, { maxLength: 5 }), (sections) => {
				const { entries, unmapped } = fill([report(sections)]);
				for (const [id, list] of Object.entries(entries))
					for (const entry of list) {
						expect(Number.isFinite(entry.value)).toBe(true);
						expect(entry.unit).toBe(sheet.measurements[id]?.unit);
					}
				expect(unmapped.every((one) => one.contentPath.startsWith('1.'))).toBe(true);
			}),
			{ numRuns: 100 }
		);
	});
});
