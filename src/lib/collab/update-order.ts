import * as Y from 'yjs';

export interface IntegrationOrder {
	items: readonly Y.Item[];
	/** Clock of every client that the update writes under, after it. */
	state: ReadonlyMap<number, number>;
}

/**
 * The order in which an update's items can be integrated, each after what it refers to. Yjs itself
 * would keep what does not fit yet and say nothing; here that is an answer.
 * @returns null when something is missing, or when items wait for each other in a circle.
 */
export function integrationOrder(
	store: Y.Doc['store'],
	items: readonly Y.Item[]
): IntegrationOrder | null {
	const queues = new Map<number, Y.Item[]>();
	for (const item of items) {
		const queue = queues.get(item.id.client);
		if (queue) queue.push(item);
		else queues.set(item.id.client, [item]);
	}
	const state = new Map<number, number>();
	const stateOf = (client: number) => state.get(client) ?? Y.getState(store, client);
	const has = (id: Y.ID | null) => id === null || id.clock < stateOf(id.client);

	const ordered: Y.Item[] = [];
	const at = new Map<number, number>();
	for (let moved = true; moved;) {
		moved = false;
		for (const [client, queue] of queues) {
			let i = at.get(client) ?? 0;
			for (; i < queue.length; i += 1) {
				const item = queue[i] as Y.Item;
				if (item.id.clock !== stateOf(client)) return null;
				if (!has(item.origin) || !has(item.rightOrigin)) break;
				ordered.push(item);
				state.set(client, item.id.clock + item.length);
				moved = true;
			}
			at.set(client, i);
		}
	}
	return ordered.length === items.length ? { items: ordered, state } : null;
}
