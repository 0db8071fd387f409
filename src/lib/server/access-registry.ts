/**
 * Everything that stays open after it was judged: sockets, streams, downloads. When access changes,
 * what it may touch is closed by key (A5, C5); who may still open it comes back and is judged again.
 */

/** What an open thing hangs on; one thing has several. */
export type AccessKey =
	| `user:${string}`
	| `session:${string}`
	| `grant:${string}`
	| `report:${string}`
	| `study:${string}`
	| `practice:${string}`;

/** Something open. `close` must not throw and must stop the flow at once. */
export interface OpenThing {
	keys: readonly AccessKey[];
	/** `code` is one of `collab/close-codes.ts`; streams may ignore it and break off. */
	close(code: number, reason: string): void;
}

export interface AccessRegistry {
	/** Returns the function that takes the thing off the list; calling it twice is harmless. */
	add(thing: OpenThing): () => void;
	/** Closes all that hangs on the key; returns how many. */
	closeFor(key: AccessKey, code: number, reason: string): number;
	closeAll(code: number, reason: string): number;
	countFor(key: AccessKey): number;
}

export function createAccessRegistry(): AccessRegistry {
	const byKey = new Map<AccessKey, Set<OpenThing>>();
	const all = new Set<OpenThing>();

	function remove(thing: OpenThing): void {
		all.delete(thing);
		for (const key of thing.keys) {
			const things = byKey.get(key);
			things?.delete(thing);
			if (things?.size === 0) byKey.delete(key);
		}
	}

	function close(things: Iterable<OpenThing>, code: number, reason: string): number {
		// A copy: closing takes things off the list.
		const closing = [...things];
		for (const thing of closing) {
			remove(thing);
			thing.close(code, reason);
		}
		return closing.length;
	}

	return {
		add(thing) {
			all.add(thing);
			for (const key of thing.keys) {
				const things = byKey.get(key) ?? new Set();
				byKey.set(key, things.add(thing));
			}
			return () => remove(thing);
		},
		closeFor: (key, code, reason) => close(byKey.get(key) ?? [], code, reason),
		closeAll: (code, reason) => close(all, code, reason),
		countFor: (key) => byKey.get(key)?.size ?? 0
	};
}

/**
 * The process's one registry. On `globalThis`, so that a module reloaded in development still sees
 * what the old one opened.
 */
const slot = Symbol.for('readroom.access-registry');
const shared = globalThis as { [slot]?: AccessRegistry };
export const openThings: AccessRegistry = (shared[slot] ??= createAccessRegistry());
