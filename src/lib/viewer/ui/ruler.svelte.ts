import type { Annotation } from '$lib/collab/report-doc.ts';
import type { Loop } from '../loop.ts';
import { asAcquired, place, toImage } from '../presentation.ts';
import type { Size } from '../presentation.ts';
import type { Point } from '../regions.ts';
import { Draft } from './draft.ts';

/** One length on a standing picture, which nobody keeps. */
export class Ruler {
	readonly #loop: Loop;
	size = $state.raw<Size>({ width: 1, height: 1 });
	#draft = $state.raw<Draft | null>(null);
	#frame = $state(1);
	#held = $state.raw<0 | 1>(1);
	#drawing = $state(false);
	readonly placement = $derived.by(() => place(this.#loop, this.size, asAcquired));

	constructor(loop: Loop, frame: number) {
		this.#loop = loop;
		this.#frame = frame;
	}

	get frame() {
		return this.#frame;
	}
	get caliper(): Annotation | null {
		return this.#draft?.annotation ?? null;
	}
	get drawing() {
		return this.#drawing;
	}

	/** The line belongs to the picture that it was drawn on. */
	step = (by: number): void => {
		const { frames } = this.#loop;
		this.#frame = ((this.#frame - 1 + by + frames) % frames) + 1;
		this.#draft = null;
	};

	/** `at` is in CSS pixels of the picture, like all points from outside. */
	begin = (at: Point): void => {
		const mark = { id: 'ruler', by: '', at: '' };
		this.#held = 1;
		this.#drawing = true;
		this.#draft = Draft.begin(this.#loop, this.#frame, 'length', this.#image(at), mark);
	};
	grab = (point: number): void => {
		if (!this.#draft) return;
		this.#held = point === 0 ? 0 : 1;
		this.#drawing = true;
		this.#draft = Draft.of(this.#loop, this.#draft.annotation, this.#held);
	};
	move = (at: Point): void => {
		if (this.#drawing) this.#draft = this.#draft?.movedTo(this.#image(at)) ?? null;
	};
	/** A tap is no line. */
	end = (): void => {
		this.#drawing = false;
		if (this.#draft && this.#isDot(this.#draft.annotation)) this.#draft = null;
	};
	clear = (): void => {
		this.#drawing = false;
		this.#draft = null;
	};

	/** For those who use keys: a line in the middle, then its ends move by pixels of the image. */
	middle = (): void => {
		const { width, height } = this.size;
		this.begin([width / 2, height * 0.4]);
		this.move([width / 2, height * 0.6]);
		this.end();
	};
	nudge = (dx: number, dy: number): void => {
		const point = this.#draft?.annotation.points[this.#held];
		if (!this.#draft || !point) return this.middle();
		const held = Draft.of(this.#loop, this.#draft.annotation, this.#held);
		this.#draft = held.movedTo([point[0] + dx, point[1] + dy]);
	};
	otherEnd = (): void => {
		this.#held = this.#held === 0 ? 1 : 0;
	};

	#image(at: Point): Point {
		return toImage(this.placement, at);
	}
	#isDot({ points: [a, b] }: Annotation): boolean {
		return !a || !b || Math.hypot(b[0] - a[0], b[1] - a[1]) < 1;
	}
}
