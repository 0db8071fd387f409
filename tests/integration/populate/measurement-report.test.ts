import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomJson } from '$lib/dicom/json.ts';
import { fillFromFiles } from '../../../src/cli/populate.ts';
import { file as part10 } from '../../support/dicom-maker.ts';
import type { Element } from '../../support/dicom-maker.ts';
import { container, is, num, report, text } from '../../unit/dicom/sr/build.ts';

/** The content of a report as elements of a file. */
function elementsOf(json: DicomJson): Record<string, Element> {
	return Object.fromEntries(
		Object.entries(json).map(([tag, { vr, Value = [] }]): [string, Element] => [
			tag,
			vr === 'SQ'
				? [vr, (Value as DicomJson[]).map((item) => elementsOf(item))]
				: [vr, Value.map(String).join('\\')]
		])
	);
}

const nodule = (...content: DicomJson[]) =>
	container(
		'DCM 125007 Measurement Group',
		text('DCM 112039 Tracking Identifier', 'Nodule'),
		is('DCM 121071 Finding', 'SCT 427359005 Solitary nodule of lung'),
		is('SCT 363698007 Finding Site', 'SCT 42400003 Upper lobe of right lung'),
		...content
	);

describe('populating from the file of a measurement report', () => {
	const folder = mkdtempSync(join(tmpdir(), 'readroom-report-'));
	const path = join(folder, 'report.dcm');
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	const write = (...content: DicomJson[]) =>
		writeFileSync(
			path,
			part10({
				elements: elementsOf(report([container('DCM 126010 Imaging Measurements', ...content)]))
			})
		);
	const fill = (sheet: string) => fillFromFiles([path], sheet).view;
	// The library is read once, before a test's time counts.
	beforeAll(() => {
		write(num('DCM 112058 Calcium score', 0, '1'));
		fill('coronary-calcium-ct');
	}, 120_000);

	it('fills the calcium score and grades it', () => {
		const agatston = is('SCT 370129005 Measurement Method', 'DCM 112055 Agatston scoring method');
		write(num('SCT 450360000 Coronary artery calcium score', 290, '1', agatston));
		const view = fill('coronary-calcium-ct');
		expect(view.fields.map(({ id, value }) => [id, value])).toEqual([['coronary_calcium', 290]]);
		expect(view.grades.find(({ id }) => id === 'agatston')?.grade).toEqual({
			category: 'moderate'
		});
	});

	it('fills a lung nodule, and the mean and volume follow', () => {
		write(
			nodule(
				num('SCT 103339001 Long Axis', 9, 'mm'),
				num('SCT 103340004 Short Axis', 6, 'mm'),
				is('RADLEX RID50134 Lung-RADS assessment', 'RADLEX RID50138 4A')
			)
		);
		const view = fill('low-dose-lung-screening');
		expect(Object.fromEntries(view.fields.map(({ id, value }) => [id, value]))).toEqual({
			'lung_rads.lobe_1': 'right_upper',
			'lung_rads.long_1': 9,
			'lung_rads.short_1': 6
		});
		const mean = view.results.find(({ id }) => id === 'lung_rads.mean_1');
		expect(mean?.value).toBe(7.5);
	});
});
