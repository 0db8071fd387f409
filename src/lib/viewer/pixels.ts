/** What the samples of one frame mean (PS3.3 C.7.6.3). */
export interface PixelLayout {
	rows: number;
	columns: number;
	samples: number;
	photometric: string;
	/** 1: one plane a colour. */
	planar: number;
	bitsAllocated: number;
	bitsStored: number;
	signed: boolean;
	slope: number;
	intercept: number;
	palette: Palette | null;
}

export interface Palette {
	/** Value of the first entry. */
	first: number;
	/** 8 bits an entry. */
	red: Uint8Array;
	green: Uint8Array;
	blue: Uint8Array;
}

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** A frame the screen can take: colours, or grey values that still need a window. */
export type Picture =
	| { kind: 'colours'; rgba: Uint8ClampedArray<ArrayBuffer> }
	| { kind: 'greys'; values: Float32Array | Int16Array; least: number; most: number };

/** Beyond this one frame alone would fill the memory of a tablet. */
export const mostPixels = 64_000_000;

const greyNames = ['MONOCHROME1', 'MONOCHROME2'];
export const isGrey = (layout: PixelLayout) => greyNames.includes(layout.photometric);

/** 8-bit greys without a rescale are colours already: the common ultrasound case stays cheap. */
export const isPlainGrey = (layout: PixelLayout) =>
	isGrey(layout) &&
	layout.bitsStored <= 8 &&
	!layout.signed &&
	layout.slope === 1 &&
	layout.intercept === 0;

/** Bytes of one frame stored natively. YBR_FULL_422 keeps Y1 Y2 Cb Cr for each two pixels. */
export function nativeFrameBytes(layout: PixelLayout): number {
	const pixels = layout.rows * layout.columns;
	if (layout.bitsAllocated === 1) return Math.ceil((pixels * layout.samples) / 8);
	const samples = layout.photometric === 'YBR_FULL_422' ? 2 : layout.samples;
	return pixels * samples * Math.ceil(layout.bitsAllocated / 8);
}

/**
 * Samples to what is drawn. `photometric` is what the samples are now: a decoder may already have
 * turned YBR into RGB. Null when there are too few samples or the interpretation is unknown.
 */
export function pictureOf(
	layout: PixelLayout,
	samples: Samples,
	photometric = layout.photometric
): Picture | null {
	const pixels = layout.rows * layout.columns;
	if (photometric === 'PALETTE COLOR') {
		if (!layout.palette || samples.length < pixels) return null;
		return { kind: 'colours', rgba: throughPalette(samples, pixels, layout.palette) };
	}
	if (greyNames.includes(photometric)) {
		if (samples.length < pixels) return null;
		return isPlainGrey(layout)
			? { kind: 'colours', rgba: plainGrey(samples, pixels, layout) }
			: greys(samples, pixels, layout, photometric === 'MONOCHROME1');
	}
	if (photometric === 'YBR_FULL_422' && samples.length < pixels * 3) {
		if (samples.length < pixels * 2) return null;
		return { kind: 'colours', rgba: from422(samples, pixels) };
	}
	if (samples.length < pixels * 3) return null;
	switch (photometric) {
		case 'RGB':
		case 'YBR_RCT':
		case 'YBR_ICT':
			return { kind: 'colours', rgba: threeSamples(samples, pixels, layout.planar, false) };
		case 'YBR_FULL':
		case 'YBR_FULL_422':
			return { kind: 'colours', rgba: threeSamples(samples, pixels, layout.planar, true) };
		default:
			return null;
	}
}

function plainGrey(samples: Samples, pixels: number, layout: PixelLayout) {
	const rgba = new Uint8ClampedArray(pixels * 4);
	const words = new Uint32Array(rgba.buffer);
	const table = new Uint32Array(256);
	const most = 2 ** layout.bitsStored - 1;
	for (let value = 0; value < 256; value++) {
		const scaled = Math.min(255, Math.round((value * 255) / most));
		const shown = layout.photometric === 'MONOCHROME1' ? 255 - scaled : scaled;
		table[value] = (0xff000000 | (shown << 16) | (shown << 8) | shown) >>> 0;
	}
	for (let i = 0; i < pixels; i++) words[i] = table[(samples[i] ?? 0) & 0xff] ?? 0;
	return rgba;
}

