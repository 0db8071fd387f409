import { numbers } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { pickRegion, regionsOf, units } from './regions.ts';
import type { Need, Picked, Point, Region } from './regions.ts';
import { tags } from '$lib/dicom/tags.ts';

export type MeasuringTool = 'length' | 'velocity' | 'm-mode';

/** `{pixels}` is UCUM for "counted, not measured". */
export type Unit = 'cm' | 'mm' | 's' | 'cm/s' | '{pixels}';

export type Caution =
	/** No calibration under the points: the number is a count of pixels. */
	| 'uncalibrated'
	/** The region is larger than the image. */
	| 'calibration-doubtful'
	/** Two regions that fit are scaled differently. */
	| 'calibration-ambiguous';

export type Refusal =
	/** The points lie in different regions. */
	| 'across-regions'
	/** The tool does not suit the region under the points. */
	| 'wrong-region'
	/** Velocity and time need a calibrated strip. */
	| 'no-strip'
	| 'too-few-points';

export type Measurement =
	| {
			kind: 'measured';
			value: number;
			unit: Unit;
			/** Index in Sequence of Ultrasound Regions; null without one. */
			region: number | null;
			cautions: Caution[];
	  }
	| { kind: 'refused'; reason: Refusal };

/** Speed of sound in soft tissue, cm/s. */
const soundCmPerSecond = 154_000;

const measured = (
	value: number,
	unit: Unit,
	region: Region | null,
	cautions: Caution[]
): Measurement => ({ kind: 'measured', value, unit, region: region?.index ?? null, cautions });
const refused = (reason: Refusal): Measurement => ({ kind: 'refused', reason });

/** The number under a caliper. Points are image pixels (column, row), sub-pixel allowed. */
export function measure(
	dataset: DicomJson,
	tool: MeasuringTool,
	points: readonly Point[]
): Measurement {
	switch (tool) {
		case 'length':
			return measureLength(dataset, points);
		case 'velocity':
			return measureVelocity(dataset, points);
		case 'm-mode':
			return measureStrip(dataset, points);
	}
}

/**
 * A distance: cm in a 2D region, with both deltas (pixels need not be square); cm along the depth
 * axis in an M-mode region; mm where only Pixel Spacing is known; else pixels, and it says so.
 */
export function measureLength(dataset: DicomJson, points: readonly Point[]): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	const regions = regionsOf(dataset);
	const flat = pickRegion(regions, [a, b], 'distance');
	if (flat.kind === 'region') {
		const { deltaX, deltaY } = flat.region;
		const value = Math.hypot((b[0] - a[0]) * deltaX, (b[1] - a[1]) * deltaY);
		return measured(value, 'cm', flat.region, cautionsOf(flat));
	}
	const mMode = pickRegion(regions, [a, b], 'm-mode');
	if (mMode.kind === 'region') {
		const value = Math.abs((b[1] - a[1]) * mMode.region.deltaY);
		return measured(value, 'cm', mMode.region, cautionsOf(mMode));
	}
	if (flat.kind === 'across' || mMode.kind === 'across') return refused('across-regions');
	if (flat.kind === 'unfit') return refused('wrong-region');
	return bySpacing(dataset, a, b);
}

/** Signed: positive is towards the transducer, as the machine draws it. One point is enough. */
export function measureVelocity(dataset: DicomJson, points: readonly Point[]): Measurement {
	const point = points.at(-1);
	if (!point) return refused('too-few-points');
	const picked = pickRegion(regionsOf(dataset), [point], 'velocity');
	if (picked.kind !== 'region') return refused(refusalOf(picked));
	const velocity = velocityAt(picked.region, point[1]);
	if (velocity === null) return refused('no-strip');
	return measured(velocity, 'cm/s', picked.region, cautionsOf(picked));
}

/**
 * On a strip: the way along the longer side of the caliper. Across an M-mode strip that is a depth
 * in cm, along it (and in any strip with a time axis) a time in s.
 */
export function measureStrip(dataset: DicomJson, points: readonly Point[]): Measurement {
	const [a, b] = points;
	if (!a || !b) return refused('too-few-points');
	const regions = regionsOf(dataset);
	const upright = Math.abs(b[1] - a[1]) > Math.abs(b[0] - a[0]);
	const need: Need = upright ? 'm-mode' : 'time';
	const picked = pickRegion(regions, [a, b], need);
	if (picked.kind !== 'region') return refused(refusalOf(picked));
	const { region } = picked;
	return upright
		? measured(Math.abs((b[1] - a[1]) * region.deltaY), 'cm', region, cautionsOf(picked))
		: measured(Math.abs((b[0] - a[0]) * region.deltaX), 's', region, cautionsOf(picked));
}

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

function bySpacing(dataset: DicomJson, a: Point, b: Point): Measurement {
	const [rowMm, columnMm] = numbers(dataset, tags.PixelSpacing);
	const known = (rowMm ?? 0) > 0 && (columnMm ?? 0) > 0;
	const [perRow, perColumn] = known ? [rowMm ?? 1, columnMm ?? 1] : [1, 1];
	const value = Math.hypot((b[0] - a[0]) * perColumn, (b[1] - a[1]) * perRow);
	return known
		? measured(value, 'mm', null, [])
		: measured(value, '{pixels}', null, ['uncalibrated']);
}

function cautionsOf(picked: Extract<Picked, { kind: 'region' }>): Caution[] {
	return [
		...(picked.region.doubtful ? (['calibration-doubtful'] as const) : []),
		...(picked.ambiguous ? (['calibration-ambiguous'] as const) : [])
	];
}

function refusalOf(picked: Exclude<Picked, { kind: 'region' }>): Refusal {
	if (picked.kind === 'across') return 'across-regions';
	return picked.kind === 'unfit' ? 'wrong-region' : 'no-strip';
}
