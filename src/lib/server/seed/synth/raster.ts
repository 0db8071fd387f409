import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as fontkit from 'fontkit';

/** Size of every synthetic picture, in pixels. */
export const width = 640;
export const height = 480;

export type Colour = readonly [red: number, green: number, blue: number];

/** An 8-bit RGB picture with the few strokes that an ultrasound screen needs. */
export class Picture {
	readonly rgb: Uint8Array;

	constructor(rgb = new Uint8Array(width * height * 3)) {
		this.rgb = rgb;
	}

	copy(): Picture {
		return new Picture(this.rgb.slice());
	}

	set(x: number, y: number, colour: Colour): void {
		if (x < 0 || y < 0 || x >= width || y >= height) return;
		const at = (Math.floor(y) * width + Math.floor(x)) * 3;
		this.rgb.set(colour, at);
	}

	fill(x0: number, y0: number, x1: number, y1: number, colour: Colour): void {
		for (let y = Math.max(0, Math.floor(y0)); y < Math.min(height, y1); y++) {
			for (let x = Math.max(0, Math.floor(x0)); x < Math.min(width, x1); x++)
				this.set(x, y, colour);
		}
	}

	frame(x0: number, y0: number, x1: number, y1: number, colour: Colour): void {
		this.line(x0, y0, x1, y0, colour);
		this.line(x0, y1, x1, y1, colour);
		this.line(x0, y0, x0, y1, colour);
		this.line(x1, y0, x1, y1, colour);
	}

	line(x0: number, y0: number, x1: number, y1: number, colour: Colour): void {
		const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
		for (let i = 0; i <= steps; i++) {
			this.set(x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps, colour);
		}
	}

	/** Mixes a colour in; `cover` from 0 to 1. */
	blend(x: number, y: number, colour: Colour, cover: number): void {
		if (x < 0 || y < 0 || x >= width || y >= height || cover <= 0) return;
		const at = (y * width + x) * 3;
		for (let channel = 0; channel < 3; channel++) {
			const under = this.rgb[at + channel] ?? 0;
			const over = colour[channel] ?? 0;
			this.rgb[at + channel] = Math.round(under + (over - under) * Math.min(1, cover));
		}
	}

	text(text: string, x: number, y: number, size: number, colour: Colour): void {
		drawText(this, text, x, y, size, colour);
	}
}

type Font = ReturnType<typeof fontkit.create>;
type Segment = [x0: number, y0: number, x1: number, y1: number];
let font: Font | null = null;

function theFont(): Font {
	if (!font) {
		const require = createRequire(import.meta.url);
		const folder = dirname(require.resolve('@fontsource/noto-sans/package.json'));
		font = fontkit.create(readFileSync(join(folder, 'files/noto-sans-latin-400-normal.woff')));
	}
	return font;
}

/** Outlines of a text as straight segments in pixels; curves become eight chords each. */
function outline(text: string, x: number, baseline: number, size: number): Segment[] {
	const face = theFont() as Font & {
		unitsPerEm: number;
		layout(text: string): {
			glyphs: { path: { commands: { command: string; args: number[] }[] } }[];
			positions: { xAdvance: number }[];
		};
	};
	const scale = size / face.unitsPerEm;
	const segments: Segment[] = [];
	const { glyphs, positions } = face.layout(text);
	let pen = x;
	glyphs.forEach((glyph, index) => {
		let [px, py, sx, sy] = [0, 0, 0, 0];
		const to = (gx: number, gy: number) => {
			segments.push([
				pen + px * scale,
				baseline - py * scale,
				pen + gx * scale,
				baseline - gy * scale
			]);
			[px, py] = [gx, gy];
		};
		for (const { command, args } of glyph.path.commands) {
			const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
			if (command === 'moveTo') [px, py, sx, sy] = [a, b, a, b];
			else if (command === 'lineTo') to(a, b);
			else if (command === 'quadraticCurveTo') {
				const [x0, y0] = [px, py];
				for (let t = 0.125; t <= 1; t += 0.125) {
					const u = 1 - t;
					to(u * u * x0 + 2 * u * t * a + t * t * c, u * u * y0 + 2 * u * t * b + t * t * d);
				}
			} else if (command === 'bezierCurveTo') {
				const [x0, y0] = [px, py];
				for (let t = 0.125; t <= 1; t += 0.125) {
					const u = 1 - t;
					to(
						u ** 3 * x0 + 3 * u * u * t * a + 3 * u * t * t * c + t ** 3 * e,
						u ** 3 * y0 + 3 * u * u * t * b + 3 * u * t * t * d + t ** 3 * f
					);
				}
			} else if (command === 'closePath') to(sx, sy);
		}
		pen += (positions[index]?.xAdvance ?? 0) * scale;
	});
	return segments;
}

/** Coverage of a text's pixels, relative to its place; the same labels stand on every frame. */
const drawn = new Map<string, [column: number, row: number, cover: number][]>();

function drawText(
	picture: Picture,
	text: string,
	x: number,
	y: number,
	size: number,
	colour: Colour
) {
	const key = `${size} ${text}`;
	let pixels = drawn.get(key);
	if (!pixels) drawn.set(key, (pixels = rasterise(text, size)));
	const [left, top] = [Math.round(x), Math.round(y)];
	for (const [column, row, cover] of pixels) picture.blend(left + column, top + row, colour, cover);
}

/** Fills an outline by scan lines, four to a pixel row. */
function rasterise(text: string, size: number): [number, number, number][] {
	const segments = outline(text, 0, size, size);
	const pixels: [number, number, number][] = [];
	for (let row = 0; row < size * 1.4; row++) {
		const cover = new Map<number, number>();
		for (let sub = 0; sub < 4; sub++) {
			const scan = row + (sub + 0.5) / 4;
			const crossings: { x: number; winding: number }[] = [];
			for (const [x0, y0, x1, y1] of segments) {
				if (y0 <= scan === y1 <= scan) continue;
				crossings.push({
					x: x0 + ((scan - y0) / (y1 - y0)) * (x1 - x0),
					winding: y1 > y0 ? 1 : -1
				});
			}
			crossings.sort((a, b) => a.x - b.x);
			let inside = 0;
			crossings.forEach((crossing, index) => {
				inside += crossing.winding;
				const next = crossings[index + 1];
				if (inside === 0 || !next) return;
				for (let column = Math.floor(crossing.x); column < next.x; column++) {
					const part = Math.min(next.x, column + 1) - Math.max(crossing.x, column);
					cover.set(column, (cover.get(column) ?? 0) + Math.max(0, part) / 4);
				}
			});
		}
		for (const [column, part] of cover) pixels.push([column, row, part]);
	}
	return pixels;
}

/** A seeded source of numbers in [0, 1): the same demo everywhere (mulberry32). */
export function seeded(key: string): () => number {
	let state = 2166136261;
	for (const character of key) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
