import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';

/**
 * The bridge between Yjs and Svelte: reading `current` inside an effect or a template follows the
 * source, from the first reader to the last. What is read is computed once for each change.
 */
export class Followed<T> {
	readonly #read: () => T;
	readonly #subscribe: () => void;
	#value: T | undefined;
	#fresh = false;

	/** `listen` registers for changes and returns how to stop. */
	constructor(read: () => T, listen: (changed: () => void) => () => void) {
		this.#read = read;
		this.#subscribe = createSubscriber((update) => {
			this.#fresh = false;
			const stop = listen(() => {
				this.#fresh = false;
				update();
			});
			return () => {
				stop();
				this.#fresh = false;
			};
		});
	}

	get current(): T {
		this.#subscribe();
		// Outside an effect nobody listens, and nothing read earlier may be trusted.
		if (!this.#fresh || !$effect.tracking()) {
			this.#value = this.#read();
			this.#fresh = true;
		}
		return this.#value as T;
	}
}

/** A whole map as a plain record, replaced at every change. */
export function followMap<T>(map: Y.Map<T>): Followed<Readonly<Record<string, T>>> {
	return follow(map, () => map.toJSON() as Record<string, T>);
}

export function followText(text: Y.Text): Followed<string> {
	return follow(text, () => text.toString());
}

interface Observable {
	observe(listener: () => void): void;
	unobserve(listener: () => void): void;
}

/** Anything computed from one shared type: `follow(roots.fields, () => readEntries(doc))`. */
export function follow<T>(type: Observable, read: () => T): Followed<T> {
	return new Followed(read, (changed) => {
		type.observe(changed);
		return () => type.unobserve(changed);
	});
}

/** Anything computed from the document as a whole. */
export function followDoc<T>(doc: Y.Doc, read: () => T): Followed<T> {
	return new Followed(read, (changed) => {
		doc.on('update', changed);
		return () => doc.off('update', changed);
	});
}
