import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/lib/viewer/measurement.ts';
import { one, picture } from './build.ts';
import type { RegionOf } from './build.ts';

const strip: RegionOf = {
	box: [60, 300, 739, 599],
	format: 3,
	type: 4,
	units: [4, 7],
	delta: [0.005, -0.8],
	ref: [0, 120]
};
const mMode: RegionOf = {
	box: [60, 250, 739, 549],
	format: 2,
	units: [4, 3],
	delta: [0.004, 0.03]
};
const twoD: RegionOf = { box: [10, 10, 700, 240] };

describe('measuring', () => {
	it('a line in square pixels is its length times the delta', () => {
		const dataset = picture([{ box: [0, 0, 799, 599], delta: [0.0254767, 0.0254767] }]);
		expect(
			measure(dataset, 'length', [
				[100, 100],
				[300, 100]
			])
		).toMatchObject({
			value: expect.closeTo(5.095, 3),
			unit: 'cm',
			region: 0,
			cautions: []
		});
	});

	it('pixels that are not square use both deltas', () => {
		const dataset = picture([{ box: [0, 0, 799, 599], delta: [0.0285714, 0.0228571] }]);
		expect(
			measure(dataset, 'length', [
				[0, 0],
				[100, 100]
			])
		).toMatchObject({
			value: expect.closeTo(3.659, 3)
		});
	});

	it('a negative delta gives no negative length', () => {
		const dataset = picture([{ box: [0, 0, 799, 599], delta: [-0.03628, 0.03628] }]);
		expect(
			measure(dataset, 'length', [
				[0, 0],
				[100, 0]
			])
		).toMatchObject({
			value: expect.closeTo(3.628, 6)
		});
	});

	it('a velocity is signed from the baseline: up is towards', () => {
		const dataset = picture([strip]);
		expect(measure(dataset, 'velocity', [[400, 220 + 100]])).toMatchObject({
			value: expect.closeTo(80, 9),
			unit: 'cm/s'
		});
		expect(measure(dataset, 'velocity', [[400, 520]])).toMatchObject({
			value: expect.closeTo(-80, 9)
		});
	});

	it('a scale in Hz becomes a velocity by the Doppler equation', () => {
		// 2 kHz at 2 MHz and 0°: 2000 · 154000 / (2 · 2e6) = 77 cm/s.
		const hertz: RegionOf = { ...strip, units: [4, 5], delta: [0.005, -100], flags: 4, kHz: 2000 };
		expect(measure(picture([hertz]), 'velocity', [[400, 400]])).toMatchObject({
			value: expect.closeTo(77, 9)
		});
		const unknown = { ...hertz, kHz: 0 };
		expect(measure(picture([unknown]), 'velocity', [[400, 400]])).toEqual({
			kind: 'refused',
			reason: 'no-strip'
		});
	});

	it('in M-mode an upright caliper is a depth, a level one a time', () => {
		const dataset = picture([mMode]);
		expect(
			measure(dataset, 'm-mode', [
				[100, 300],
				[110, 400]
			])
		).toMatchObject({
			value: expect.closeTo(3, 9),
			unit: 'cm'
		});
		expect(
			measure(dataset, 'm-mode', [
				[100, 300],
				[350, 310]
			])
		).toMatchObject({
			value: expect.closeTo(1, 9),
			unit: 's'
		});
	});

	it('the length tool on an M-mode strip counts depth only', () => {
		expect(
			measure(picture([mMode]), 'length', [
				[100, 300],
				[200, 400]
			])
		).toMatchObject({
			value: expect.closeTo(3, 9),
			unit: 'cm'
		});
	});

	it('a strip tool measures time on a Doppler strip', () => {
		expect(
			measure(picture([strip]), 'm-mode', [
				[100, 400],
				[300, 400]
			])
		).toMatchObject({
			value: expect.closeTo(1, 9),
			unit: 's'
		});
	});

	it('a line across two regions is refused', () => {
		const dataset = picture([twoD, strip]);
		expect(
			measure(dataset, 'length', [
				[100, 100],
				[100, 400]
			])
		).toEqual({
			kind: 'refused',
			reason: 'across-regions'
		});
	});

	it('a length on a Doppler strip is refused, not counted in pixels', () => {
		expect(
			measure(picture([strip]), 'length', [
				[100, 400],
				[200, 400]
			])
		).toEqual({
			kind: 'refused',
			reason: 'wrong-region'
		});
	});

	it('without calibration pixels are counted, and it says so', () => {
		expect(
			measure(picture(), 'length', [
				[0, 0],
				[3, 4]
			])
		).toMatchObject({
			kind: 'measured',
			value: 5,
			unit: '{pixels}',
			region: null,
			cautions: ['uncalibrated']
		});
	});

	it('pixel spacing gives mm, row spacing first', () => {
		const dataset = picture([], { '00280030': { vr: 'DS', Value: [0.5, 0.25] } });
		expect(
			measure(dataset, 'length', [
				[0, 0],
				[0, 10]
			])
		).toMatchObject({ value: 5, unit: 'mm' });
		expect(
			measure(dataset, 'length', [
				[0, 0],
				[10, 0]
			])
		).toMatchObject({ value: 2.5, unit: 'mm' });
	});

	it('a box beyond the image measures, with a caution', () => {
		const dataset = picture([{ box: [84, 31, 595, 414] }], { '00280011': one('US', 320) });
		expect(
			measure(dataset, 'length', [
				[90, 40],
				[100, 40]
			])
		).toMatchObject({
			cautions: ['calibration-doubtful']
		});
	});

	it('too few points measure nothing', () => {
		expect(measure(picture(), 'length', [[1, 1]])).toEqual({
			kind: 'refused',
			reason: 'too-few-points'
		});
		expect(measure(picture(), 'velocity', [])).toEqual({
			kind: 'refused',
			reason: 'too-few-points'
		});
	});
});
