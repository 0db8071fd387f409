import { cache, Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { Placement, Size, Window } from '../presentation.ts';
import { toScreen } from '../presentation.ts';
import { stillStore } from './picture-loader.ts';
import type { Still } from './picture-loader.ts';
import type { Runtime } from './runtime.ts';

let serial = 0;

/** One viewport of the engine: draws a standing frame where the calipers expect it. */
export class StillView {
	readonly #runtime: Runtime;
	readonly #element: HTMLDivElement;
	readonly #id = `still-${++serial}`;
	#still: Still | null = null;
	#disposed = false;

	constructor(runtime: Runtime, element: HTMLDivElement) {
		this.#runtime = runtime;
		this.#element = element;
		runtime.engine.enableElement({
			viewportId: this.#id,
			type: Enums.ViewportType.STACK,
			element,
			defaultOptions: { background: [0, 0, 0] }
		});
	}

	get #viewport() {
		return this.#runtime.engine.getViewport(this.#id) as Types.IStackViewport;
	}

	/**
	 * Draws a frame. True once it is on the screen and lies where `placement` says, to half a pixel;
	 * false when the engine could not, and the caller goes on showing its own picture.
	 */
	async show(still: Still, placement: Placement, size: Size, window: Window): Promise<boolean> {
		const before = this.#still;
		stillStore.put(still);
		this.#still = still;
		try {
			await this.#viewport.setStack([still.imageId], 0);
			if (this.#disposed || this.#still !== still) return false;
			const drawn = this.#drawn();
			const aligned = this.present(placement, size, window);
			await drawn;
			return aligned && !this.#disposed && this.#still === still;
		} finally {
			if (before && before.imageId !== still.imageId) forget(before.imageId);
		}
	}

	/** Places and windows what is shown, at once. False when it does not lie where it should. */
	present(placement: Placement, size: Size, window: Window): boolean {
		const still = this.#still;
		if (!still || this.#disposed) return false;
		const viewport = this.#viewport;
		// The engine counts from pixel centres, we from the corner of the first pixel.
		const column = (size.width / 2 - placement.left) / placement.scaleX - 0.5;
		const row = (size.height / 2 - placement.top) / placement.scaleY - 0.5;
		const focalPoint: Types.Point3 = [column, row * still.pixelAspect, 0];
		viewport.setCamera({
			focalPoint,
			position: [focalPoint[0], focalPoint[1], -1],
			parallelScale: size.height / 2 / placement.scaleX
		});
		const lower = window.centre - window.width / 2;
		viewport.setProperties({ voiRange: { lower, upper: lower + window.width } });
		viewport.render();
		return this.#aligned(placement, still);
	}

	#aligned(placement: Placement, still: Still): boolean {
		const corners = [
			[0, 0],
			[still.columns, still.rows]
		] as const;
		return corners.every(([column, row]) => {
			const world: Types.Point3 = [column - 0.5, (row - 0.5) * still.pixelAspect, 0];
			const [x, y] = this.#viewport.worldToCanvas(world);
			const wanted = toScreen(placement, [column, row]);
			return Math.hypot(x - wanted[0], y - wanted[1]) < 0.5;
		});
	}

	#drawn(): Promise<void> {
		return new Promise((resolve) => {
			this.#element.addEventListener(Enums.Events.IMAGE_RENDERED, () => resolve(), { once: true });
		});
	}

	resize(): void {
		if (!this.#disposed) this.#runtime.engine.resize(true, true);
	}

	dispose(): void {
		if (this.#disposed) return;
		this.#disposed = true;
		if (this.#still) forget(this.#still.imageId);
		this.#runtime.engine.disableElement(this.#id);
	}
}

function forget(imageId: string): void {
	stillStore.remove(imageId);
	if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId);
}
