/**
 * Schematic pictures of vessels, as data: a line along the middle of each vessel. Drawn the same on
 * screen and on paper. The patient looks at the viewer: the right side is on the left.
 */

export type Point = readonly [x: number, y: number];

/** A vessel without a side, or one that runs differently on both sides, stands for itself. */
export interface Vessel {
	/** Without the side: `ica`. */
	id: string;
	/** "internal carotid artery". */
	name: string;
	/** Beside the picture: "ICA". Parts of one vessel are labelled once. */
	label?: string;
	width: number;
	/** From the heart on. Of a paired vessel: on the right side of the patient. */
	points: readonly Point[];
	/** Where the label stands; for the right side it ends there. */
	at?: Point;
	/** Of the left side, where it is no mirror image. */
	left?: { points: readonly Point[]; at?: Point };
	paired: boolean;
}

export interface VesselMap {
	id: string;
	width: number;
	height: number;
	vessels: readonly Vessel[];
	/** Outlines of the body, faint, mirrored as well. */
	outline: readonly (readonly Point[])[];
	/** What holds the vessels together and is never coloured; not mirrored. */
	trunk?: { width: number; points: readonly Point[] };
}

export interface VesselShape {
	/** As worksheets name it: `ica_right`. */
	key: string;
	name: string;
	/** SVG path along the middle. */
	path: string;
	width: number;
	middle: Point;
	label: { text: string; at: Point; align: 'start' | 'middle' | 'end' } | null;
}

export function shapesOf(map: VesselMap): VesselShape[] {
	return map.vessels.flatMap((vessel) =>
		vessel.paired
			? [shapeOf(map, vessel, 'right'), shapeOf(map, vessel, 'left')]
			: [shapeOf(map, vessel, null)]
	);
}

export function outlinesOf(map: VesselMap): string[] {
	return map.outline.flatMap((line) => [pathOf(line), pathOf(mirrored(map, line))]);
}

export function trunkOf({ trunk }: VesselMap): { path: string; width: number } | null {
	return trunk ? { path: pathOf(trunk.points), width: trunk.width } : null;
}

function shapeOf(map: VesselMap, vessel: Vessel, side: 'right' | 'left' | null): VesselShape {
	const { id, name, label, width, left } = vessel;
	const isLeft = side === 'left';
	const points = isLeft ? (left?.points ?? mirrored(map, vessel.points)) : vessel.points;
	const mirroredAt = vessel.at && mirrored(map, [vessel.at])[0];
	const at = isLeft ? (left?.at ?? mirroredAt) : vessel.at;
	const words = side ? `${side} ${name}` : name;
	return {
		key: side ? `${id}_${side}` : id,
		name: words.charAt(0).toUpperCase() + words.slice(1),
		path: pathOf(points),
		width,
		middle: middleOf(points),
		label:
			label && at
				? { text: label, at, align: side === null ? 'middle' : isLeft ? 'start' : 'end' }
				: null
	};
}

const mirrored = (map: VesselMap, points: readonly Point[]): Point[] =>
	points.map(([x, y]) => [map.width - x, y]);

/** A smooth line through all points: a Catmull-Rom spline as cubic curves. */
function pathOf(points: readonly Point[]): string {
	const at = (index: number): Point =>
		points[Math.min(points.length - 1, Math.max(0, index))] ?? [0, 0];
	const curves = points.slice(1).map((to, index) => {
		const [before, from, after] = [at(index - 1), at(index), at(index + 2)];
		const first: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
		const second: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
		return `C${[first, second, to].map(text).join(' ')}`;
	});
	return `M${text(at(0))}${curves.join('')}`;
}

/** Half of the way along the points. */
function middleOf(points: readonly Point[]): Point {
	const steps = points.slice(1).map(([x, y], index) => {
		const from = points[index] ?? [x, y];
		return { from, to: [x, y] as Point, length: Math.hypot(x - from[0], y - from[1]) };
	});
	let rest = steps.reduce((sum, { length }) => sum + length, 0) / 2;
	for (const { from, to, length } of steps) {
		if (rest <= length) {
			const share = length === 0 ? 0 : rest / length;
			return [
				round(from[0] + (to[0] - from[0]) * share),
				round(from[1] + (to[1] - from[1]) * share)
			];
		}
		rest -= length;
	}
	return points.at(-1) ?? [0, 0];
}

const round = (value: number) => Math.round(value * 100) / 100;
const text = ([x, y]: Point) => `${round(x)} ${round(y)}`;
