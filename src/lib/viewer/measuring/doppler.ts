import type { DicomJson } from '$lib/dicom/json.ts';
import { pickRegion, regionsOf, units } from '../regions.ts';
import type { Need, Picked, Point, Region } from '../regions.ts';
import { cautionsOf } from './plane.ts';
import { measured, refused } from './quantity.ts';
import type { Measurement, Quantity, Refusal } from './quantity.ts';

/** Speed of sound in soft tissue, cm/s. */
const soundCmPerSecond = 154_000;

/** cm/s at a row, from the baseline; a scale in Hz by v = f·c / (2·f0·cos θ). Null without f0. */
export function velocityAt(region: Region, row: number): number | null {
	const y = (row - (region.box.minY + region.refY)) * region.deltaY + region.valueY;
	if (region.unitY !== units.hertz) return y;
	const f0 = (region.transducerKHz ?? 0) * 1000;
	const cosine = Math.cos(((region.correctionAngle ?? 0) * Math.PI) / 180);
	if (f0 <= 0 || cosine <= 0) return null;
	return (y * soundCmPerSecond) / (2 * f0 * cosine);
}

/** Row of velocity 0 in image pixels. */
export function baselineRow(region: Region): number {
	return region.box.minY + region.refY - region.valueY / region.deltaY;
}

/** mmHg of a velocity in cm/s: 4·v², v in m/s (simplified Bernoulli). */
export const gradientOf = (cmPerSecond: number): number => 4 * (cmPerSecond / 100) ** 2;

/** Signed: positive is towards the transducer, as the machine draws it. One point is enough. */
export function measureVelocity(dataset: DicomJson, points: readonly Point[]): Measurement {
	const point = points.at(-1);
	if (!point) return refused('too-few-points');
	return inStrip(dataset, [point], 'velocity', (region) => {
		const value = velocityAt(region, point[1]);
		if (value === null) return 'no-strip';
		return [
			{ kind: 'velocity', value, unit: 'cm/s' },
			{ kind: 'peak-gradient', value: gradientOf(value), unit: 'mm[Hg]' }
		];
	});
}

/**
 * The outline of a spectrum, in either direction: velocity-time integral, peak and mean velocity,
 * peak and mean gradient, duration. What lies beyond the baseline counts as nothing.
 */
export function measureTrace(dataset: DicomJson, points: readonly Point[]): Measurement {
	if (points.length < 3) return refused('too-few-points');
	return inStrip(dataset, points, 'velocity', (region) => {
		const samples = points
			.map(([column, row]) => ({
				s: column * Math.abs(region.deltaX),
				v: velocityAt(region, row)
			}))
			.sort((a, b) => a.s - b.s);
		if (samples.some(({ v }) => v === null)) return 'no-strip';
		const side = Math.sign(samples.reduce((sum, { v }) => sum + (v ?? 0), 0)) || 1;
		const trace = samples.map(({ s, v }) => ({ s, v: Math.max(0, side * (v ?? 0)) }));
		const [first, last] = [trace[0], trace.at(-1)];
		const duration = first && last ? last.s - first.s : 0;
		if (duration <= 0) return 'no-time-between';
		const overTime = (of: (v: number) => number) =>
			trace.slice(1).reduce((sum, { s, v }, index) => {
				const before = trace[index] ?? { s, v };
				return sum + ((of(v) + of(before.v)) / 2) * (s - before.s);
			}, 0);
		const vti = overTime((v) => v);
		const peak = Math.max(...trace.map(({ v }) => v));
		return [
			{ kind: 'vti', value: vti, unit: 'cm' },
			{ kind: 'peak-velocity', value: side * peak, unit: 'cm/s' },
			{ kind: 'mean-velocity', value: (side * vti) / duration, unit: 'cm/s' },
			{ kind: 'peak-gradient', value: gradientOf(peak), unit: 'mm[Hg]' },
			{ kind: 'mean-gradient', value: overTime(gradientOf) / duration, unit: 'mm[Hg]' },
			{ kind: 'duration', value: duration, unit: 's' }
		];
	});
}

