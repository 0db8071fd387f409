/** Measurement reports (TID 1500) and calcium scoring (TID 3905) into the sheets they are meant for. */
import { describe, expect, it } from 'vitest';
import type { DicomJson } from '$lib/dicom/json.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { populate } from '$lib/report/populate.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { wholeLibrary } from '../../support/worksheet.ts';
import { container, is, num, report, text } from '../dicom/sr/build.ts';

const { library } = wholeLibrary();
const at = '2026-03-12T12:00:00.000Z';

function fill(id: string, ...content: DicomJson[]) {
	const worksheet = resolveWorksheet(library, id);
	if (!worksheet) throw new Error(`There is no worksheet ${id}.`);
	const root = container('DCM 126010 Imaging Measurements', ...content);
	const document = readSr(report([root]));
	const { entries, unmapped, warnings } = populate({
		worksheet,
		documents: [document],
		headers: [],
		patient: null,
		at
	});
	const values = Object.fromEntries(
		Object.entries(entries).map(([field, [entry]]) => [field, entry?.value])
	);
	const isUnconfirmed = (field: string) => {
		const source = entries[field]?.[0]?.source;
		return source?.kind === 'sr' && source.unconfirmed === true;
	};
	return { values, isUnconfirmed, unmapped: unmapped.map(({ meaning }) => meaning), warnings };
}

const group = (finding: string, ...content: DicomJson[]) =>
	container(
		'DCM 125007 Measurement Group',
		text('DCM 112039 Tracking Identifier', 'one'),
		is('DCM 121071 Finding', finding),
		...content
	);
const site = (value: string) => is('SCT 363698007 Finding Site', value);
const agatston = is('SCT 370129005 Measurement Method', 'DCM 112055 Agatston scoring method');
const score = (value: number, ...more: DicomJson[]) =>
	num('SCT 450360000 Coronary artery calcium score', value, '1', ...more);
const nodule = 'SCT 786838002 Nodule of lung';
const long = (value: number) => num('SCT 103339001 Long Axis', value, 'mm');
const short = (value: number) => num('SCT 103340004 Short Axis', value, 'mm');

describe('calcium scoring', () => {
	it('fills the total and each vessel by its site, from a score without a dimension', () => {
		const { values, warnings } = fill(
			'coronary-calcium-ct',
			score(290, agatston),
			score(10, agatston, site('SCT 3227004 Left Main Coronary Artery')),
			score(180, agatston, site('SCT 59438005 Left Anterior Descending Coronary Artery')),
			score(40, agatston, site('SRT T-43120 Circumflex Coronary Artery')),
			score(60, agatston, site('SCT 13647002 Right Coronary Artery'))
		);
		expect(values).toMatchObject({
			coronary_calcium: 290,
			'calcium.lm': 10,
			'calcium.lad': 180,
			'calcium.lcx': 40,
			'calcium.rca': 60
		});
		expect(warnings).toEqual([]);
	});

	it('takes the code of earlier editions, and volume and mass', () => {
		const { values } = fill(
			'coronary-calcium-ct',
			num('DCM 112058 Calcium score', 812, "[arb'U]"),
			num('DCM 122660 Calcium Volume', 640, 'mm3'),
			num('DCM 122661 Calcium Mass', 120, 'mg')
		);
		expect(values).toMatchObject({
			coronary_calcium: 812,
			'calcium.volume': 640,
			'calcium.mass': 120
		});
	});

	it('takes the score of the aortic valve for no coronary one, and asks for its confirmation', () => {
		const valve = site('SCT 34202007 Aortic Valve');
		const { values, isUnconfirmed } = fill(
			'coronary-calcium-ct',
			num('DCM 112058 Calcium score', 1900, '1', valve)
		);
		expect(values).toEqual({ av_calcium_score_ct: 1900 });
		expect(isUnconfirmed('av_calcium_score_ct')).toBe(true);
	});

	it('takes neither a score by another method nor the volume of one vessel for the whole', () => {
		const other = is('SCT 370129005 Measurement Method', '99MAKER X1 Own scoring');
		const { values, unmapped } = fill(
			'coronary-calcium-ct',
			score(290, other),
			num('DCM 122660 Calcium Volume', 64, 'mm3', site('SCT 13647002 Right Coronary Artery'))
		);
		expect(values).toEqual({});
		expect(unmapped).toEqual(['Coronary artery calcium score', 'Calcium Volume']);
	});
});

