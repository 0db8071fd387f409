import { renderedUrl } from '../image-ids.ts';
import type { InstanceAddress } from '../image-ids.ts';

/** Browsers keep six connections to a host; two stay free for the rest of the page. */
const atOnce = 4;

/** Pictures of the frames of one loop, as the server draws them. Frames count from 1. */
export class RenderedFrames {
	readonly #pictures = new Map<number, ImageBitmap>();
	readonly #failed = new Set<number>();
	readonly #url: (frame: number) => string;

	constructor(base: string, address: InstanceAddress, width: number) {
		this.#url = (frame) => renderedUrl(base, address, frame, width);
	}

	get(frame: number): ImageBitmap | null {
		return this.#pictures.get(frame) ?? null;
	}
	hasFailed(frame: number): boolean {
		return this.#failed.has(frame);
	}

	/** Fetches frames 1 to `count` in order, a few at a time. */
	async fetch(count: number, signal: AbortSignal): Promise<void> {
		const queue = Array.from({ length: count }, (_, index) => index + 1);
		await Promise.all(Array.from({ length: atOnce }, () => this.#line(queue, signal)));
	}

	async #line(queue: number[], signal: AbortSignal) {
		for (let frame = queue.shift(); frame !== undefined; frame = queue.shift()) {
			try {
				const answer = await fetch(this.#url(frame), { signal });
				if (!answer.ok) throw new Error(String(answer.status));
				const picture = await createImageBitmap(await answer.blob());
				if (signal.aborted) return picture.close();
				this.#pictures.set(frame, picture);
			} catch {
				if (signal.aborted) return;
				this.#failed.add(frame);
			}
		}
	}

	close(): void {
		for (const picture of this.#pictures.values()) picture.close();
		this.#pictures.clear();
		this.#failed.clear();
	}
}