function greys(samples: Samples, pixels: number, layout: PixelLayout, inverted: boolean): Picture {
	const { slope, intercept, bitsStored, signed } = layout;
	const values = new Float32Array(pixels);
	// Bits above Bits Stored may hold overlays in old objects; sign is in the highest stored bit.
	const shift = 32 - bitsStored;
	let least = Infinity;
	let most = -Infinity;
	for (let i = 0; i < pixels; i++) {
		const raw = samples[i] ?? 0;
		const stored = signed
			? (raw << shift) >> shift
			: bitsStored < 32
				? (raw << shift) >>> shift
				: raw;
		const value = (inverted ? -1 : 1) * (stored * slope + intercept);
		values[i] = value;
		if (value < least) least = value;
		if (value > most) most = value;
	}
	return { kind: 'greys', values, least, most };
}

function throughPalette(samples: Samples, pixels: number, palette: Palette) {
	const rgba = new Uint8ClampedArray(pixels * 4);
	const last = palette.red.length - 1;
	for (let i = 0; i < pixels; i++) {
		const entry = Math.min(last, Math.max(0, (samples[i] ?? 0) - palette.first));
		rgba[i * 4] = palette.red[entry] ?? 0;
		rgba[i * 4 + 1] = palette.green[entry] ?? 0;
		rgba[i * 4 + 2] = palette.blue[entry] ?? 0;
		rgba[i * 4 + 3] = 255;
	}
	return rgba;
}

function threeSamples(samples: Samples, pixels: number, planar: number, ybr: boolean) {
	const rgba = new Uint8ClampedArray(pixels * 4);
	const step = planar === 1 ? 1 : 3;
	const plane = planar === 1 ? pixels : 1;
	for (let i = 0; i < pixels; i++) {
		const at = i * step;
		const a = samples[at] ?? 0;
		const b = samples[at + plane] ?? 0;
		const c = samples[at + 2 * plane] ?? 0;
		if (ybr) putYbr(rgba, i * 4, a, b, c);
		else put(rgba, i * 4, a, b, c);
	}
	return rgba;
}

function from422(samples: Samples, pixels: number) {
	const rgba = new Uint8ClampedArray(pixels * 4);
	for (let i = 0; i + 1 < pixels; i += 2) {
		const at = i * 2;
		const cb = samples[at + 2] ?? 128;
		const cr = samples[at + 3] ?? 128;
		putYbr(rgba, i * 4, samples[at] ?? 0, cb, cr);
		putYbr(rgba, i * 4 + 4, samples[at + 1] ?? 0, cb, cr);
	}
	return rgba;
}

function put(rgba: Uint8ClampedArray, at: number, r: number, g: number, b: number) {
	rgba[at] = r;
	rgba[at + 1] = g;
	rgba[at + 2] = b;
	rgba[at + 3] = 255;
}

/** PS3.3 C.7.6.3.1.2, YBR_FULL, inverted. */
function putYbr(rgba: Uint8ClampedArray, at: number, y: number, cb: number, cr: number) {
	const red = y + 1.402 * (cr - 128);
	const green = y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128);
	const blue = y + 1.772 * (cb - 128);
	put(rgba, at, red, green, blue);
}

/** Greys through a linear window (PS3.3 C.11.2.1.3.2, LINEAR_EXACT) into `rgba`. */
export function paintGreys(
	values: Float32Array | Int16Array,
	window: { centre: number; width: number },
	rgba: Uint8ClampedArray
): void {
	const words = new Uint32Array(rgba.buffer, rgba.byteOffset, values.length);
	const low = window.centre - window.width / 2;
	const scale = 255 / window.width;
	for (let i = 0; i < values.length; i++) {
		const shade = Math.min(255, Math.max(0, Math.round(((values[i] ?? 0) - low) * scale)));
		words[i] = (0xff000000 | (shade << 16) | (shade << 8) | shade) >>> 0;
	}
}
