import type * as Y from 'yjs';
import {
	edit,
	keyImageId,
	keyImageKey,
	openRoots,
	splitStatementKey,
	statementKey,
	type OrderedKeyImage,
	type StatementDecision,
	type TextName
} from './report-doc.ts';

export interface HeldDecision extends StatementDecision {
	entryId: string;
}

/** Decisions by statement, oldest first; more than one: two decided without having seen each other. */
export function readDecisions(doc: Y.Doc): Readonly<Record<string, readonly HeldDecision[]>> {
	const out = new Map<string, HeldDecision[]>();
	for (const [key, value] of openRoots(doc).interpretation.entries()) {
		const parts = splitStatementKey(key);
		if (!parts || !('decision' in value)) continue;
		const held = out.get(parts.statementId) ?? [];
		held.push({ ...value, entryId: parts.entryId });
		out.set(parts.statementId, held);
	}
	for (const held of out.values()) {
		held.sort((a, b) => (a.at === b.at ? (a.entryId < b.entryId ? -1 : 1) : a.at < b.at ? -1 : 1));
	}
	return Object.fromEntries([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Decides about one sentence; the decisions seen are replaced, an unseen one stays beside it. */
export function decideStatement(
	doc: Y.Doc,
	statementId: string,
	entryId: string,
	decision: StatementDecision,
	seenEntryIds: readonly string[]
): void {
	edit(doc, () => {
		withdraw(doc, statementId, seenEntryIds);
		openRoots(doc).interpretation.set(statementKey(statementId, entryId), decision);
	});
}

/** Back to what the rules propose. */
export function withdrawDecision(
	doc: Y.Doc,
	statementId: string,
	seenEntryIds: readonly string[]
): void {
	edit(doc, () => withdraw(doc, statementId, seenEntryIds));
}

function withdraw(doc: Y.Doc, statementId: string, seen: readonly string[]): void {
	const { interpretation } = openRoots(doc);
	for (const id of seen) {
		const key = statementKey(statementId, id);
		if (interpretation.has(key)) interpretation.delete(key);
	}
}

export interface HeldKeyImage extends OrderedKeyImage {
	id: string;
}

export function readKeyImages(doc: Y.Doc): HeldKeyImage[] {
	const out: HeldKeyImage[] = [];
	for (const [key, value] of openRoots(doc).interpretation.entries()) {
		const id = keyImageId(key);
		if (id !== null && 'sopInstanceUid' in value) out.push({ ...value, id });
	}
	return out.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}

/** Adds a key image, or changes its caption or place. */
export function setKeyImage(doc: Y.Doc, id: string, image: OrderedKeyImage): void {
	edit(doc, () => openRoots(doc).interpretation.set(keyImageKey(id), image));
}

export function removeKeyImage(doc: Y.Doc, id: string): void {
	edit(doc, () => openRoots(doc).interpretation.delete(keyImageKey(id)));
}

export function readText(doc: Y.Doc, name: TextName): string {
	return doc.getText(name).toString();
}

/**
 * Makes a shared text say `next` by replacing only what differs between its ends, so that what
 * somebody else types elsewhere in it survives. For a text field that knows its whole new value.
 */
export function editText(doc: Y.Doc, name: TextName, next: string): void {
	const text = doc.getText(name);
	const before = text.toString();
	if (before === next) return;
	let start = 0;
	const shorter = Math.min(before.length, next.length);
	while (start < shorter && before[start] === next[start]) start += 1;
	let end = 0;
	while (end < shorter - start && before[before.length - 1 - end] === next[next.length - 1 - end]) {
		end += 1;
	}
	// Never between the halves of one character.
	if (start > 0 && isHighSurrogate(before, start - 1)) start -= 1;
	if (end > 0 && isLowSurrogate(before, before.length - end)) end -= 1;
	edit(doc, () => {
		text.delete(start, before.length - start - end);
		text.insert(start, next.slice(start, next.length - end));
	});
}

function isHighSurrogate(text: string, at: number): boolean {
	return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

function isLowSurrogate(text: string, at: number): boolean {
	return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
