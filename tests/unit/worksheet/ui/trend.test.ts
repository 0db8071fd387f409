import { describe, expect, it } from 'vitest';
import { plotTrend } from '$lib/worksheet/ui/trend.ts';
import type { TrendPoint } from '$lib/worksheet/ui/trend.ts';

const size = { width: 100, height: 50, pad: 10 };
const at = (date: string, value: number): TrendPoint => ({
	date,
	value,
	text: String(value),
	studyUid: date
});

describe('the trend of a field', () => {
	it('runs from the earliest to the latest, higher values higher', () => {
		const plot = plotTrend([at('2026-01-01', 40), at('2024-01-01', 60)], null, size);
		expect(plot.points.map(({ point }) => point.value)).toEqual([60, 40]);
		expect(plot.points.map(({ x }) => x)).toEqual([10, 90]);
		expect(plot.points.map(({ y }) => y)).toEqual([10, 40]);
		expect(plot.band).toBeNull();
	});

	it('spaces by time, not by number', () => {
		const plot = plotTrend(
			[at('2020-01-01', 1), at('2021-01-01', 2), at('2024-01-01', 3)],
			null,
			size
		);
		expect(plot.points[1]?.x).toBeCloseTo(30, 0);
	});

	it('shows the normal band, open on the side that has no limit', () => {
		const values = [at('2024-01-01', 40), at('2025-01-01', 60)];
		expect(plotTrend(values, { low: 50, high: null }, size).band).toEqual({ y: 0, height: 25 });
	});

	it('draws one value, equal values and none', () => {
		expect(plotTrend([at('2024-01-01', 4)], null, size).points).toMatchObject([{ x: 50, y: 25 }]);
		const same = plotTrend([at('2024-01-01', 0), at('2025-01-01', 0)], null, size);
		expect(same.points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
		expect(plotTrend([], null, size)).toEqual({ points: [], line: '', band: null });
	});
});
