import { number } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { frameAt, playbackOf, startOf } from '../cine.ts';
import type { Loop } from '../loop.ts';
import { asAcquired, panBy, windowBy, zoomAbout } from '../presentation.ts';
import type { Presentation, Size, Window } from '../presentation.ts';
import type { Point } from '../regions.ts';
import type { Drawable } from './playback/decode.ts';
import type { LoopShelf } from './playback/loop-shelf.ts';
import { MoviePlayer } from './playback/movie-player.ts';
import type { LoopSource, SourceStatus } from './playback/loop-source.ts';

/** What can be brought back exactly. */
export interface PaneSnapshot {
	loop: Loop | null;
	frame: number;
	playing: boolean;
	presentation: Presentation;
}

export const speeds = [0.25, 0.5, 1, 2] as const;

/** One viewport: which loop, which frame, how it is set, whether it plays. */
export class PaneState {
	readonly id: number;
	readonly #shelf: LoopShelf;
	#source: LoopSource | null = null;
	#unlisten: (() => void) | null = null;
	#movie: MoviePlayer | null = null;
	/** Playing began at `at` (clock of requestAnimationFrame) with `offset` ms of the loop gone. */
	#anchor = { at: 0, offset: 0 };

	#loop = $state.raw<Loop | null>(null);
	#status = $state.raw<SourceStatus>({ kind: 'idle' });
	#frame = $state(1);
	#playing = $state(false);
	#speed = $state(1);
	#presentation = $state.raw<Presentation>(asAcquired);
	#size = $state.raw<Size>({ width: 1, height: 1 });
	/** Grows when a frame has become available: the painter looks again. */
	#arrivals = $state(0);

