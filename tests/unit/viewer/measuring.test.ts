import { describe, expect, it } from 'vitest';
import { measure, measureBiplane } from '../../../src/lib/viewer/measurement.ts';
import type { Measurement, QuantityKind } from '../../../src/lib/viewer/measurement.ts';
import {
	extended,
	handlesOf,
	keptPoints,
	reshaped
} from '../../../src/lib/viewer/measuring/drawing.ts';
import type { Point } from '../../../src/lib/viewer/regions.ts';
import { picture } from './build.ts';
import type { RegionOf } from './build.ts';

const twoD: RegionOf = { box: [0, 0, 799, 599], delta: [0.05, 0.05] };
const strip: RegionOf = {
	box: [0, 300, 799, 599],
	format: 3,
	type: 4,
	units: [4, 7],
	delta: [0.002, -1],
	ref: [0, 100]
};
/** Row of a velocity in `strip`, cm/s. */
const row = (velocity: number) => 400 - velocity;

function quantity(result: Measurement, kind: QuantityKind): number {
	if (result.kind !== 'measured') throw new Error(result.reason);
	const found = result.quantities.find((one) => one.kind === kind);
	if (!found) throw new Error(`no ${kind}`);
	return found.value;
}

const square: Point[] = [
	[100, 100],
	[140, 100],
	[140, 140],
	[100, 140]
];

describe('areas', () => {
	it('an outline has its area and its way round, in both deltas', () => {
		const result = measure(picture([{ ...twoD, delta: [0.05, 0.1] }]), 'area', square);
		expect(result).toMatchObject({ kind: 'measured', value: expect.closeTo(8, 9), unit: 'cm2' });
		expect(quantity(result, 'perimeter')).toBeCloseTo(12, 9);
	});
	it('does not depend on where the outline begins and which way it goes', () => {
		const dataset = picture([twoD]);
		const turned = [...square.slice(2), ...square.slice(0, 2)].reverse();
		expect(quantity(measure(dataset, 'area', turned), 'area')).toBeCloseTo(4, 9);
	});
	it('an outline that crosses itself is refused: its area would be a difference', () => {
		const eight: Point[] = [
			[100, 100],
			[140, 140],
			[140, 100],
			[100, 140]
		];
		expect(measure(picture([twoD]), 'area', eight)).toEqual({
			kind: 'refused',
			reason: 'crossing-outline'
		});
	});
	it('an outline over two regions is refused', () => {
		const dual = picture([
			{ box: [0, 0, 119, 599], delta: [0.05, 0.05] },
			{ box: [120, 0, 799, 599], delta: [0.05, 0.05] }
		]);
		expect(measure(dual, 'area', square)).toEqual({ kind: 'refused', reason: 'across-regions' });
	});
	it('without calibration square pixels are counted, and it says so', () => {
		expect(measure(picture(), 'area', square)).toMatchObject({
			value: 1600,
			unit: '{square pixels}',
			cautions: ['uncalibrated']
		});
	});
	it('an ellipse is π times its half axes, whichever is drawn first', () => {
		const dataset = picture([twoD]);
		const long = measure(dataset, 'ellipse', [
			[100, 200],
			[180, 200],
			[140, 220]
		]);
		const short = measure(dataset, 'ellipse', [
			[140, 180],
			[140, 220],
			[180, 200]
		]);
		expect(quantity(long, 'area')).toBeCloseTo(Math.PI * 2 * 1, 9);
		expect(quantity(short, 'area')).toBeCloseTo(Math.PI * 2 * 1, 9);
	});
});

describe('angles', () => {
	it('are those of the body, not of the pixels', () => {
		const tall = picture([{ ...twoD, delta: [0.05, 0.1] }]);
		expect(
			measure(tall, 'angle', [
				[200, 100],
				[100, 100],
				[200, 150]
			])
		).toMatchObject({ value: expect.closeTo(45, 6), unit: 'deg' });
	});
	it('four points are the angle of two lines, at most a right one', () => {
		expect(
			measure(picture(), 'angle', [
				[0, 0],
				[100, 0],
				[100, 100],
				[0, 200]
			])
		).toMatchObject({ value: expect.closeTo(45, 6), cautions: [] });
	});
});

