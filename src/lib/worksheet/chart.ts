/** Growth charts: one curve a percentile, as points that a picture only has to join. */
import type { Chart } from './definition.ts';
import { evaluateNode, parseExpression } from './expression.ts';
import type { Node } from './expression.ts';
import type { RawChart } from './file-schemas.ts';

/** Standard normal deviate by percentile. */
export const deviates: Readonly<Record<number, number>> = {
	1: -2.3263,
	3: -1.8808,
	5: -1.6449,
	10: -1.2816,
	25: -0.6745,
	50: 0,
	75: 0.6745,
	90: 1.2816,
	95: 1.6449,
	97: 1.8808,
	99: 2.3263
};

/** Points of a curve that a formula describes. */
const steps = 60;

/** What a chart file says, with every formula worked out. */
export function chartOf(raw: RawChart): Chart {
	const { id, title, x, y, verified, source } = raw;
	return { id, title, x, y, curves: curvesOf(raw), verified, source };
}

/** Null where the formulas have no value. */
export function valueAt(raw: RawChart, percentile: number, x: number): number | null {
	const given = raw.curves.find((curve) => curve.percentile === percentile);
	if (given) return between(given.points, x);
	const formulas = formulasOf(raw);
	const deviate = deviates[percentile];
	return formulas && deviate !== undefined ? byFormula(raw, formulas, deviate, x) : null;
}

function curvesOf(raw: RawChart): Chart['curves'] {
	const formulas = formulasOf(raw);
	const [low, high] = raw.x.range;
	const computed = raw.percentiles.map((percentile) => {
		const points = Array.from({ length: steps + 1 }, (_, index): [number, number][] => {
			const x = low + ((high - low) * index) / steps;
			const deviate = deviates[percentile] ?? 0;
			const value = formulas ? byFormula(raw, formulas, deviate, x) : null;
			return value === null ? [] : [[rounded(x), rounded(value)]];
		});
		return { percentile, points: points.flat() };
	});
	return [...raw.curves, ...computed].sort((a, b) => a.percentile - b.percentile);
}

interface Formulas {
	mean: Node;
	sd: Node;
}

function formulasOf({ mean, sd }: RawChart): Formulas | null {
	return mean !== undefined && sd !== undefined
		? { mean: parseExpression(mean), sd: parseExpression(sd) }
		: null;
}

/** On a logarithmic scale `mean` and `sd` are those of the natural logarithm of y. */
function byFormula(raw: RawChart, { mean, sd }: Formulas, deviate: number, x: number) {
	const lookup = (name: string) => (name === 'x' ? x : null);
	const [middle, spread] = [evaluateNode(mean, lookup), evaluateNode(sd, lookup)];
	if (typeof middle !== 'number' || typeof spread !== 'number') return null;
	const value = middle + deviate * spread;
	return raw.scale === 'log' ? Math.exp(value) : value;
}

function between(points: readonly (readonly [number, number])[], x: number): number | null {
	const after = points.findIndex(([at]) => at >= x);
	const [left, right] = [points[after - 1], points[after]];
	if (!right) return null;
	if (right[0] === x) return right[1];
	if (!left) return null;
	return left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
