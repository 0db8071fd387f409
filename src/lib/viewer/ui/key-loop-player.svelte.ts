import type { InstanceAddress } from '../image-ids.ts';
import { RenderedFrames } from './rendered-frames.ts';

interface Options {
	base: string;
	address: InstanceAddress;
	frames: number;
	frameTimeMs: number;
	/** Bounds the longer side of the pictures asked for. */
	width: number;
}

/** Longer loops show their first frames: enough for several beats, and bounded memory. */
const mostFrames = 120;

/**
 * Plays one loop from rendered frames: no engine, no DICOM, a few kilobytes of code. It plays what
 * has come in true time, goes around when all is there, and stands still for those who prefer that.
 */
export class KeyLoopPlayer {
	readonly #frameTimeMs: number;
	readonly #count: number;
	readonly #pictures: RenderedFrames;
	#canvas: HTMLCanvasElement | null = null;
	#request = 0;
	#anchor = { at: 0, frame: 1 };
	#frame = $state(0);
	#playing = $state(false);

	constructor({ base, address, frames, frameTimeMs, width }: Options) {
		this.#frameTimeMs = frameTimeMs > 0 ? frameTimeMs : 1000 / 30;
		this.#count = Math.min(frames, mostFrames);
		this.#pictures = new RenderedFrames(base, address, width);
	}

	/** From 1; 0 before the first is drawn. */
	get frame() {
		return this.#frame;
	}
	get playing() {
		return this.#playing;
	}
	/** The canvas has a picture: the poster may go. */
	get shows() {
		return this.#frame > 0;
	}

	/** Fetches and plays on `canvas`; returns what stops both. */
	start(canvas: HTMLCanvasElement): () => void {
		const aborter = new AbortController();
		this.#canvas = canvas;
		void this.#pictures.fetch(this.#count, aborter.signal);
		if (!matchMedia('(prefers-reduced-motion: reduce)').matches) this.play();
		return () => {
			aborter.abort();
			this.pause();
			this.#pictures.close();
			this.#canvas = null;
			this.#frame = 0;
		};
	}

	play = (): void => {
		if (this.#playing || this.#count < 2) return;
		this.#playing = true;
		this.#anchor = { at: performance.now(), frame: Math.max(1, this.#frame) };
		const turn = (now: number) => {
			this.#tick(now);
			this.#request = requestAnimationFrame(turn);
		};
		this.#request = requestAnimationFrame(turn);
	};
	pause = (): void => {
		this.#playing = false;
		cancelAnimationFrame(this.#request);
	};
	toggle = (): void => (this.#playing ? this.pause() : this.play());

	#tick(now: number) {
		const passed = Math.max(0, Math.floor((now - this.#anchor.at) / this.#frameTimeMs));
		const due = ((this.#anchor.frame - 1 + passed) % this.#count) + 1;
		if (due === this.#frame || this.#pictures.hasFailed(due)) return;
		// Not here yet: wait on the frame that is shown, and count on from it.
		if (!this.#draw(due)) this.#anchor = { at: now, frame: Math.max(1, this.#frame) };
	}

	#draw(frame: number): boolean {
		const picture = this.#pictures.get(frame);
		const canvas = this.#canvas;
		if (!picture || !canvas) return false;
		if (canvas.width !== picture.width) canvas.width = picture.width;
		if (canvas.height !== picture.height) canvas.height = picture.height;
		canvas.getContext('2d')?.drawImage(picture, 0, 0);
		this.#frame = frame;
		return true;
	}
}
