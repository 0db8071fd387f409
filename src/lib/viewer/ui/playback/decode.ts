import { pictureOf } from '../../pixels.ts';
import type { Picture, PixelLayout, Samples } from '../../pixels.ts';
import type { Part10 } from '../../part10.ts';
import { isNative, jpegBaseline, jpegExtended } from '../../syntaxes.ts';

/** A frame ready to be painted. */
export type Drawable =
	| { kind: 'bitmap'; bitmap: ImageBitmap; bytes: number }
	/** Whatever the player shows this moment. */
	| { kind: 'movie'; element: HTMLVideoElement; columns: number; rows: number; bytes: 0 }
	| {
			kind: 'greys';
			values: Float32Array | Int16Array;
			least: number;
			most: number;
			columns: number;
			rows: number;
			bytes: number;
	  };

/** One stored frame to one drawable, off the main thread where the browser or the codecs can. */
export async function decode(file: Part10, stored: Uint8Array): Promise<Drawable> {
	const { layout } = file;
	if (browserDecodes(file)) return ofBitmap(await fromJpeg(stored));
	if (isNative(file.transferSyntax))
		return drawable(layout, pictureOf(layout, samplesOf(layout, stored)));
	const { decodeFrame } = await import('../../cornerstone/codec.ts');
	const { samples, photometric, planar } = await decodeFrame(file, stored);
	return drawable(layout, pictureOf({ ...layout, planar }, samples, photometric));
}

/** Baseline JPEG in the usual interpretations: the browser is faster than any codec we could load. */
function browserDecodes({ transferSyntax, layout }: Part10): boolean {
	const jpeg =
		transferSyntax === jpegBaseline || (transferSyntax === jpegExtended && layout.bitsStored <= 8);
	return jpeg && layout.photometric !== 'MONOCHROME1' && layout.slope === 1 && !layout.palette;
}

const asIs: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

function fromJpeg(stored: Uint8Array): Promise<ImageBitmap> {
	return createImageBitmap(
		new Blob([stored as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }),
		asIs
	);
}

async function drawable(layout: PixelLayout, picture: Picture | null): Promise<Drawable> {
	if (!picture) throw new Error('The pixels do not add up to a picture.');
	if (picture.kind === 'greys') {
		const { rows, columns } = layout;
		return { ...picture, rows, columns, bytes: picture.values.byteLength };
	}
	const image = new ImageData(picture.rgba, layout.columns, layout.rows);
	return ofBitmap(await createImageBitmap(image, asIs));
}

const ofBitmap = (bitmap: ImageBitmap): Drawable => ({
	kind: 'bitmap',
	bitmap,
	bytes: bitmap.width * bitmap.height * 4
});

function samplesOf(layout: PixelLayout, stored: Uint8Array): Samples {
	if (layout.bitsAllocated === 1) return unpacked(stored, layout.rows * layout.columns);
	if (layout.bitsAllocated <= 8) return stored;
	// A copy: the file's bytes need not lie on even addresses.
	const { buffer } = stored.slice();
	return layout.bitsAllocated <= 16 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}

function unpacked(stored: Uint8Array, pixels: number): Uint8Array {
	return Uint8Array.from({ length: pixels }, (_, i) => ((stored[i >> 3] ?? 0) >> (i & 7)) & 1);
}
