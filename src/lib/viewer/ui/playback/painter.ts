import { paintGreys } from '../../pixels.ts';
import type { Placement, Size, Window } from '../../presentation.ts';
import type { Drawable } from './decode.ts';

/** Draws frames on a 2D canvas: fast enough for four loops without a graphics card. */
export class Painter {
	readonly #canvas: HTMLCanvasElement;
	readonly #context: CanvasRenderingContext2D;
	#scratch: { canvas: OffscreenCanvas; image: ImageData } | null = null;
	#greys: { values: unknown; centre: number; width: number } | null = null;

	constructor(canvas: HTMLCanvasElement) {
		this.#canvas = canvas;
		const context = canvas.getContext('2d', { alpha: false });
		if (!context) throw new Error('This browser has no 2D canvas.');
		this.#context = context;
	}

	/** `size` in CSS pixels; the canvas has as many as the screen. */
	paint(drawable: Drawable, placement: Placement, size: Size, window: Window): void {
		const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
		const width = Math.max(1, Math.round(size.width * ratio));
		const height = Math.max(1, Math.round(size.height * ratio));
		// Setting a size clears, even when it is the same.
		if (this.#canvas.width !== width) this.#canvas.width = width;
		if (this.#canvas.height !== height) this.#canvas.height = height;
		const context = this.#context;
		context.setTransform(1, 0, 0, 1, 0, 0);
		context.fillStyle = '#000';
		context.fillRect(0, 0, width, height);
		context.setTransform(
			placement.scaleX * ratio,
			0,
			0,
			placement.scaleY * ratio,
			placement.left * ratio,
			placement.top * ratio
		);
		if (drawable.kind === 'movie') {
			const { element, columns, rows } = drawable;
			context.drawImage(element, 0, 0, columns, rows);
		} else
			context.drawImage(
				drawable.kind === 'bitmap' ? drawable.bitmap : this.#shade(drawable, window),
				0,
				0
			);
	}

	#shade(greys: Extract<Drawable, { kind: 'greys' }>, window: Window): OffscreenCanvas {
		let scratch = this.#scratch;
		if (scratch?.image.width !== greys.columns || scratch.image.height !== greys.rows) {
			scratch = {
				canvas: new OffscreenCanvas(greys.columns, greys.rows),
				image: new ImageData(greys.columns, greys.rows)
			};
			this.#scratch = scratch;
			this.#greys = null;
		}
		const done = this.#greys;
		if (
			done?.values !== greys.values ||
			done.centre !== window.centre ||
			done.width !== window.width
		) {
			paintGreys(greys.values, window, scratch.image.data);
			scratch.canvas.getContext('2d')?.putImageData(scratch.image, 0, 0);
			this.#greys = { values: greys.values, centre: window.centre, width: window.width };
		}
		return scratch.canvas;
	}
}
