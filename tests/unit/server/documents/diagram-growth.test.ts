import { describe, expect, it } from 'vitest';
import type { PrintedDiagram } from '$lib/report/version.ts';
import { apart, growthSpoken, growthWords } from '$lib/server/documents/pdf/diagram-growth.ts';

const chart: Extract<PrintedDiagram, { kind: 'growth' }> = {
	kind: 'growth',
	title: 'Fetal weight',
	chart: 'c',
	x: { label: 'Gestational age', unit: 'wk', range: [14, 42] },
	y: { label: 'Weight', unit: 'g' },
	curves: [3, 50, 97].map((percentile) => ({ percentile, points: [] })),
	point: [32, 1300],
	text: { x: '32+0 weeks', y: '1300 g' },
	place: { percentile: null, beyond: { side: 'below', percentile: 3 } },
	earlier: [{ date: '2026-02-12', at: [28, 1000] }],
	citation: 'Somebody 1991',
	unconfirmed: true
};

describe('a growth chart on paper', () => {
	it('says below itself what is in it, and where the curves are from', () => {
		expect(growthWords(chart)).toBe(
			'Fetal weight: 1300 g at 32+0 weeks, below percentile 3. Hollow: 2026-02-12. ' +
				'Curves: Somebody 1991 (curves unconfirmed).'
		);
		const plain = { ...chart, earlier: [], unconfirmed: false };
		expect(growthWords({ ...plain, place: { percentile: 49.6, beyond: null } })).toBe(
			'Fetal weight: 1300 g at 32+0 weeks, percentile 50. Curves: Somebody 1991.'
		);
	});

	it('says to those who cannot see it every point', () => {
		expect(growthSpoken(chart)).toBe(
			'Weight against gestational age, curves of percentiles 3, 50, 97. ' +
				'2026-02-12: 1000 g at 28 wk. This study: 1300 g at 32+0 weeks, below percentile 3.'
		);
	});

	it('keeps the labels of close curves apart, below the top, and in order', () => {
		const labels = [12, 13, 14, 15, 16].map((y, i) => ({ percentile: 97 - i, y }));
		const placed = apart(labels, 10).map(({ y }) => y);
		expect(placed[0]).toBeGreaterThanOrEqual(10);
		for (let i = 1; i < placed.length; i++)
			expect((placed[i] ?? 0) - (placed[i - 1] ?? 0)).toBeGreaterThanOrEqual(7.5);
		const far = [10, 40, 80].map((y) => ({ percentile: y, y }));
		expect(apart(far, 0)).toEqual(far);
	});
});
