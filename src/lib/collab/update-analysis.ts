import * as Y from 'yjs';
import { hidesPrototype } from './hidden-keys.ts';
import { isTextName, openRoots, rightOfRoot, type DocumentRoot } from './report-doc.ts';
import { resolvePlace, type Place } from './update-places.ts';
import { integrationOrder } from './update-order.ts';
import { parseDocumentValue, type DocumentValue } from './value-schemas.ts';

/** One thing that an update does to the document, for rights and for the record. */
export interface Change {
	root: DocumentRoot;
	/** The map key, or the name of the text. */
	key: string;
	action: 'add' | 'change' | 'delete';
	/**
	 * What stands there now; for a deletion, what stood there. For a text: the characters put in and
	 * the number taken out.
	 */
	value: DocumentValue | TextChange | null;
	/** What stood under the key before, when something did. */
	before: DocumentValue | null;
}

export interface TextChange {
	inserted: string;
	deleted: number;
}

export type Analysis =
	/** All of it is known already. */
	| { kind: 'nothing' }
	/** Refers to what this document has not seen: ask the client, keep nothing (K7). */
	| { kind: 'incomplete' }
	/** Nothing that an honest client makes; refused whole. */
	| { kind: 'refused'; reason: string }
	| {
			kind: 'change';
			/** Only what is new, encoded afresh. */
			update: Uint8Array;
			/** Whose rights it needs. */
			roots: ReadonlySet<DocumentRoot>;
			/** Yjs client ids under which something new was written (K5). */
			clients: readonly number[];
			changes: readonly Change[];
	  };

/** Yjs counts characters and edits; nobody writes two thousand million. */
const clockLimit = 2 ** 31;
/** A person's reloads while away from the network, all sent at once. */
const clientsPerUpdate = 32;
/** `Doc.clientID` is a random unsigned 32-bit number. */
const clientLimit = 2 ** 32;

/**
 * What an update would do to a document, found without applying it: every inserted and every
 * deleted struct is followed to its root (K6), every value is judged by its schema.
 * The cost is bounded by the size of the update and the document's list of deletions.
 * @throws on bytes that are no Yjs update.
 */
export function analyseUpdate(doc: Y.Doc, bytes: Uint8Array): Analysis {
	openRoots(doc);
	if (hidesPrototype(bytes)) return refused('a key that is no key');
	const update = Y.diffUpdate(bytes, Y.encodeStateVector(doc));
	const { structs, ds } = Y.decodeUpdate(update);
	const store = doc.store;
	if (!isOrdered(ds)) return refused('deletions out of order');

	for (const struct of structs) {
		const { client, clock } = struct.id;
		if (client >= clientLimit || clock + struct.length > clockLimit) {
			return refused('a client id or clock out of range');
		}
		// Nested types alone leave GC structs behind, and this document has none.
		if (!(struct instanceof Y.Item)) return refused('a struct that is no item');
	}
	const items = structs as Y.Item[];
	const byClient = groupByClient(items);
	if (byClient.size > clientsPerUpdate) return refused('too many client ids');
	const order = integrationOrder(store, items);
	if (!order) return { kind: 'incomplete' };
	const endOf = (client: number) => order.state.get(client) ?? Y.getState(store, client);

	const places = new Map<Y.Item, Place>();
	for (const item of order.items) {
		const place = resolvePlace(doc, item, byClient, places);
		if (!place) return refused('an item in no root of the document');
		places.set(item, place);
	}

	const gathering = new Gathering(doc);
	for (const item of order.items) {
		const place = places.get(item) as Place;
		const problem = gathering.insert(item, place, covers(ds, item.id));
		if (problem) return refused(problem);
	}
	for (const [client, ranges] of ds.clients) {
		for (const { clock, len } of ranges) {
			if (clock + len > endOf(client)) return { kind: 'incomplete' };
			const problem = gathering.delete(client, clock, len);
			if (problem) return refused(problem);
		}
	}

	if (items.length === 0 && gathering.empty) return { kind: 'nothing' };
	return {
		kind: 'change',
		update,
		roots: gathering.roots,
		clients: [...byClient.keys()],
		changes: gathering.changes()
	};
}

const refused = (reason: string): Analysis => ({ kind: 'refused', reason });

function groupByClient(items: readonly Y.Item[]): Map<number, Y.Item[]> {
	const out = new Map<number, Y.Item[]>();
	for (const item of items) {
		const held = out.get(item.id.client);
		if (held) held.push(item);
		else out.set(item.id.client, [item]);
	}
	return out;
}

type Deletions = ReturnType<typeof Y.decodeUpdate>['ds'];

