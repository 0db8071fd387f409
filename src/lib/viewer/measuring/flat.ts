import type { DicomJson } from '$lib/dicom/json.ts';
import type { Point } from '../regions.ts';
import { areaLengthVolume, axesDiffer, biplaneVolume, discsOf, monoplaneVolume } from './discs.ts';
import type { Cavity } from './discs.ts';
import { measureDepth } from './doppler.ts';
import { distance, onPlane, planeOf } from './plane.ts';
import type { Plane } from './plane.ts';
import { measured, refused } from './quantity.ts';
import type { Measurement, Quantity } from './quantity.ts';
import {
	angleAt,
	areaOf,
	crossesItself,
	ellipseArea,
	ellipseOf,
	ellipsePerimeter,
	lineAngle,
	perimeterOf
} from './shapes.ts';

const found = (plane: Plane, quantities: [Quantity, ...Quantity[]]): Measurement =>
	measured(quantities, plane.region, plane.cautions);

const squared = { cm: 'cm2', mm: 'mm2', '{pixels}': '{square pixels}' } as const;

/** A distance; across an M-mode strip the depth. */
export function measureLength(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	const plane = planeOf(dataset, frame, [a, b]);
	if (plane === 'wrong-region') {
		const depth = measureDepth(dataset, [a, b]);
		return depth.kind === 'measured' || depth.reason === 'across-regions' ? depth : refused(plane);
	}
	if (typeof plane === 'string') return refused(plane);
	const [from, to] = onPlane(plane, [a, b]) as [Point, Point];
	return found(plane, [{ kind: 'distance', value: distance(from, to), unit: plane.unit }]);
}

/** A closed outline; the last point joins the first. */
export function measureArea(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): Measurement {
	if (points.length < 3) return refused('too-few-points');
	const plane = planeOf(dataset, frame, points);
	if (typeof plane === 'string') return refused(plane);
	if (crossesItself(points)) return refused('crossing-outline');
	const outline = onPlane(plane, points);
	return found(plane, [
		{ kind: 'area', value: areaOf(outline), unit: squared[plane.unit] },
		{ kind: 'perimeter', value: perimeterOf(outline), unit: plane.unit }
	]);
}

/** The ends of one axis, and a point at the height of the other. */
export function measureEllipse(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): Measurement {
	const [a, b, c] = points;
	if (!a || !b || !c) return refused('too-few-points');
	const plane = planeOf(dataset, frame, [a, b, c]);
	if (typeof plane === 'string') return refused(plane);
	const [p, q, r] = onPlane(plane, [a, b, c]) as [Point, Point, Point];
	const ellipse = ellipseOf(p, q, r);
	return found(plane, [
		{ kind: 'area', value: ellipseArea(ellipse), unit: squared[plane.unit] },
		{ kind: 'perimeter', value: ellipsePerimeter(ellipse), unit: plane.unit },
		{ kind: 'long-axis', value: 2 * Math.max(ellipse.along, ellipse.across), unit: plane.unit }
	]);
}

/** Three points: arm, vertex, arm. Four: the angle of two lines (Cobb). */
export function measureAngle(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): Measurement {
	const [a, b, c, d] = points;
	if (!a || !b || !c) return refused('too-few-points');
	const plane = planeOf(dataset, frame, points);
	if (typeof plane === 'string') return refused(plane);
	const [p, q, r, s] = onPlane(plane, points);
	const value = s && d ? lineAngle(p ?? a, q ?? b, r ?? c, s) : angleAt(p ?? a, q ?? b, r ?? c);
	if (value === null) return refused('too-few-points');
	// An angle is the same in any unit.
	const cautions = plane.cautions.filter((caution) => caution !== 'uncalibrated');
	return found({ ...plane, cautions }, [{ kind: 'angle', value, unit: 'deg' }]);
}

/**
 * A cavity: the long axis (base, apex), then the outline. In cm from the plane's own unit; never of
 * pixels.
 */
export function cavityOf(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): { plane: Plane; cavity: Cavity } | Extract<Measurement, { kind: 'refused' }> {
	const [base, apex, ...outline] = points;
	const no = (reason: Parameters<typeof refused>[0]) => ({ kind: 'refused', reason }) as const;
	if (!base || !apex || outline.length < 3) return no('too-few-points');
	const plane = planeOf(dataset, frame, outline);
	if (typeof plane === 'string') return no(plane);
	if (plane.unit === '{pixels}') return no('no-calibration');
	if (crossesItself(outline)) return no('crossing-outline');
	const perUnit = plane.unit === 'mm' ? 0.1 : 1;
	const inCm = (point: Point): Point => {
		const [x, y] = onPlane(plane, [point])[0] ?? point;
		return [x * perUnit, y * perUnit];
	};
	return {
		plane,
		cavity: { base: inCm(base), apex: inCm(apex), outline: outline.map(inCm) }
	};
}

/** Volume by discs and by area and length, the long axis and the area. */
export function measureDiscs(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): Measurement {
	const made = cavityOf(dataset, frame, points);
	if ('kind' in made) return made;
	const { plane, cavity } = made;
	const discs = discsOf(cavity);
	const area = areaOf(cavity.outline);
	return found(plane, [
		{ kind: 'volume', value: monoplaneVolume(discs), unit: 'ml' },
		{ kind: 'volume-area-length', value: areaLengthVolume(area, area, discs.lengthCm), unit: 'ml' },
		{ kind: 'cavity-area', value: area, unit: 'cm2' },
		{ kind: 'long-axis', value: discs.lengthCm, unit: 'cm' }
	]);
}

/** A drawing and what it is drawn on. */
export interface DrawnCavity {
	dataset: DicomJson;
	frame: number;
	points: readonly Point[];
}

/** One cavity in two planes at right angles, at the same moment of the beat. */
export function measureBiplane(a: DrawnCavity, b: DrawnCavity): Measurement {
	const first = cavityOf(a.dataset, a.frame, a.points);
	if ('kind' in first) return first;
	const second = cavityOf(b.dataset, b.frame, b.points);
	if ('kind' in second) return second;
	const [one, other] = [discsOf(first.cavity), discsOf(second.cavity)];
	const shorter = Math.min(one.lengthCm, other.lengthCm);
	const [areaA, areaB] = [areaOf(first.cavity.outline), areaOf(second.cavity.outline)];
	const cautions = new Set([...first.plane.cautions, ...second.plane.cautions]);
	if (axesDiffer(one, other)) cautions.add('axes-differ');
	return measured(
		[
			{ kind: 'volume-biplane', value: biplaneVolume(one, other), unit: 'ml' },
			{ kind: 'volume-area-length', value: areaLengthVolume(areaA, areaB, shorter), unit: 'ml' }
		],
		first.plane.region,
		[...cautions]
	);
}
