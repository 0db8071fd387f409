import type { Runtime } from '../cornerstone/runtime.ts';
import type { StillView } from '../cornerstone/still-view.ts';
import type { Placement, Size, Window } from '../presentation.ts';
import type { Drawable } from './playback/decode.ts';
import { asStill } from './playback/still.ts';

export interface Standing {
	imageId: string;
	drawable: Drawable;
	pixelAspect: number;
	placement: Placement;
	size: Size;
	window: Window;
}

interface Events {
	/** The engine's picture is on the screen; null: it is not, or no longer. */
	shown: (imageId: string | null) => void;
	/** Stills are drawn without the graphics card. */
	onProcessor: () => void;
}

/** A frame must have stood this long before the engine takes over; stepping stays instant. */
const settleMs = 140;

/**
 * Hands a standing frame to the engine and says when its picture is on the screen. Until then, and
 * whenever the engine cannot, the playback canvas under it shows the same frame.
 */
export class StandingPicture {
	readonly #element: HTMLDivElement;
	readonly #events: Events;
	#runtime: Runtime | null = null;
	#view: StillView | null = null;
	#unlisten: (() => void) | null = null;
	#wanted: Standing | null = null;
	#shown: string | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#disposed = false;
	#gaveUp = false;

	constructor(element: HTMLDivElement, events: Events) {
		this.#element = element;
		this.#events = events;
	}

	/** Null while a loop plays or nothing is decoded. */
	update(standing: Standing | null): void {
		clearTimeout(this.#timer);
		this.#wanted = standing;
		if (this.#gaveUp || this.#disposed) return;
		if (standing && standing.imageId === this.#shown && this.#view) {
			const { placement, size, window } = standing;
			if (this.#view.present(placement, size, window)) return;
		}
		this.#hide();
		if (standing) this.#timer = setTimeout(() => void this.#take(standing), settleMs);
	}

	#hide() {
		if (this.#shown !== null) this.#events.shown(null);
		this.#shown = null;
	}

	async #take(standing: Standing) {
		try {
			const view = await this.#viewOf();
			const still = asStill(standing.imageId, standing.drawable, standing.pixelAspect);
			const { placement, size, window } = standing;
			if (!view || !still || this.#wanted !== standing) return;
			if (!(await view.show(still, placement, size, window)) || this.#wanted !== standing) return;
			this.#shown = standing.imageId;
			this.#events.shown(standing.imageId);
		} catch {
			// The engine cannot draw at all: the canvas goes on showing every frame.
			this.#gaveUp = true;
			this.#hide();
		}
	}

	async #viewOf(): Promise<StillView | null> {
		if (this.#view) return this.#view;
		const [{ acquire }, { StillView }] = await Promise.all([
			import('../cornerstone/runtime.ts'),
			import('../cornerstone/still-view.ts')
		]);
		if (this.#disposed) return null;
		if (!this.#runtime) {
			this.#runtime = acquire();
			this.#unlisten = this.#runtime.whenReplaced(() => this.#replaced());
			if (this.#runtime.onProcessor) this.#events.onProcessor();
		}
		this.#view ??= new StillView(this.#runtime, this.#element);
		return this.#view;
	}

	#replaced() {
		this.#view = null;
		this.#hide();
		this.#events.onProcessor();
		this.update(this.#wanted);
	}

	resize(): void {
		this.#view?.resize();
	}

	dispose(): void {
		this.#disposed = true;
		this.#wanted = null;
		clearTimeout(this.#timer);
		this.#unlisten?.();
		this.#view?.dispose();
		this.#runtime?.release();
	}
}
