/**
 * The polar map of the left ventricle: which segment lies where. Segments and names after Cerqueira
 * 2002 (17 segments) and Lang 2015 (16 without the apical cap, 18 with six apical segments).
 * Drawn the same on screen and on paper.
 */

export interface Segment {
	/** 1-based, as the models number them. */
	number: number;
	/** Outline as an SVG path in a square of 200 × 200. */
	path: string;
	/** Where its text stands. */
	x: number;
	y: number;
	/** Coronary territory usually assigned to it (Cerqueira 2002, figure 4). */
	territory: 'LAD' | 'RCA' | 'LCx';
}

interface Ring {
	inner: number;
	outer: number;
	/** Degrees of each segment's middle, counterclockwise from the right; the first is anterior. */
	middles: readonly number[];
}

const six = [90, 150, 210, 270, 330, 30];
const four = [90, 180, 270, 0];
const centre = 100;

const rings: Record<16 | 17 | 18, readonly Ring[]> = {
	16: [
		{ inner: 70, outer: 98, middles: six },
		{ inner: 40, outer: 70, middles: six },
		{ inner: 0, outer: 40, middles: four }
	],
	17: [
		{ inner: 70, outer: 98, middles: six },
		{ inner: 44, outer: 70, middles: six },
		{ inner: 18, outer: 44, middles: four },
		{ inner: 0, outer: 18, middles: [90] }
	],
	18: [
		{ inner: 70, outer: 98, middles: six },
		{ inner: 40, outer: 70, middles: six },
		{ inner: 0, outer: 40, middles: six }
	]
};

const lad = new Set([1, 2, 7, 8, 13, 14, 17]);
const rca = new Set([3, 4, 9, 10, 15]);
/** Six apical segments: anterior, two septal; inferior; two lateral. */
const lad18 = new Set([1, 2, 7, 8, 13, 14]);
const rca18 = new Set([3, 4, 9, 10, 15, 16]);

export function segmentsOf(model: 16 | 17 | 18): Segment[] {
	let number = 0;
	return rings[model].flatMap((ring) =>
		ring.middles.map((middle): Segment => {
			number += 1;
			const half = 180 / ring.middles.length;
			const isWhole = ring.middles.length === 1;
			const radius = isWhole
				? 0
				: ring.inner === 0
					? ring.outer * 0.62
					: (ring.inner + ring.outer) / 2;
			const [x, y] = point(radius, middle);
			return {
				number,
				path: isWhole ? circle(ring.outer) : sector(ring, middle - half, middle + half),
				x,
				y,
				territory: territoryOf(model, number)
			};
		})
	);
}

function territoryOf(model: 16 | 17 | 18, number: number): Segment['territory'] {
	const [left, right] = model === 18 ? [lad18, rca18] : [lad, rca];
	return left.has(number) ? 'LAD' : right.has(number) ? 'RCA' : 'LCx';
}

function point(radius: number, degrees: number): [number, number] {
	const angle = (degrees * Math.PI) / 180;
	return [round(centre + radius * Math.cos(angle)), round(centre - radius * Math.sin(angle))];
}

function sector({ inner, outer }: Ring, from: number, to: number): string {
	const [a, b] = [point(outer, from), point(outer, to)];
	const [c, d] = [point(inner, to), point(inner, from)];
	const arc = `M${a.join(' ')}A${outer} ${outer} 0 0 0 ${b.join(' ')}`;
	if (inner === 0) return `${arc}L${centre} ${centre}Z`;
	return `${arc}L${c.join(' ')}A${inner} ${inner} 0 0 1 ${d.join(' ')}Z`;
}

function circle(radius: number): string {
	return `M${centre - radius} ${centre}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
}

const round = (value: number) => Math.round(value * 100) / 100;
