import { describe, expect, it } from 'vitest';
import { chartOf, valueAt } from '$lib/worksheet/chart.ts';
import { chartSchema } from '$lib/worksheet/file-schemas.ts';
import { checkLibrary } from '$lib/worksheet/check.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { worksheet, worksheetFiles } from '../../support/worksheet.ts';

// The whole library is opened here: that takes longer than a test may.
const growth = worksheet('ob-third-trimester-growth');
const carotid = worksheet('carotid-duplex');

const weight = {
	id: 'weight',
	title: 'Weight',
	x: { label: 'Age', unit: 'wk', range: [20, 40] },
	y: { label: 'Weight', unit: 'g', range: [0, 5000] },
	scale: 'log',
	mean: '0.578 + 0.332 * x - 0.00354 * x ** 2',
	sd: '0.12',
	percentiles: [90, 10, 50],
	verified: true,
	source: ['HADLOCK1991'],
	examples: [{ percentile: 50, x: 32, y: 1953, tol: 1 }]
};
const points = {
	...weight,
	scale: 'linear',
	mean: undefined,
	sd: undefined,
	percentiles: [],
	curves: [
		{
			percentile: 50,
			points: [
				[20, 300],
				[30, 1500],
				[40, 3500]
			]
		}
	]
};

describe('a growth chart', () => {
	it('H1: works out one curve a percentile, the lowest first, over the whole axis', () => {
		const chart = chartOf(chartSchema.parse(weight));
		expect(chart.curves.map(({ percentile }) => percentile)).toEqual([10, 50, 90]);
		const middle = chart.curves[1]?.points ?? [];
		expect(middle[0]?.[0]).toBe(20);
		expect(middle.at(-1)?.[0]).toBe(40);
		expect(middle.find(([x]) => x === 32)?.[1]).toBeCloseTo(1952.84, 2);
	});

	it('H1: a curve lies where its percentile is', () => {
		const chart = chartSchema.parse(weight);
		expect(valueAt(chart, 10, 32)).toBeCloseTo(1952.84 * Math.exp(-0.12 * 1.2816), 1);
		expect(valueAt(chart, 90, 32)).toBeCloseTo(1952.84 * Math.exp(0.12 * 1.2816), 1);
	});

	it('H1: joins published points and has no value beyond them', () => {
		const chart = chartSchema.parse(points);
		expect(valueAt(chart, 50, 25)).toBe(900);
		expect(valueAt(chart, 50, 40)).toBe(3500);
		expect(valueAt(chart, 50, 41)).toBeNull();
		expect(valueAt(chart, 50, 19)).toBeNull();
	});

	it('H2: stands in the worksheet whose diagram names it, with its source', () => {
		expect(growth.charts?.['efw-hadlock-1991']?.curves).toHaveLength(5);
		expect(growth.sources).toHaveProperty('HADLOCK1991');
		expect(carotid.charts).toBeUndefined();
	});

	it('H3: refuses an example that does not come out, a percentile it cannot draw and an unknown name', () => {
		const first = (change: object) => {
			const chart = JSON.stringify({ ...weight, id: 'odd', ...change });
			const sources = worksheetFiles().get('sources.yaml') ?? '';
			const files = new Map([
				['charts/odd.yaml', chart],
				['sources.yaml', sources]
			]);
			const { library, problems } = readLibrary(files);
			return [...problems, ...checkLibrary(library)][0]?.what;
		};
		expect(first({})).toBeUndefined();
		expect(first({ examples: [{ percentile: 50, x: 32, y: 2000, tol: 1 }] })).toBe(
			'percentile 50 at 32 is 1952.840, not 2000'
		);
		expect(first({ percentiles: [50, 12] })).toBe('percentile 12 is not known');
		expect(first({ mean: 'age * 2' })).toContain('there is no "age" here');
		expect(first({ sd: undefined })).toBe('"sd" is missing');
	});
});
