import * as Y from 'yjs';

/** Where an item stands: the name of its root, and its key when the root is a map. */
export interface Place {
	root: string;
	key: string | null;
}

/**
 * Follows an item of an undelivered update to its root. Yjs writes the parent only for an item
 * without neighbours; all others stand where their neighbours stand.
 * `resolved` holds the places of the items of the same update that come before it.
 * @returns null for an item inside a nested type, beside something collected, or between neighbours
 * that stand in different places.
 */
export function resolvePlace(
	doc: Y.Doc,
	item: Y.Item,
	update: ReadonlyMap<number, readonly Y.Item[]>,
	resolved: ReadonlyMap<Y.Item, Place>
): Place | null {
	const parent: unknown = item.parent;
	if (typeof parent === 'string') return { root: parent, key: item.parentSub };
	if (parent !== null) return null;

	const left = item.origin && placeOf(doc, item.origin, update, resolved);
	const right = item.rightOrigin && placeOf(doc, item.rightOrigin, update, resolved);
	if (item.origin && !left) return null;
	if (item.rightOrigin && !right) return null;
	if (left && right && (left.root !== right.root || left.key !== right.key)) return null;
	return left ?? right;
}

function placeOf(
	doc: Y.Doc,
	id: Y.ID,
	update: ReadonlyMap<number, readonly Y.Item[]>,
	resolved: ReadonlyMap<Y.Item, Place>
): Place | null {
	const known = doc.store.clients.get(id.client);
	if (known && id.clock < Y.getState(doc.store, id.client)) {
		const neighbour = known[Y.findIndexSS(known, id.clock)];
		if (!(neighbour instanceof Y.Item)) return null;
		const parent = neighbour.parent as Y.AbstractType<unknown>;
		if (parent._item !== null) return null;
		return { root: Y.findRootTypeKey(parent), key: neighbour.parentSub };
	}
	const items = update.get(id.client);
	const neighbour = items && find(items, id.clock);
	return (neighbour && resolved.get(neighbour)) ?? null;
}

/** The item that covers a clock; items are in order of clock. */
function find(items: readonly Y.Item[], clock: number): Y.Item | null {
	let low = 0;
	let high = items.length - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		const item = items[middle];
		if (!item) return null;
		if (clock < item.id.clock) high = middle - 1;
		else if (clock >= item.id.clock + item.length) low = middle + 1;
		else return item;
	}
	return null;
}
