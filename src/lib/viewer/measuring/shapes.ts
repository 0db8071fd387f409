import type { Point } from '../regions.ts';
import { distance } from './plane.ts';

/** Of a closed outline, by the shoelace formula; its unit is the points' squared. */
export function areaOf(outline: readonly Point[]): number {
	let doubled = 0;
	outline.forEach(([x, y], index) => {
		const [nextX, nextY] = outline[(index + 1) % outline.length] ?? [x, y];
		doubled += x * nextY - nextX * y;
	});
	return Math.abs(doubled) / 2;
}

export function perimeterOf(outline: readonly Point[]): number {
	return outline.reduce(
		(sum, point, index) => sum + distance(point, outline[(index + 1) % outline.length] ?? point),
		0
	);
}

/** Whether two sides that are no neighbours cross. Outlines have some hundred sides at most. */
export function crossesItself(outline: readonly Point[]): boolean {
	const sides = outline.map(
		(point, index) => [point, outline[(index + 1) % outline.length] ?? point] as const
	);
	return sides.some((side, i) =>
		sides.some((other, k) => {
			const neighbours = Math.abs(i - k) <= 1 || Math.abs(i - k) === sides.length - 1;
			return k > i && !neighbours && cross(side, other);
		})
	);
}

function cross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
	const side = (p: Point, q: Point, r: Point) =>
		Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
	return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

export interface Ellipse {
	centre: Point;
	/** Half of each axis. */
	along: number;
	across: number;
	/** Of the first axis, radians from the rows' direction. */
	angle: number;
}

/** From the ends of one axis and any point at the height of the other. */
export function ellipseOf(a: Point, b: Point, c: Point): Ellipse {
	const length = distance(a, b);
	const offAxis =
		length === 0
			? distance(a, c)
			: Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / length;
	return {
		centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
		along: length / 2,
		across: offAxis,
		angle: Math.atan2(b[1] - a[1], b[0] - a[0])
	};
}

export const ellipseArea = ({ along, across }: Ellipse): number => Math.PI * along * across;

/** Ramanujan's second formula; its error is far below a pixel. */
export function ellipsePerimeter({ along: a, across: b }: Ellipse): number {
	if (a + b === 0) return 0;
	const h = ((a - b) / (a + b)) ** 2;
	return Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
}

/** Degrees between the arms at `vertex`, 0 to 180; null where an arm has no length. */
export function angleAt(a: Point, vertex: Point, b: Point): number | null {
	return between([a[0] - vertex[0], a[1] - vertex[1]], [b[0] - vertex[0], b[1] - vertex[1]]);
}

/** Degrees between two lines, 0 to 90 (Cobb). */
export function lineAngle(a: Point, b: Point, c: Point, d: Point): number | null {
	const angle = between([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
	return angle === null ? null : Math.min(angle, 180 - angle);
}

function between(u: Point, v: Point): number | null {
	if (Math.hypot(...u) === 0 || Math.hypot(...v) === 0) return null;
	const radians = Math.atan2(Math.abs(u[0] * v[1] - u[1] * v[0]), u[0] * v[0] + u[1] * v[1]);
	return (radians * 180) / Math.PI;
}