/** A half ellipse from hinge to hinge, apex up; half axes in pixels. */
const cavity = (across: number, along: number, [x, y]: Point): Point[] =>
	Array.from({ length: 121 }, (_, i) => {
		const angle = Math.PI - (Math.PI * i) / 120;
		return [x + across * Math.cos(angle), y - along * Math.sin(angle)];
	});
const drawn = (across: number, along: number) =>
	keptPoints('discs', cavity(across, along, [400, 400]), 1);

describe('volumes by discs', () => {
	it('half an ellipsoid is two thirds of π times its half axes', () => {
		const result = measure(picture([twoD]), 'discs', drawn(50, 160));
		const expected = (2 / 3) * Math.PI * 2.5 * 2.5 * 8;
		expect(quantity(result, 'volume') / expected).toBeCloseTo(1, 2);
		expect(quantity(result, 'long-axis')).toBeCloseTo(8, 2);
		expect(result).toMatchObject({ unit: 'ml', region: 0 });
	});
	it('the same outline in two planes is the volume of one', () => {
		const plane = { dataset: picture([twoD]), frame: 1, points: drawn(50, 160) };
		const one = measure(plane.dataset, 'discs', plane.points);
		expect(quantity(measureBiplane(plane, plane), 'volume-biplane')).toBeCloseTo(
			quantity(one, 'volume'),
			9
		);
	});
	it('long axes that differ by more than a fifth are named: one plane is foreshortened', () => {
		const dataset = picture([twoD]);
		const long = { dataset, frame: 1, points: drawn(50, 160) };
		const near = measureBiplane(long, { dataset, frame: 1, points: drawn(50, 140) });
		const far = measureBiplane(long, { dataset, frame: 1, points: drawn(50, 120) });
		expect(near).toMatchObject({ cautions: [] });
		expect(far).toMatchObject({ cautions: ['axes-differ'] });
	});
	it('Pixel Spacing in mm gives the same ml; pixels give none', () => {
		const spaced = { ...picture(), '00280030': { vr: 'DS' as const, Value: [0.5, 0.5] } };
		const byRegion = measure(picture([twoD]), 'discs', drawn(50, 160));
		expect(quantity(measure(spaced, 'discs', drawn(50, 160)), 'volume')).toBeCloseTo(
			quantity(byRegion, 'volume'),
			6
		);
		expect(measure(picture(), 'discs', drawn(50, 160))).toEqual({
			kind: 'refused',
			reason: 'no-calibration'
		});
	});
});

describe('spectra', () => {
	const dataset = picture([strip]);
	/** A triangle of 100 cm/s over 0.4 s, away from the transducer. */
	const triangle: Point[] = [
		[100, row(0)],
		[200, row(-100)],
		[300, row(0)]
	];
	it('a trace has integral, peak, mean and gradients, drawn in either direction', () => {
		for (const points of [triangle, [...triangle].reverse()]) {
			const result = measure(dataset, 'trace', points);
			expect(quantity(result, 'vti')).toBeCloseTo(20, 9);
			expect(quantity(result, 'peak-velocity')).toBeCloseTo(-100, 9);
			expect(quantity(result, 'mean-velocity')).toBeCloseTo(-50, 9);
			expect(quantity(result, 'peak-gradient')).toBeCloseTo(4, 9);
			expect(quantity(result, 'duration')).toBeCloseTo(0.4, 9);
		}
	});
	it('what a hand draws beyond the baseline counts as nothing', () => {
		const over: Point[] = [[90, row(20)], ...triangle];
		expect(quantity(measure(dataset, 'trace', over), 'peak-velocity')).toBeCloseTo(-100, 9);
	});
	it('a flank that ends early is drawn on to the baseline', () => {
		const whole = measure(dataset, 'slope', [
			[100, row(80)],
			[200, row(0)]
		]);
		const half = measure(dataset, 'slope', [
			[100, row(80)],
			[150, row(40)]
		]);
		for (const result of [whole, half]) {
			expect(quantity(result, 'deceleration-time')).toBeCloseTo(0.2, 9);
			expect(quantity(result, 'pressure-half-time')).toBeCloseTo(0.2 * (1 - Math.SQRT1_2), 9);
		}
	});
	it('a flank that rises has a slope and no deceleration', () => {
		const result = measure(dataset, 'slope', [
			[100, row(0)],
			[150, row(80)]
		]);
		expect(result).toMatchObject({ value: expect.closeTo(800, 6), unit: 'cm/s2' });
		expect(() => quantity(result, 'deceleration-time')).toThrow();
	});
	it('two points at one time are refused', () => {
		const upright: Point[] = [
			[100, row(0)],
			[100, row(50)]
		];
		expect(measure(dataset, 'time', upright)).toEqual({
			kind: 'refused',
			reason: 'no-time-between'
		});
		expect(measure(dataset, 'slope', upright)).toEqual({
			kind: 'refused',
			reason: 'no-time-between'
		});
	});
	it('a beat of 0.8 s is 75 a minute', () => {
		const result = measure(dataset, 'time', [
			[100, 450],
			[500, 470]
		]);
		expect(result).toMatchObject({ value: expect.closeTo(0.8, 9), unit: 's' });
		expect(quantity(result, 'heart-rate')).toBeCloseTo(75, 9);
	});
	it('a trace on a picture without a strip is refused', () => {
		expect(measure(picture([twoD]), 'trace', triangle)).toEqual({
			kind: 'refused',
			reason: 'wrong-region'
		});
	});
});