/**
 * A straight flank. In a spectrum falling to the baseline: deceleration time (drawn on until velocity
 * 0) and pressure half-time (until the velocity is its start over √2), whatever side it is on; in an
 * M-mode strip its steepness alone.
 */
export function measureSlope(dataset: DicomJson, points: readonly Point[]): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	const strip = pickRegion(regionsOf(dataset), [a, b], 'm-mode');
	if (strip.kind === 'region') {
		return inStrip(dataset, [a, b], 'm-mode', ({ deltaX, deltaY }) => {
			const seconds = Math.abs((b[0] - a[0]) * deltaX);
			const steepness = Math.abs((b[1] - a[1]) * deltaY) / seconds;
			if (seconds === 0) return 'no-time-between';
			return [{ kind: 'slope', value: steepness, unit: 'cm/s' }];
		});
	}
	return inStrip(dataset, [a, b], 'velocity', (region) => {
		const seconds = Math.abs((b[0] - a[0]) * region.deltaX);
		const [earlier, later] = a[0] <= b[0] ? [a, b] : [b, a];
		const [from, to] = [velocityAt(region, earlier[1]), velocityAt(region, later[1])];
		if (from === null || to === null) return 'no-strip';
		if (seconds === 0) return 'no-time-between';
		const falls = Math.abs(from) > Math.abs(to) && from * to >= -Math.abs(from);
		const slope: Quantity = { kind: 'slope', value: Math.abs(to - from) / seconds, unit: 'cm/s2' };
		if (!falls) return [slope];
		const deceleration = (Math.abs(from) * seconds) / Math.abs(from - to);
		return [
			{ kind: 'deceleration-time', value: deceleration, unit: 's' },
			{ kind: 'pressure-half-time', value: deceleration * (1 - Math.SQRT1_2), unit: 's' },
			slope
		];
	});
}

/** A time on any strip with a time axis, an ECG's too; and the rate of what comes once in it. */
export function measureTime(dataset: DicomJson, points: readonly Point[]): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	return inStrip(dataset, [a, b], 'time', ({ deltaX }) => {
		const value = Math.abs((b[0] - a[0]) * deltaX);
		if (value === 0) return 'no-time-between';
		return [
			{ kind: 'duration', value, unit: 's' },
			{ kind: 'heart-rate', value: 60 / value, unit: '/min' }
		];
	});
}

/** Across an M-mode strip: a depth in cm. */
export function measureDepth(dataset: DicomJson, points: readonly Point[]): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	return inStrip(dataset, [a, b], 'm-mode', ({ deltaY }) => [
		{ kind: 'distance', value: Math.abs((b[1] - a[1]) * deltaY), unit: 'cm' }
	]);
}

/** The caliper of an M-mode strip: depth when it stands, time when it lies. */
export function measureStrip(dataset: DicomJson, points: readonly Point[]): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	const upright = Math.abs(b[1] - a[1]) > Math.abs(b[0] - a[0]);
	return upright ? measureDepth(dataset, points) : measureTime(dataset, points);
}

function inStrip(
	dataset: DicomJson,
	points: readonly Point[],
	need: Need,
	measure: (region: Region) => [Quantity, ...Quantity[]] | Refusal
): Measurement {
	const picked = pickRegion(regionsOf(dataset), points, need);
	if (picked.kind !== 'region') return refused(refusalOf(picked));
	const found = measure(picked.region);
	if (typeof found === 'string') return refused(found);
	return measured(found, picked.region, cautionsOf(picked));
}

function refusalOf(picked: Exclude<Picked, { kind: 'region' }>): Refusal {
	if (picked.kind === 'across') return 'across-regions';
	return picked.kind === 'unfit' ? 'wrong-region' : 'no-strip';
}
