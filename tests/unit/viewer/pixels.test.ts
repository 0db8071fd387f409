import { describe, expect, it } from 'vitest';
import { nativeFrameBytes, paintGreys, pictureOf } from '../../../src/lib/viewer/pixels.ts';
import type { PixelLayout } from '../../../src/lib/viewer/pixels.ts';

const layout = (more: Partial<PixelLayout>): PixelLayout => ({
	rows: 1,
	columns: 2,
	samples: 3,
	photometric: 'RGB',
	planar: 0,
	bitsAllocated: 8,
	bitsStored: 8,
	signed: false,
	slope: 1,
	intercept: 0,
	palette: null,
	...more
});
const colours = (found: ReturnType<typeof pictureOf>) =>
	found?.kind === 'colours' ? Array.from(found.rgba) : null;

describe('pixels', () => {
	it('RGB by pixel and by plane are the same picture', () => {
		const byPixel = pictureOf(layout({}), Uint8Array.of(1, 2, 3, 4, 5, 6));
		const byPlane = pictureOf(layout({ planar: 1 }), Uint8Array.of(1, 4, 2, 5, 3, 6));
		expect(colours(byPixel)).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
		expect(colours(byPlane)).toEqual(colours(byPixel));
	});
	it('YBR_FULL turns into colours, grey stays grey', () => {
		const found = pictureOf(
			layout({ photometric: 'YBR_FULL' }),
			Uint8Array.of(76, 85, 255, 90, 128, 128)
		);
		expect(colours(found)).toEqual([254, 0, 0, 255, 90, 90, 90, 255]);
	});
	it('uncompressed 4:2:2 shares its chroma between two pixels', () => {
		const found = pictureOf(
			layout({ photometric: 'YBR_FULL_422' }),
			Uint8Array.of(10, 20, 128, 128)
		);
		expect(colours(found)).toEqual([10, 10, 10, 255, 20, 20, 20, 255]);
		expect(nativeFrameBytes(layout({ photometric: 'YBR_FULL_422', rows: 4 }))).toBe(16);
	});
	it('a palette is looked up from its first value and held at its ends', () => {
		const palette = {
			first: 10,
			red: Uint8Array.of(1, 2),
			green: Uint8Array.of(3, 4),
			blue: Uint8Array.of(5, 6)
		};
		const found = pictureOf(
			layout({ photometric: 'PALETTE COLOR', samples: 1, palette }),
			Uint8Array.of(0, 99)
		);
		expect(colours(found)).toEqual([1, 3, 5, 255, 2, 4, 6, 255]);
	});
	it('MONOCHROME1 is white at 0', () => {
		const found = pictureOf(
			layout({ photometric: 'MONOCHROME1', samples: 1 }),
			Uint8Array.of(0, 255)
		);
		expect(colours(found)).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
	});
	it('deep greys keep their numbers, with sign and rescale', () => {
		const deep = layout({
			photometric: 'MONOCHROME2',
			samples: 1,
			bitsAllocated: 16,
			bitsStored: 12,
			signed: true,
			slope: 2,
			intercept: -1024
		});
		const found = pictureOf(deep, Uint16Array.of(0x0fff, 100));
		expect(found).toMatchObject({ kind: 'greys', least: -1026, most: -824 });
		const rgba = new Uint8ClampedArray(8);
		if (found?.kind === 'greys') paintGreys(found.values, { centre: -925, width: 202 }, rgba);
		expect(Array.from(rgba)).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
	});
	it('too few samples or an unknown interpretation is no picture', () => {
		expect(pictureOf(layout({}), Uint8Array.of(1, 2, 3))).toBeNull();
		expect(pictureOf(layout({ photometric: 'CMYK' }), new Uint8Array(8))).toBeNull();
	});
});