describe('where a pixel’s size is said', () => {
	const groups = (spacing: number[]) => ({
		vr: 'SQ' as const,
		Value: [
			{
				'00289110': {
					vr: 'SQ' as const,
					Value: [{ '00280030': { vr: 'DS' as const, Value: spacing } }]
				}
			}
		]
	});
	const line: Point[] = [
		[0, 0],
		[10, 0]
	];
	it('a frame’s own before what all frames share', () => {
		const shared = { ...picture(), '52009229': groups([2, 2]) };
		expect(measure(shared, 'length', line, 1)).toMatchObject({ value: 20, unit: 'mm' });
		const own = { ...shared, '52009230': groups([0.5, 0.5]) };
		expect(measure(own, 'length', line, 1)).toMatchObject({ value: 5 });
		expect(measure(own, 'length', line, 2)).toMatchObject({ value: 20 });
	});
	it('at a detector it is true there only, and that is said', () => {
		const atDetector = { ...picture(), '00181164': { vr: 'DS' as const, Value: [0.2, 0.2] } };
		expect(measure(atDetector, 'length', line)).toMatchObject({
			value: expect.closeTo(2, 9),
			unit: 'mm',
			cautions: ['at-detector']
		});
	});
});

describe('an outline under the hand', () => {
	it('takes no point that is nearly the last one, and stays bounded', () => {
		let outline: readonly Point[] = [[0, 0]];
		for (let i = 0; i < 5000; i++) outline = extended(outline, [i, 0]);
		expect(outline.length).toBeLessThanOrEqual(400);
		expect(outline[0]).toEqual([0, 0]);
		expect(outline.at(-1)?.[0]).toBeGreaterThan(4990);
		expect(extended([[0, 0]], [1, 1])).toEqual([[0, 0]]);
	});
	it('moved at one point it follows smoothly and keeps its long axis', () => {
		const before = drawn(50, 160);
		const after = reshaped('discs', before, 62, [400, 200]);
		expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
		expect(after[62]).toEqual([400, 200]);
		expect(after[2]).toEqual(before[2]);
		const shift = (index: number) =>
			Math.hypot(
				(after[index]?.[0] ?? 0) - (before[index]?.[0] ?? 0),
				(after[index]?.[1] ?? 0) - (before[index]?.[1] ?? 0)
			);
		expect(shift(65)).toBeGreaterThan(shift(68));
		expect(shift(40)).toBe(0);
	});
	it('offers a dozen handles and both ends of the long axis', () => {
		const handles = handlesOf('discs', drawn(50, 160));
		expect(handles.slice(0, 2)).toEqual([0, 1]);
		expect(handles.length).toBeLessThan(18);
	});
});
