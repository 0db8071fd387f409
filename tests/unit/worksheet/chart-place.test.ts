import { describe, expect, it } from 'vitest';
import { placeOn } from '$lib/worksheet/chart-place.ts';
import { chartOf, valueAt } from '$lib/worksheet/chart.ts';
import { chartSchema } from '$lib/worksheet/file-schemas.ts';

const raw = chartSchema.parse({
	id: 'length',
	title: 'Length',
	x: { label: 'Age', unit: 'wk', range: [20, 40] },
	y: { label: 'Length', unit: 'mm', range: [0, 500] },
	mean: '10 * x',
	sd: '10',
	percentiles: [3, 10, 50, 90, 97],
	verified: true,
	source: ['TEST'],
	examples: [{ percentile: 50, x: 30, y: 300, tol: 1 }]
});
const chart = chartOf(raw);

describe('a point on a growth chart', () => {
	it.each([3, 10, 50, 90, 97])(
		'on the curve of percentile %i has that percentile',
		(percentile) => {
			const y = valueAt(raw, percentile, 30) ?? 0;
			const eps = percentile < 50 ? 0.001 : percentile > 50 ? -0.001 : 0;
			expect(placeOn(chart, 30, y + eps)?.percentile).toBeCloseTo(percentile, 1);
		}
	);

	it('between two curves is placed by deviation, not by distance', () => {
		// One standard deviation above the mean: 84 of a hundred lie below.
		expect(placeOn(chart, 30, 310)?.percentile).toBeCloseTo(84.13, 1);
	});

	it('outside of the outermost curves is only said to be beyond', () => {
		expect(placeOn(chart, 30, 270)).toEqual({
			percentile: null,
			beyond: { side: 'below', percentile: 3 }
		});
		expect(placeOn(chart, 30, 330)?.beyond).toEqual({ side: 'above', percentile: 97 });
	});

	it('of an age that the chart does not cover has no place', () => {
		expect(placeOn(chart, 19, 200)).toBeNull();
		expect(placeOn(chart, 41, 200)).toBeNull();
	});
});
