import { describe, expect, it } from 'vitest';
import { segmentsOf } from '$lib/worksheet/bullseye.ts';

describe('the polar map', () => {
	it.each([16, 17, 18] as const)('of %i segments numbers them from 1', (model) => {
		expect(segmentsOf(model).map(({ number }) => number)).toEqual(
			Array.from({ length: model }, (_, index) => index + 1)
		);
	});

	it('has anterior at the top, inferior at the bottom, the septum on the left', () => {
		const at = (number: number) => segmentsOf(17)[number - 1];
		expect(at(1)?.y).toBeLessThan(40);
		expect(at(4)?.y).toBeGreaterThan(160);
		expect(at(14)?.x).toBeLessThan(100);
		expect(at(16)?.x).toBeGreaterThan(100);
		for (const septal of [2, 3, 8, 9]) expect(at(septal)?.x).toBeLessThan(60);
		for (const lateral of [5, 6, 11, 12]) expect(at(lateral)?.x).toBeGreaterThan(140);
		expect(at(17)).toMatchObject({ x: 100, y: 100 });
	});

	it('assigns the usual territories', () => {
		const of = (territory: string) =>
			segmentsOf(17)
				.filter((segment) => segment.territory === territory)
				.map(({ number }) => number);
		expect(of('LAD')).toEqual([1, 2, 7, 8, 13, 14, 17]);
		expect(of('RCA')).toEqual([3, 4, 9, 10, 15]);
		expect(of('LCx')).toEqual([5, 6, 11, 12, 16]);
	});
});