	readonly playback = $derived(this.#loop ? playbackOf(this.#loop.dataset) : null);
	readonly moving = $derived((this.#loop?.frames ?? 1) > 1);
	/** The frame in front of the eyes; null until the first is decoded. */
	readonly drawable = $derived.by((): Drawable | null => {
		void this.#arrivals;
		void this.#loop;
		if (this.#movie) return this.#movie.drawable;
		return this.#source?.drawable(this.#frame) ?? null;
	});
	/** Values from black to white as the object asks for, or as they are. */
	readonly defaultWindow = $derived.by((): Window => {
		const drawable = this.drawable;
		if (drawable?.kind !== 'greys') return { centre: 127.5, width: 255 };
		const centre = this.#loop && number(this.#loop.dataset, tags.WindowCenter);
		const width = this.#loop && number(this.#loop.dataset, tags.WindowWidth);
		if (typeof centre === 'number' && typeof width === 'number' && width > 0)
			return { centre, width };
		const { least, most } = drawable;
		return { centre: (least + most) / 2, width: most > least ? most - least : 1 };
	});
	readonly window = $derived(this.#presentation.window ?? this.defaultWindow);

	constructor(id: number, shelf: LoopShelf) {
		this.id = id;
		this.#shelf = shelf;
	}

	get loop() {
		return this.#loop;
	}
	get status() {
		return this.#status;
	}
	get frame() {
		return this.#frame;
	}
	get playing() {
		return this.#playing;
	}
	get speed() {
		return this.#speed;
	}
	get presentation() {
		return this.#presentation;
	}
	get size() {
		return this.#size;
	}
	set size(size: Size) {
		this.#size = size;
	}
	/** The frame on the screen can never be drawn. */
	get frameIsBad() {
		void this.#arrivals;
		return this.#source?.isBad(this.#frame) ?? false;
	}

	show(loop: Loop | null, { frame = 1, playing = true } = {}): void {
		if (loop?.sopInstanceUid !== this.#loop?.sopInstanceUid || loop === null) {
			this.#leave();
			this.#presentation = asAcquired;
			this.#loop = loop;
			if (loop) this.#enter(loop);
		}
		this.#playing = playing && this.moving;
		this.#put(this.#playing && frame === 1 ? (this.playback?.first ?? 1) : frame);
	}

	#enter(loop: Loop) {
		const source = this.#shelf.use(loop);
		this.#source = source;
		this.#status = source.status;
		const follow = () => {
			this.#status = source.status;
			this.#arrivals++;
			if (source.status.kind === 'movie') this.#roll(source, source.status.url, loop);
		};
		this.#unlisten = source.listen(follow);
		follow();
	}

	/** A video has a clock of its own: frames follow the player, not ours. */
	#roll(source: LoopSource, url: string, loop: Loop) {
		if (this.#movie) return;
		const movie = new MoviePlayer(url, loop, {
			onFrame: () => this.#arrivals++,
			onRefused: () => source.refuseMovie()
		});
		this.#movie = movie;
		movie.seek(this.#frame);
		if (this.#playing) movie.play(this.#speed);
	}

	#leave() {
		this.#unlisten?.();
		this.#movie?.dispose();
		this.#movie = null;
		if (this.#source) this.#shelf.release(this.#source);
		this.#source = null;
		this.#status = { kind: 'idle' };
	}

	retry = (): void => void this.#source?.receive();

	/** Time has come to `now`: shows the frame that is due, or waits for it to be decoded. */
	tick(now: number): void {
		const { playback } = this;
		if (!this.#playing || !playback || !this.#source) return;
		if (this.#movie) return this.#followMovie(this.#movie);
		// A frame's own clock may lie a little before the moment of the key that started it.
		const passed = Math.max(0, now - this.#anchor.at) * this.#speed;
		const due = frameAt(playback, passed + this.#anchor.offset);
		if (due === this.#frame) return;
		const next = this.#nearestReady(due);
		if (next === null) return this.#reanchor(now);
		this.#frame = next;
		this.#source.seek(next);
	}

	#followMovie({ frame }: MoviePlayer) {
		if (frame === this.#frame) return;
		this.#frame = frame;
		this.#arrivals++;
	}

	/** The frame due, or past damaged ones the next; null while it is only not decoded yet. */
	#nearestReady(due: number): number | null {
		const last = this.playback?.last ?? 1;
		const first = this.playback?.first ?? 1;
		for (let step = 0; step <= last - first; step++) {
			const frame = first + ((due - first + step) % (last - first + 1));
			if (this.#source?.drawable(frame)) return frame;
			if (!this.#source?.isBad(frame)) {
				this.#source?.seek(this.#frame);
				return null;
			}
		}
		return null;
	}

	#reanchor(now: number) {
		if (this.playback) this.#anchor = { at: now, offset: startOf(this.playback, this.#frame) };
	}

	#put(frame: number) {
		const last = this.#loop?.frames ?? 1;
		this.#frame = Math.min(last, Math.max(1, Math.round(frame)));
		if (this.#movie && !this.#playing) {
			this.#movie.pause();
			this.#movie.seek(this.#frame);
		} else this.#movie?.play(this.#speed);
		this.#source?.seek(this.#frame);
		this.#reanchor(performance.now());
	}

	play = (): void => {
		if (!this.moving) return;
		this.#playing = true;
		this.#movie?.play(this.#speed);
		this.#reanchor(performance.now());
	};
	pause = (): void => {
		this.#playing = false;
		this.#movie?.pause();
	};
	toggle = (): void => (this.#playing ? this.pause() : this.play());

	/** Stops and shows a frame, from 1. */
	seek(frame: number): void {
		this.#playing = false;
		this.#put(frame);
	}
	/** Frame by frame, around the ends. */
	step(by: number): void {
		const count = this.#loop?.frames ?? 1;
		this.seek(((((this.#frame - 1 + by) % count) + count) % count) + 1);
	}
	setSpeed(speed: number): void {
		this.#speed = speed;
		if (this.#playing) this.#movie?.play(speed);
		this.#reanchor(performance.now());
	}

	zoomBy(factor: number, at: Point): void {
		if (this.#loop)
			this.#presentation = zoomAbout(this.#loop, this.#size, this.#presentation, factor, at);
	}
	panBy(delta: Point): void {
		if (this.#loop) this.#presentation = panBy(this.#loop, this.#size, this.#presentation, delta);
	}
	windowBy(delta: Point): void {
		const { drawable } = this;
		const range = drawable?.kind === 'greys' ? drawable.most - drawable.least : 255;
		const window = windowBy(this.window, range, delta);
		this.#presentation = { ...this.#presentation, window };
	}
	reset = (): void => void (this.#presentation = asAcquired);

	snapshot(): PaneSnapshot {
		return {
			loop: this.#loop,
			frame: this.#frame,
			playing: this.#playing,
			presentation: this.#presentation
		};
	}
	restore({ loop, frame, playing, presentation }: PaneSnapshot): void {
		this.show(loop, { frame, playing: false });
		this.#presentation = presentation;
		if (playing) this.play();
	}

	dispose(): void {
		this.#leave();
		this.#loop = null;
	}
}
