import type { Drawable } from './decode.ts';
import type { Still } from '../../cornerstone/picture-loader.ts';

/** A decoded frame as the engine takes it; null when its bitmap was let go meanwhile. */
export function asStill(imageId: string, drawable: Drawable, pixelAspect: number): Still | null {
	if (drawable.kind === 'greys') {
		const { columns, rows, least, most } = drawable;
		const samples =
			drawable.values instanceof Float32Array
				? drawable.values
				: Float32Array.from(drawable.values);
		return { imageId, rows, columns, pixelAspect, samples, colour: false, least, most };
	}
	// The player's picture changes under the engine: the canvas goes on showing it.
	if (drawable.kind === 'movie') return null;
	const { width, height } = drawable.bitmap;
	if (width === 0) return null;
	const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
	if (!context) return null;
	context.drawImage(drawable.bitmap, 0, 0);
	const rgba = context.getImageData(0, 0, width, height).data;
	const samples = new Uint8Array(width * height * 3);
	for (let from = 0, to = 0; to < samples.length; from += 4) {
		samples[to++] = rgba[from] ?? 0;
		samples[to++] = rgba[from + 1] ?? 0;
		samples[to++] = rgba[from + 2] ?? 0;
	}
	return {
		imageId,
		rows: height,
		columns: width,
		pixelAspect,
		samples,
		colour: true,
		least: 0,
		most: 255
	};
}
