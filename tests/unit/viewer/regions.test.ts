import { describe, expect, it } from 'vitest';
import { pickRegion, regionsOf } from '../../../src/lib/viewer/regions.ts';
import { picture } from './build.ts';

const twoD = { box: [10, 10, 700, 500] as [number, number, number, number] };

describe('regions', () => {
	it('both points inside one region measure there', () => {
		const picked = pickRegion(
			regionsOf(picture([twoD])),
			[
				[20, 20],
				[600, 400]
			],
			'distance'
		);
		expect(picked).toMatchObject({ kind: 'region', ambiguous: false });
	});

	it('the far edge of the last pixel still belongs to the box', () => {
		const regions = regionsOf(picture([twoD]));
		expect(
			pickRegion(
				regions,
				[
					[10, 10],
					[701, 501]
				],
				'distance'
			).kind
		).toBe('region');
		expect(
			pickRegion(
				regions,
				[
					[10, 10],
					[701.1, 501]
				],
				'distance'
			).kind
		).toBe('across');
	});

	it('a dummy region without units is passed over', () => {
		const dummy = { box: [0, 0, 799, 599] as typeof twoD.box, units: [0, 0] as [number, number] };
		const picked = pickRegion(
			regionsOf(picture([dummy, twoD])),
			[
				[20, 20],
				[30, 30]
			],
			'distance'
		);
		expect(picked.kind === 'region' && picked.region.index).toBe(1);
	});

	it('of two that fit, high priority comes before small', () => {
		const low = { box: [100, 100, 200, 200] as typeof twoD.box, flags: 1 };
		const picked = pickRegion(
			regionsOf(picture([low, twoD])),
			[
				[110, 110],
				[150, 150]
			],
			'distance'
		);
		expect(picked.kind === 'region' && picked.region.index).toBe(1);
	});

	it('of two of one priority the smaller box is taken', () => {
		const colour = { box: [100, 100, 200, 200] as typeof twoD.box, type: 2 };
		const picked = pickRegion(
			regionsOf(picture([twoD, colour])),
			[
				[110, 110],
				[150, 150]
			],
			'distance'
		);
		expect(picked.kind === 'region' && picked.region.index).toBe(1);
	});

	it('two that fit and are scaled differently are called ambiguous', () => {
		const other = {
			box: [100, 100, 200, 200] as typeof twoD.box,
			delta: [0.1, 0.1] as [number, number]
		};
		const picked = pickRegion(
			regionsOf(picture([twoD, other])),
			[
				[110, 110],
				[150, 150]
			],
			'distance'
		);
		expect(picked).toMatchObject({ kind: 'region', ambiguous: true });
	});

	it('a box larger than the image is doubtful, one pixel over is not', () => {
		expect(regionsOf(picture([{ box: [0, 0, 800, 600] }]))[0]?.doubtful).toBe(false);
		expect(regionsOf(picture([{ box: [0, 0, 801, 414] }]))[0]?.doubtful).toBe(true);
	});

	it('points in two regions are told apart from points outside of all', () => {
		const left = { box: [0, 0, 399, 599] as typeof twoD.box };
		const right = { box: [400, 0, 799, 300] as typeof twoD.box };
		const regions = regionsOf(picture([left, right]));
		expect(
			pickRegion(
				regions,
				[
					[10, 10],
					[600, 10]
				],
				'distance'
			).kind
		).toBe('across');
		expect(
			pickRegion(
				regions,
				[
					[500, 500],
					[600, 500]
				],
				'distance'
			).kind
		).toBe('none');
	});

	it('an item without a box or deltas is no region', () => {
		const broken = picture([twoD]);
		const item = broken['00186011']?.Value?.[0] as Record<string, unknown>;
		delete item['0018602C'];
		expect(regionsOf(broken)).toEqual([]);
	});
});
