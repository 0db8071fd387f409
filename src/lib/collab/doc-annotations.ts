import type * as Y from 'yjs';
import { edit, openRoots, type Annotation, type Comment } from './report-doc.ts';

/** All calipers, traces, arrows and texts, oldest first. */
export function readAnnotations(doc: Y.Doc): Annotation[] {
	return oldestFirst([...openRoots(doc).annotations.values()]);
}

/** Draws an annotation, or redraws it whole: the last writer of one annotation wins. */
export function setAnnotation(doc: Y.Doc, annotation: Annotation): void {
	edit(doc, () => openRoots(doc).annotations.set(annotation.id, annotation));
}

/** Changes some of an annotation in the name of who does it. False when it is gone. */
export function updateAnnotation(
	doc: Y.Doc,
	id: string,
	change: Partial<Omit<Annotation, 'id'>> & Pick<Annotation, 'by' | 'at'>
): boolean {
	const { annotations } = openRoots(doc);
	const before = annotations.get(id);
	if (!before) return false;
	edit(doc, () => annotations.set(id, { ...before, ...change }));
	return true;
}

export function deleteAnnotation(doc: Y.Doc, id: string): void {
	edit(doc, () => openRoots(doc).annotations.delete(id));
}

/** What people say to each other about the report; never printed. */
export function readComments(doc: Y.Doc): Comment[] {
	return oldestFirst([...openRoots(doc).comments.values()]);
}

export function setComment(doc: Y.Doc, comment: Comment): void {
	edit(doc, () => openRoots(doc).comments.set(comment.id, comment));
}

/** Marks a comment as settled, in the name of who settles it. False when it is gone. */
export function resolveComment(doc: Y.Doc, id: string, by: string, at: string): boolean {
	const { comments } = openRoots(doc);
	const before = comments.get(id);
	if (!before) return false;
	edit(doc, () => comments.set(id, { ...before, resolved: { by, at } }));
	return true;
}

function oldestFirst<T extends { id: string; at: string }>(things: T[]): T[] {
	return things.sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}
