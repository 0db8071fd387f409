import type * as Y from 'yjs';
import { standingOf } from '../worksheet/entry.ts';
import type { Entries, Entry, EntrySource } from '../worksheet/entry.ts';
import { edit, fieldKey, openRoots, splitFieldKey } from './report-doc.ts';

/** Who writes, when, and under which fresh id; clock and ids are the caller's. */
export interface Stamp {
	id: string;
	by: string;
	/** ISO, UTC. */
	at: string;
}

/** All entries by field, oldest first, the same order on every replica. */
export function readEntries(doc: Y.Doc): Entries {
	return readMap(openRoots(doc).fields);
}

/** What a sonographer proposed after "sent to read", by field. */
export function readProposals(doc: Y.Doc): Entries {
	return readMap(openRoots(doc).proposals);
}

function readMap(map: Y.Map<Entry>): Entries {
	const byField = new Map<string, Entry[]>();
	for (const [key, entry] of map.entries()) {
		const parts = splitFieldKey(key);
		if (!parts) continue;
		const entries = byField.get(parts.fieldId) ?? [];
		entries.push(entry);
		byField.set(parts.fieldId, entries);
	}
	for (const entries of byField.values()) entries.sort(oldestFirst);
	return Object.fromEntries([...byField].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function oldestFirst(a: Entry, b: Entry): number {
	if (a.at !== b.at) return a.at < b.at ? -1 : 1;
	return a.id < b.id ? -1 : 1;
}

export function readField(doc: Y.Doc, fieldId: string): readonly Entry[] {
	const entries: Entry[] = [];
	for (const [key, entry] of openRoots(doc).fields.entries()) {
		if (splitFieldKey(key)?.fieldId === fieldId) entries.push(entry);
	}
	return entries.sort(oldestFirst);
}

/** Several values that are no suggestion: people had not seen each other. */
export function isConflict(entries: readonly Entry[]): boolean {
	return standingOf(entries).length > 1;
}

/**
 * Writes a value: adds `entry` and deletes exactly the entries that its author had seen. Two who
 * had not seen each other leave two values, whatever the order in which their edits arrive.
 */
export function setField(
	doc: Y.Doc,
	fieldId: string,
	entry: Entry,
	seenEntryIds: readonly string[]
): void {
	edit(doc, () => {
		const { fields } = openRoots(doc);
		deleteSeen(fields, fieldId, seenEntryIds);
		fields.set(fieldKey(fieldId, entry.id), entry);
	});
}

/** Empties a field of what was seen in it; a value not yet seen stays. */
export function clearField(doc: Y.Doc, fieldId: string, seenEntryIds: readonly string[]): void {
	edit(doc, () => deleteSeen(openRoots(doc).fields, fieldId, seenEntryIds));
}

function deleteSeen(map: Y.Map<Entry>, fieldId: string, seen: readonly string[]): void {
	for (const id of seen) {
		const key = fieldKey(fieldId, id);
		if (map.has(key)) map.delete(key);
	}
}

/** "Not well seen" is an answer, not an absence: it stands where a value would. */
export function markNotWellSeen(
	doc: Y.Doc,
	fieldId: string,
	stamp: Stamp,
	seenEntryIds: readonly string[]
): void {
	const entry: Entry = {
		...personEntry(stamp, null, null),
		status: 'not_well_seen'
	};
	setField(doc, fieldId, entry, seenEntryIds);
}

/** A plain value typed or chosen by a person. */
export function personEntry(stamp: Stamp, value: Entry['value'], unit: string | null): Entry {
	return {
		id: stamp.id,
		value,
		unit,
		asSent: null,
		samples: [],
		derivation: 'single',
		range: null,
		status: 'given',
		source: { kind: 'person' },
		by: stamp.by,
		at: stamp.at,
		suggestion: false
	};
}

/**
 * Chooses one of several values, or accepts a suggestion. The choice is a new entry with the chosen
 * one's value and source: if two people choose differently at once, both choices stand, where
 * deleting "the other one" on both sides would leave the field empty.
 * @returns false when the chosen entry is gone.
 */
export function resolveConflict(
	doc: Y.Doc,
	fieldId: string,
	chosenEntryId: string,
	stamp: Stamp,
	seenEntryIds: readonly string[]
): boolean {
	const chosen = openRoots(doc).fields.get(fieldKey(fieldId, chosenEntryId));
	if (!chosen) return false;
	setField(doc, fieldId, stamped(chosen, stamp), seenEntryIds);
	return true;
}

function stamped(entry: Entry, stamp: Stamp): Entry {
	return { ...entry, id: stamp.id, by: stamp.by, at: stamp.at, suggestion: false };
}

/** A sonographer's change after "sent to read"; the reader accepts or dismisses it. */
export function proposeField(doc: Y.Doc, fieldId: string, entry: Entry): void {
	edit(doc, () => openRoots(doc).proposals.set(fieldKey(fieldId, entry.id), entry));
}

/** Puts a proposed value into the field in the reader's name. False when it is gone. */
export function acceptProposal(
	doc: Y.Doc,
	fieldId: string,
	proposalId: string,
	stamp: Stamp,
	seenEntryIds: readonly string[]
): boolean {
	const { proposals } = openRoots(doc);
	const key = fieldKey(fieldId, proposalId);
	const proposal = proposals.get(key);
	if (!proposal) return false;
	edit(doc, () => {
		setField(doc, fieldId, stamped(proposal, stamp), seenEntryIds);
		proposals.delete(key);
	});
	return true;
}

export function dismissProposal(doc: Y.Doc, fieldId: string, proposalId: string): void {
	edit(doc, () => openRoots(doc).proposals.delete(fieldKey(fieldId, proposalId)));
}

/**
 * Adds what a machine sent. An entry that is or ever was in the document is left alone, so that a
 * study arriving twice changes nothing and a value that a person replaced does not come back. Where
 * a person, or an earlier object with another number, already answered, it becomes a suggestion.
 * @returns how many entries were added.
 */
export function addMachineEntries(
	doc: Y.Doc,
	incoming: Readonly<Record<string, readonly Entry[]>>
): number {
	const { fields } = openRoots(doc);
	const taken = takenFields(fields);
	let added = 0;
	edit(doc, () => {
		for (const fieldId of Object.keys(incoming).sort()) {
			const before = taken.get(fieldId) ?? [];
			for (const entry of incoming[fieldId] ?? []) {
				const key = fieldKey(fieldId, entry.id);
				if (everHeld(fields, key)) continue;
				const suggestion = entry.suggestion || mustSuggest(before, entry);
				if (!suggestion) fields.delete(fieldKey(fieldId, defaultEntryId));
				fields.set(key, { ...entry, by: null, suggestion });
				added += 1;
			}
		}
	});
	return added;
}

/** One a field, so that it is written once and never comes back when a person took it out. */
const defaultEntryId = 'default';

/**
 * Puts the worksheet's defaults into fields in which nothing stands or ever stood.
 * @param at ISO, UTC.
 * @returns how many.
 */
export function addDefaults(
	doc: Y.Doc,
	defaults: Readonly<Record<string, string | string[]>>,
	at: string
): number {
	const { fields } = openRoots(doc);
	const taken = takenFields(fields);
	const empty = Object.keys(defaults).filter((fieldId) => !taken.has(fieldId));
	edit(doc, () => {
		for (const fieldId of empty.sort()) {
			const value = defaults[fieldId] ?? null;
			const entry = personEntry({ id: defaultEntryId, by: '', at }, value, null);
			fields.set(fieldKey(fieldId, defaultEntryId), {
				...entry,
				source: { kind: 'default' },
				by: null
			});
		}
	});
	return empty.length;
}

function takenFields(fields: Y.Map<Entry>): Map<string, Held[]> {
	const taken = new Map<string, Held[]>();
	// `_map` also holds what was deleted: a field that a person emptied is answered too.
	for (const [key, item] of fields._map) {
		const parts = splitFieldKey(key);
		if (!parts) continue;
		const held = taken.get(parts.fieldId) ?? [];
		held.push(item.deleted ? 'gone' : (fields.get(key) as Entry));
		taken.set(parts.fieldId, held);
	}
	return taken;
}
type Held = Entry | 'gone';

/** Machine entries of one arrival stand side by side; what stood there before them is not overruled. */
function mustSuggest(before: readonly Held[], entry: Entry): boolean {
	return before.some(
		(held) =>
			held === 'gone' ||
			held.by !== null ||
			(!held.suggestion && held.source.kind !== 'default' && origin(held) !== origin(entry))
	);
}

/** The object a value came from. */
function origin(entry: Entry): string | null {
	const source: EntrySource = entry.source;
	return 'sopInstanceUid' in source ? source.sopInstanceUid : null;
}

function everHeld(map: Y.Map<Entry>, key: string): boolean {
	return map._map.has(key);
}
