/** Where a measured point lies between the curves of a growth chart. */
import { deviates } from './chart.ts';
import type { Chart } from './definition.ts';

export interface Place {
	/** Between two curves: interpolated. Null outside of the outermost. */
	percentile: number | null;
	/** Outermost curve that the point lies beyond. */
	beyond: { side: 'below' | 'above'; percentile: number } | null;
}

/** Null where the chart has no curves at this x. */
export function placeOn(chart: Chart, x: number, y: number): Place | null {
	const at = chart.curves.flatMap(({ percentile, points }) => {
		const value = heightAt(points, x);
		return value === null ? [] : [{ percentile, value }];
	});
	const [lowest, highest] = [at[0], at.at(-1)];
	if (!lowest || !highest) return null;
	if (y < lowest.value)
		return { percentile: null, beyond: { side: 'below', percentile: lowest.percentile } };
	if (y > highest.value)
		return { percentile: null, beyond: { side: 'above', percentile: highest.percentile } };
	const upper = Math.max(
		1,
		at.findIndex(({ value }) => value >= y)
	);
	const [a, b] = [at[upper - 1], at[upper]];
	if (!a || !b) return { percentile: lowest.percentile, beyond: null };
	const share = b.value === a.value ? 0 : (y - a.value) / (b.value - a.value);
	const [from, to] = [deviates[a.percentile] ?? 0, deviates[b.percentile] ?? 0];
	return { percentile: shareBelow(from + (to - from) * share) * 100, beyond: null };
}

function heightAt(points: Chart['curves'][number]['points'], x: number): number | null {
	const after = points.findIndex(([at]) => at >= x);
	const [left, right] = [points[after - 1], points[after]];
	if (!right) return null;
	if (!left) return right[0] === x ? right[1] : null;
	return left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
}

/** Standard normal distribution; Abramowitz and Stegun 26.2.17, error below 1e-7. */
function shareBelow(deviate: number): number {
	const t = 1 / (1 + 0.2316419 * Math.abs(deviate));
	const weights = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
	const sum = weights.reduce((total, weight, index) => total + weight * t ** (index + 1), 0);
	const tail = (Math.exp(-(deviate ** 2) / 2) / Math.sqrt(2 * Math.PI)) * sum;
	return deviate < 0 ? tail : 1 - tail;
}
