import { asStill } from './playback/still.ts';
import type { Drawable } from './playback/decode.ts';
import type { Placement, Size, Window } from '../presentation.ts';
import type { Runtime } from '../cornerstone/runtime.ts';
import type { StillView } from '../cornerstone/still-view.ts';

export interface Standing {
	imageId: string;
	drawable: Drawable;
	pixelAspect: number;
	placement: Placement;
	size: Size;
	window: Window;
}

/** A frame must have stood this long before the engine takes over; stepping stays instant. */
const settleMs = 140;

/**
 * Hands a standing frame to the engine and says when its picture is on the screen. Until then, and
 * whenever the engine cannot, the playback canvas under it shows the same frame.
 */
export class StandingPicture {
	readonly #element: HTMLDivElement;
	readonly #onShown: (imageId: string | null) => void;
	#runtime: Runtime | null = null;
	#view: StillView | null = null;
	#shown: string | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#disposed = false;
	#gaveUp = false;

	constructor(element: HTMLDivElement, onShown: (imageId: string | null) => void) {
		this.#element = element;
		this.#onShown = onShown;
	}

	/** Null while a loop plays or nothing is decoded. */
	update(standing: Standing | null): void {
		clearTimeout(this.#timer);
		if (this.#gaveUp || this.#disposed) return;
		if (standing && standing.imageId === this.#shown && this.#view) {
			const { placement, size, window } = standing;
			if (this.#view.present(placement, size, window)) return;
		}
		this.#hide();
		if (standing) this.#timer = setTimeout(() => void this.#take(standing), settleMs);
	}

	#hide() {
		if (this.#shown !== null) this.#onShown(null);
		this.#shown = null;
	}

	async #take(standing: Standing) {
		try {
			const view = await this.#viewOf();
			const still = asStill(standing.imageId, standing.drawable, standing.pixelAspect);
			const { placement, size, window } = standing;
			if (!view || !still || this.#disposed) return;
			if (!(await view.show(still, placement, size, window)) || this.#disposed) return;
			this.#shown = standing.imageId;
			this.#onShown(standing.imageId);
		} catch {
			// No graphics at all: the canvas goes on showing every frame.
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
		this.#runtime ??= acquire();
		this.#view ??= new StillView(this.#runtime, this.#element);
		return this.#view;
	}

	resize(): void {
		this.#view?.resize();
	}

	dispose(): void {
		this.#disposed = true;
		clearTimeout(this.#timer);
		this.#view?.dispose();
		this.#runtime?.release();
	}
}
