import { movieFrame, movieTime } from '../../movie.ts';
import type { Loop } from '../../loop.ts';
import type { Drawable } from './decode.ts';

interface Events {
	/** Another frame can be drawn. */
	onFrame: () => void;
	onRefused: () => void;
}

/**
 * One viewport's player of a video, without a place in the page: its picture is drawn on the same
 * canvas as every other frame, so that zoom, brightness and calipers are the same.
 */
export class MoviePlayer {
	readonly #element: HTMLVideoElement;
	readonly #loop: Loop;
	readonly #aborter = new AbortController();
	#ready = false;
	#wanted = 1;

	constructor(url: string, loop: Loop, { onFrame, onRefused }: Events) {
		this.#loop = loop;
		const element = document.createElement('video');
		this.#element = element;
		element.muted = true;
		element.loop = true;
		element.playsInline = true;
		element.preload = 'auto';
		const { signal } = this.#aborter;
		const on = (type: string, run: () => void) => element.addEventListener(type, run, { signal });
		on('loadeddata', () => {
			this.#ready = true;
			if (element.paused) this.seek(this.#wanted);
			onFrame();
		});
		on('seeked', onFrame);
		on('error', onRefused);
		element.src = url;
	}

	/** From 1. */
	get frame(): number {
		const { currentTime, duration } = this.#element;
		return movieFrame(currentTime, duration, this.#loop.frames);
	}
	get drawable(): Drawable | null {
		if (!this.#ready || this.#element.readyState < 2) return null;
		const { columns, rows } = this.#loop;
		return { kind: 'movie', element: this.#element, columns, rows, bytes: 0 };
	}

	play(speed: number): void {
		this.#element.playbackRate = speed;
		// Refused only where a browser forbids even silent videos: then the first frame stands.
		void this.#element.play().catch(() => undefined);
	}
	pause(): void {
		this.#element.pause();
	}
	seek(frame: number): void {
		this.#wanted = frame;
		const { duration } = this.#element;
		if (duration > 0) this.#element.currentTime = movieTime(frame, duration, this.#loop.frames);
	}

	dispose(): void {
		this.#aborter.abort();
		this.#element.pause();
		this.#element.removeAttribute('src');
		this.#element.load();
	}
}