describe('lung nodules of a measurement report', () => {
	it('fill one row each, in the order of the report', () => {
		const { values, isUnconfirmed } = fill(
			'low-dose-lung-screening',
			group(
				nodule,
				site('SCT 266005 Lower lobe of right lung'),
				long(9),
				short(6),
				is('RADLEX RID6037 Attenuation Characteristic', 'RADLEX RID50152 Part-solid')
			),
			group('RADLEX RID50149 Pulmonary nodule', long(1.2), site('SRT T-28600 Left Upper Lobe'))
		);
		expect(values).toEqual({
			'lung_rads.long_1': 9,
			'lung_rads.short_1': 6,
			'lung_rads.lobe_1': 'right_lower',
			'lung_rads.kind_1': 'part_solid',
			'lung_rads.long_2': 1.2,
			'lung_rads.lobe_2': 'left_upper'
		});
		expect(isUnconfirmed('lung_rads.kind_1')).toBe(true);
		expect(isUnconfirmed('lung_rads.long_1')).toBe(false);
	});

	it('list what has no field: a category of the machine, a seventh nodule, another lesion', () => {
		const assessment = is('RADLEX RID50134 Lung-RADS assessment', 'RADLEX RID50138 4A');
		const seven = Array.from({ length: 7 }, (_, index) => group(nodule, long(4 + index)));
		const { values, unmapped } = fill(
			'low-dose-lung-screening',
			group('SCT 52988006 Lesion', long(30)),
			...seven,
			group(nodule, { ...assessment, '0040A010': { vr: 'CS', Value: ['CONTAINS'] } })
		);
		expect(Object.keys(values)).toHaveLength(6);
		expect(values['lung_rads.long_6']).toBe(9);
		expect(unmapped).toHaveLength(3);
	});
});

describe('thyroid nodules of a measurement report', () => {
	it('fill size and side; what the report says of length and depth is to be confirmed', () => {
		const { values, isUnconfirmed } = fill(
			'thyroid-us',
			group(
				'SCT 237495005 Thyroid Nodule',
				site('SCT 29565003 Right lobe of thyroid'),
				num('SCT 410668003 Length', 18, 'mm'),
				num('SCT 103355008 Width', 12, 'mm'),
				num('DCM 121207 Height', 10, 'mm')
			),
			group('SCT 237495005 Thyroid Nodule', num('SCT 103339001 Long Axis', 2.2, 'cm'))
		);
		expect(values).toEqual({
			'nodule.site_1': 'right_lobe',
			thyroid_nodule_max_1: 1.8,
			'nodule.trans_1': 1.2,
			'nodule.ap_1': 1,
			thyroid_nodule_max_2: 2.2
		});
		expect(isUnconfirmed('thyroid_nodule_max_1')).toBe(true);
		expect(isUnconfirmed('thyroid_nodule_max_2')).toBe(false);
	});
});

describe('a field that names its code', () => {
	const total = (value: number) => num('DCM 113813 CT Dose Length Product Total', value, 'mGy.cm');
	const event = (value: number) => num('DCM 113830 Mean CTDIvol', value, 'mGy');

	it('is filled from a dose report; what is said of each irradiation is said of none', () => {
		const { values, unmapped } = fill('coronary-calcium-ct', total(41), event(0.1), event(3.2));
		expect(values).toEqual({ 'ct.dlp': 41 });
		expect(unmapped).toEqual(['Mean CTDIvol', 'Mean CTDIvol']);
		expect(fill('coronary-calcium-ct', event(3.2)).values).toEqual({ 'ct.ctdi': 3.2 });
	});
});
