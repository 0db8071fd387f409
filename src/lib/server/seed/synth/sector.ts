import { height, seeded, width } from './raster.ts';

/** Apex of the sector in pixels, depth in cm, half of its opening angle. */
export const apexX = 320;
export const apexY = 34;
export const depthCm = 16;
export const halfAngle = (41 * Math.PI) / 180;
export const pixelsPerCm = 24;

/** How strongly tissue answers, 0 to 1, at a place in cm (x to the right, y into the depth). */
export type Echo = (x: number, y: number) => number;

/** The pixel grid of a 2D sector with its speckle. */
export class Sector {
	readonly pixelsPerCm: number;
	/** Index of each pixel inside the sector. */
	readonly inside: Int32Array;
	readonly x: Float32Array;
	readonly y: Float32Array;
	readonly #attenuation: Float32Array;
	readonly #noise: Float32Array;

	constructor(key: string, scale = pixelsPerCm) {
		this.pixelsPerCm = scale;
		const inside: number[] = [];
		const size = width * height;
		this.x = new Float32Array(size);
		this.y = new Float32Array(size);
		this.#attenuation = new Float32Array(size);
		for (let row = 0; row < height; row++) {
			for (let column = 0; column < width; column++) {
				const at = row * width + column;
				// Pixel centres; the corner of the first pixel is (0, 0).
				const x = (column + 0.5 - apexX) / scale;
				const y = (row + 0.5 - apexY) / scale;
				const r = Math.hypot(x, y);
				this.x[at] = x;
				this.y[at] = y;
				this.#attenuation[at] = Math.min(1, Math.max(0.4, 1.05 - 0.03 * r));
				if (Math.abs(Math.atan2(x, y)) < halfAngle && r < depthCm && r > 0.4) inside.push(at);
			}
		}
		this.inside = Int32Array.from(inside);
		this.#noise = speckle(key);
	}

	/** A place in cm as image pixels, (column, row) from the top left corner of the top left pixel. */
	pixel(x: number, y: number): [number, number] {
		return [apexX + x * this.pixelsPerCm, apexY + y * this.pixelsPerCm];
	}

	noiseAt(at: number): number {
		return this.#noise[at] ?? 0;
	}

	/** Grey values 0..235; `shift` moves the speckle with the tissue, in rows. */
	render(echo: Echo, shift = 0): Uint8Array {
		const grey = new Uint8Array(width * height);
		const size = width * height;
		for (const at of this.inside) {
			const noise = this.#noise[(at - shift * width + size) % size] ?? 0;
			const strength = echo(this.x[at] ?? 0, this.y[at] ?? 0);
			const value = strength * (0.3 + 0.62 * noise) * (this.#attenuation[at] ?? 1);
			grey[at] = 235 * Math.min(1, Math.max(0, value)) ** 0.62;
		}
		return grey;
	}
}

/** Rayleigh noise at half resolution, enlarged: the grain of an ultrasound picture. */
function speckle(key: string): Float32Array {
	const random = seeded(key);
	const [w, h] = [width / 2, height / 2];
	const small = Float32Array.from({ length: w * h }, () => {
		return 0.8 * Math.sqrt(-2 * Math.log(1 - random()));
	});
	const large = new Float32Array(width * height);
	for (let row = 0; row < height; row++) {
		const fy = Math.max(0, Math.min(h - 1.001, row / 2 - 0.25));
		const y0 = Math.floor(fy);
		for (let column = 0; column < width; column++) {
			const fx = Math.max(0, Math.min(w - 1.001, column / 2 - 0.25));
			const x0 = Math.floor(fx);
			const value = (dx: number, dy: number) => small[(y0 + dy) * w + x0 + dx] ?? 0;
			const top = value(0, 0) * (1 - fx + x0) + value(1, 0) * (fx - x0);
			const bottom = value(0, 1) * (1 - fx + x0) + value(1, 1) * (fx - x0);
			large[row * width + column] = top * (1 - fy + y0) + bottom * (fy - y0);
		}
	}
	return large;
}

/** A soft 3×3 blur, in place: machines smooth, and JPEG likes it. */
export function soften(rgb: Uint8Array): void {
	const source = rgb.slice();
	for (let row = 1; row < height - 1; row++) {
		for (let column = 1; column < width - 1; column++) {
			const at = (row * width + column) * 3;
			for (let c = at; c < at + 3; c++) {
				rgb[c] =
					((source[c] ?? 0) * 4 +
						((source[c - 3] ?? 0) +
							(source[c + 3] ?? 0) +
							(source[c - width * 3] ?? 0) +
							(source[c + width * 3] ?? 0)) *
							2 +
						(source[c - width * 3 - 3] ?? 0) +
						(source[c - width * 3 + 3] ?? 0) +
						(source[c + width * 3 - 3] ?? 0) +
						(source[c + width * 3 + 3] ?? 0)) /
					16;
			}
		}
	}
}
