import { describe, expect, it } from 'vitest';
import type { PriorValue } from '$lib/report/body.ts';
import { buildVersion } from '../../support/version.ts';
import { buildEntries, worksheet } from '../../support/worksheet.ts';

const diagramsOf = (id: string, values: Record<string, number | string>) =>
	buildVersion(worksheet(id), buildEntries(values)).body.sections.flatMap(
		({ diagrams = [] }) => diagrams
	);

describe('the pictures of a signed report', () => {
	it('are left out while nothing in them is answered', () => {
		expect(diagramsOf('carotid-duplex', { cca_dist_psv_right: 60 })).toEqual([]);
	});

	it('hold what is needed to draw them without the worksheet', () => {
		const [map] = diagramsOf('carotid-duplex', {
			ica_prox_psv_right: 290,
			ica_prox_edv_right: 110,
			cca_dist_psv_right: 60
		});
		if (map?.kind !== 'vessels') throw new Error('there is no vessel map');
		expect(map.vessels.find(({ key }) => key === 'ica_right')).toMatchObject({ level: 'severe' });
		expect(map.vessels.find(({ key }) => key === 'ica_left')).toMatchObject({ text: '' });
	});

	it('show a polar map segment by segment', () => {
		const sheet = worksheet('adult-tte');
		const diagram = sheet.sections
			.flatMap(({ diagrams = [] }) => diagrams)
			.find(({ kind }) => kind === 'bullseye');
		if (diagram?.kind !== 'bullseye') throw new Error('the sheet has lost its polar map');
		const [map] = diagramsOf('adult-tte', { [diagram.fields[1] ?? '']: '3' });
		if (map?.kind !== 'bullseye') throw new Error('there is no polar map');
		expect(map.cells).toHaveLength(17);
		expect(map.cells[1]).toMatchObject({ value: '3' });
		expect(map.cells[0]).toMatchObject({ value: null, text: '' });
	});
});

describe('a growth chart of a signed report', () => {
	const sheet = worksheet('ob-third-trimester-growth');
	const charts = (values: Record<string, number>, series?: Record<string, PriorValue[]>) =>
		buildVersion(sheet, buildEntries(values), series ? { context: { series } } : {})
			.body.sections.flatMap(({ diagrams = [] }) => diagrams)
			.filter((one) => one.kind === 'growth');
	const weights = { 'dating.ga': 224, fetal_efw: 1953 };

	it('holds curves, the point, its place and where the curves are from', () => {
		const [weight, ...others] = charts(weights);
		expect(others).toEqual([]);
		expect(weight).toMatchObject({
			title: 'Estimated fetal weight',
			point: [32, 1953],
			text: { x: '32+0 weeks', y: '1953 g' },
			citation: 'Hadlock 1991',
			unconfirmed: false,
			earlier: []
		});
		expect(Math.round(weight?.place.percentile ?? 0)).toBe(50);
		expect(weight?.curves.map(({ percentile }) => percentile)).toEqual([3, 10, 50, 90, 97]);
	});

	it('joins every earlier study that has both values, oldest first', () => {
		const one = (value: number, date: string) => ({ value, date, studyUid: `1.2.${date}` });
		const [weight] = charts(weights, {
			'dating.ga': [one(196, '2026-02-12'), one(168, '2026-01-15')],
			fetal_efw: [one(1200, '2026-02-12'), one(900, '2026-01-30'), one(650, '2026-01-15')]
		});
		expect(weight?.earlier).toEqual([
			{ date: '2026-01-15', at: [24, 650] },
			{ date: '2026-02-12', at: [28, 1200] }
		]);
	});

	it('is left out where the curves do not reach, and cites its source where it is printed', () => {
		expect(charts({ 'dating.ga': 84, fetal_efw: 60 })).toEqual([]);
		expect(buildVersion(sheet, buildEntries(weights)).body.sources).toHaveProperty('HADLOCK1991');
	});
});