/** Yjs writes ranges sorted and apart; anything else would only make us work. */
function isOrdered(ds: Deletions): boolean {
	for (const ranges of ds.clients.values()) {
		let end = 0;
		for (const { clock, len } of ranges) {
			if (clock < end || len < 1 || clock + len > clockLimit) return false;
			end = clock + len;
		}
	}
	return true;
}

/** Whether the update deletes what it inserts. */
function covers(ds: Deletions, id: Y.ID): boolean {
	const ranges = ds.clients.get(id.client) ?? [];
	let low = 0;
	let high = ranges.length - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		const range = ranges[middle];
		if (!range) return false;
		if (id.clock < range.clock) high = middle - 1;
		else if (id.clock >= range.clock + range.len) low = middle + 1;
		else return true;
	}
	return false;
}

/** Collects what changes, by root and key. */
class Gathering {
	readonly roots = new Set<DocumentRoot>();
	readonly #doc: Y.Doc;
	readonly #maps = new Map<string, Change>();
	readonly #texts = new Map<string, TextChange>();
	#deletions = 0;

	constructor(doc: Y.Doc) {
		this.#doc = doc;
	}

	get empty(): boolean {
		return this.roots.size === 0 && this.#deletions === 0;
	}

	/** @returns what is wrong with the item, or null. */
	insert(item: Y.Item, place: Place, isDeleted: boolean): string | null {
		const root = rightOfRoot(place.root);
		if (!root) return `an unknown root`;
		this.roots.add(root);
		const content: unknown = item.content;
		if (isTextName(place.root)) {
			if (place.key !== null) return 'an attribute of a text';
			if (content instanceof Y.ContentDeleted) return null;
			if (!(content instanceof Y.ContentString)) return 'something other than characters in a text';
			if (!isDeleted) this.#text(place.root).inserted += content.str;
			return null;
		}
		if (place.key === null) return 'a list item in a map';
		if (item.rightOrigin !== null) return 'a map item with a right neighbour';
		// Written and deleted again before it was sent: Yjs has forgotten what it was.
		if (content instanceof Y.ContentDeleted) return null;
		if (!(content instanceof Y.ContentAny) || content.arr.length !== 1) {
			return 'something other than one plain value in a map';
		}
		const value = parseDocumentValue(root, place.key, content.arr[0]);
		if (value === null) return `a value that does not belong under its key in ${root}`;
		if (isDeleted) return null;
		const before = this.#liveValue(place.root, place.key);
		this.#maps.set(`${place.root}\n${place.key}`, {
			root,
			key: place.key,
			action: before ? 'change' : 'add',
			value,
			before
		});
		return null;
	}

	/** @returns what is wrong with deleting the range, or null. */
	delete(client: number, clock: number, len: number): string | null {
		const structs = this.#doc.store.clients.get(client);
		// A range that this update itself brings was looked at when it was inserted.
		if (!structs || clock >= Y.getState(this.#doc.store, client)) return null;
		for (let i = Y.findIndexSS(structs, clock); i < structs.length; i += 1) {
			const struct = structs[i];
			if (!struct || struct.id.clock >= clock + len) break;
			if (struct.deleted || !(struct instanceof Y.Item)) continue;
			const problem = this.#deleteItem(struct, clock, clock + len);
			if (problem) return problem;
		}
		return null;
	}

	#deleteItem(item: Y.Item, from: number, to: number): string | null {
		const parent = item.parent as Y.AbstractType<unknown>;
		const name = Y.findRootTypeKey(parent);
		const root = rightOfRoot(name);
		if (!root) return 'a deletion in an unknown root';
		this.roots.add(root);
		this.#deletions += 1;
		if (isTextName(name)) {
			const first = Math.max(item.id.clock, from);
			this.#text(name).deleted += Math.min(item.id.clock + item.length, to) - first;
			return null;
		}
		const key = item.parentSub ?? '';
		const id = `${name}\n${key}`;
		// Overwriting a key deletes what stood there; that is the change already noted.
		if (this.#maps.has(id)) return null;
		const value = this.#liveValue(name, key);
		this.#maps.set(id, { root, key, action: 'delete', value, before: value });
		return null;
	}

	changes(): Change[] {
		const texts = [...this.#texts].map(([name, value]): Change => ({
			root: rightOfRoot(name) as DocumentRoot,
			key: name,
			action: 'change',
			value,
			before: null
		}));
		return [...this.#maps.values(), ...texts];
	}

	#text(name: string): TextChange {
		const held = this.#texts.get(name) ?? { inserted: '', deleted: 0 };
		this.#texts.set(name, held);
		return held;
	}

	#liveValue(root: string, key: string): DocumentValue | null {
		return (this.#doc.getMap(root).get(key) as DocumentValue | undefined) ?? null;
	}
}
