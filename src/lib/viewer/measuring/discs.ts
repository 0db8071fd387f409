import type { Point } from '../regions.ts';
import { distance } from './plane.ts';

/** Discs of equal height along the long axis (Simpson; ASE/EACVI chamber quantification). */
export const discCount = 20;

/** A traced cavity in cm: its long axis from the base to the apex, and its outline. */
export interface Cavity {
	base: Point;
	apex: Point;
	outline: readonly Point[];
}

export interface Discs {
	/** cm, from the base to the apex, at the middle of each disc. */
	widths: number[];
	/** cm. */
	lengthCm: number;
	/** The two ends of each width, in the outline's own unit; for the eye. */
	chords: (readonly [Point, Point])[];
}

/** The outline cut at right angles to the long axis. A disc that misses it has width 0. */
export function discsOf({ base, apex, outline }: Cavity, count = discCount): Discs {
	const lengthCm = distance(base, apex);
	if (lengthCm === 0)
		return { widths: Array.from({ length: count }, () => 0), lengthCm, chords: [] };
	const [ux, uy] = [(apex[0] - base[0]) / lengthCm, (apex[1] - base[1]) / lengthCm];
	const turned = outline.map(([x, y]) => ({
		along: (x - base[0]) * ux + (y - base[1]) * uy,
		across: -(x - base[0]) * uy + (y - base[1]) * ux
	}));
	const back = (along: number, across: number): Point => [
		base[0] + along * ux - across * uy,
		base[1] + along * uy + across * ux
	];
	const widths: number[] = [];
	const chords: (readonly [Point, Point])[] = [];
	for (let index = 0; index < count; index++) {
		const height = ((index + 0.5) * lengthCm) / count;
		let [least, most] = [Infinity, -Infinity];
		turned.forEach((point, at) => {
			const next = turned[(at + 1) % turned.length] ?? point;
			const [from, to] = [point.along - height, next.along - height];
			if (from !== 0 && from * to >= 0) return;
			const share = next.along === point.along ? 0 : -from / (next.along - point.along);
			const across = point.across + (next.across - point.across) * share;
			least = Math.min(least, across);
			most = Math.max(most, across);
		});
		const width = most > least ? most - least : 0;
		widths.push(width);
		if (width > 0) chords.push([back(height, least), back(height, most)]);
	}
	return { widths, lengthCm, chords };
}

/** ml; each disc is a circle in one plane. */
export const monoplaneVolume = (discs: Discs): number => biplaneVolume(discs, discs);

/** ml; each disc is an ellipse of both planes' widths, and the longer axis counts. */
export function biplaneVolume(a: Discs, b: Discs): number {
	const lengthCm = Math.max(a.lengthCm, b.lengthCm);
	const sum = a.widths.reduce((all, width, index) => all + width * (b.widths[index] ?? 0), 0);
	return ((sum * Math.PI) / 4) * (lengthCm / a.widths.length);
}

/** More than a fifth apart: one plane is foreshortened (ASE/EACVI). */
export const axesDiffer = (a: Discs, b: Discs): boolean =>
	Math.abs(a.lengthCm - b.lengthCm) > 0.2 * Math.max(a.lengthCm, b.lengthCm);

/** ml; 8·A1·A2 / (3π·L), in one plane with A1 = A2 (area in cm², length in cm). */
export const areaLengthVolume = (area1: number, area2: number, lengthCm: number): number =>
	lengthCm > 0 ? (8 * area1 * area2) / (3 * Math.PI * lengthCm) : 0;

/**
 * The long axis of an outline drawn from one hinge of the annulus round to the other: from the middle
 * between its ends to the farthest point. `pixelAspect` is the height of a pixel by its width.
 */
export function longAxisOf(
	outline: readonly Point[],
	pixelAspect = 1
): readonly [Point, Point] | null {
	const [first, last] = [outline[0], outline.at(-1)];
	if (!first || !last || outline.length < 3) return null;
	const base: Point = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
	const off = ([x, y]: Point) => Math.hypot(x - base[0], (y - base[1]) * pixelAspect);
	const apex = outline.reduce((far, point) => (off(point) > off(far) ? point : far), first);
	return [base, apex];
}
