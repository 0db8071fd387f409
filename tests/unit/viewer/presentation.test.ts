import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as p from '../../../src/lib/viewer/presentation.ts';

const image = { columns: 800, rows: 600, pixelAspect: 1 };
const viewport = { width: 400, height: 400 };

describe('placing an image', () => {
	it('fits the whole image in the middle', () => {
		expect(p.place(image, viewport, p.asAcquired)).toEqual({
			scaleX: 0.5,
			scaleY: 0.5,
			left: 0,
			top: 50
		});
	});
	it('stretches pixels that are not square', () => {
		const hp = { columns: 480, rows: 430, pixelAspect: 536 / 670 };
		const { scaleX, scaleY } = p.place(hp, viewport, p.asAcquired);
		expect(scaleY / scaleX).toBeCloseTo(0.8, 9);
	});
	it('screen and image are inverse', () => {
		fc.assert(
			fc.property(
				fc.double({ min: 0.3, max: 20, noNaN: true }),
				fc.nat(800),
				fc.nat(600),
				(zoom, x, y) => {
					const placement = p.place(image, viewport, { ...p.asAcquired, zoom, centre: [x, y] });
					const [column, row] = p.toImage(placement, p.toScreen(placement, [123.5, 77.25]));
					expect(column).toBeCloseTo(123.5, 6);
					expect(row).toBeCloseTo(77.25, 6);
				}
			)
		);
	});
	it('zooming keeps the point under the finger', () => {
		const before = p.toImage(p.place(image, viewport, p.asAcquired), [300, 150]);
		const zoomed = p.zoomAbout(image, viewport, p.asAcquired, 2, [300, 150]);
		const after = p.toImage(p.place(image, viewport, zoomed), [300, 150]);
		expect(after[0]).toBeCloseTo(before[0], 6);
		expect(after[1]).toBeCloseTo(before[1], 6);
	});
	it('the picture cannot be pushed out of reach', () => {
		const { centre } = p.panBy(image, viewport, p.asAcquired, [99_999, -99_999]);
		expect(centre).toEqual([0, 600]);
	});
	it('the neutral window changes nothing', () => {
		const { slope, intercept } = p.rampOf({ centre: 127.5, width: 255 });
		expect(slope).toBe(1);
		expect(intercept).toBeCloseTo(0, 12);
	});
});
