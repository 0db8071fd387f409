import * as Y from 'yjs';
import type { KeyImage } from '../report/version.ts';
import type { CarriedFrom, Entry } from '../worksheet/entry.ts';

/**
 * The live report's keys. The only file that knows them.
 *
 * Roots are split by right (K6); the part before the first `/` of a root's name is what a role may
 * or may not edit:
 * - `fields`            Y.Map, flat: `fieldId/entryId` -> Entry (plain JSON). A write adds its entry
 *                       and deletes exactly the entries it had seen.
 * - `interpretation`    Y.Map, flat: `statement/<statementId>/<entryId>` -> StatementDecision,
 *                       `key-image/<id>` -> KeyImage & { order }
 * - `interpretation/conclusion`, `interpretation/comments`  Y.Text
 * - `annotations`       Y.Map: annotationId -> Annotation
 * - `proposals`         Y.Map: `fieldId/entryId` -> Entry (a sonographer's after "sent to read")
 * - `comments`          Y.Map: commentId -> Comment
 */
export const documentRoots = [
	'fields',
	'interpretation',
	'annotations',
	'proposals',
	'comments'
] as const;
export type DocumentRoot = (typeof documentRoots)[number];

export const conclusionText = 'interpretation/conclusion';
export const commentsText = 'interpretation/comments';
export const textNames = [conclusionText, commentsText] as const;
export type TextName = (typeof textNames)[number];

/** Whose right decides over a root; null for a root that does not exist. */
export function rightOfRoot(rootName: string): DocumentRoot | null {
	if (isTextName(rootName)) return 'interpretation';
	return documentRoots.find((root) => root === rootName) ?? null;
}

export function isTextName(rootName: string): rootName is TextName {
	return textNames.some((name) => name === rootName);
}

/** Every root with its shared type. Asking for them makes them, so that both ends agree on types. */
export function openRoots(doc: Y.Doc) {
	return {
		fields: doc.getMap<Entry>('fields'),
		interpretation: doc.getMap<StatementDecision | OrderedKeyImage>('interpretation'),
		annotations: doc.getMap<Annotation>('annotations'),
		proposals: doc.getMap<Entry>('proposals'),
		comments: doc.getMap<Comment>('comments'),
		conclusionText: doc.getText(conclusionText),
		commentsText: doc.getText(commentsText)
	};
}

/** Edits of the person at this end carry this origin: they are what "undo" undoes. */
export const localOrigin = 'local';

/** Runs a write as one step of undo and one message to the others. */
export function edit(doc: Y.Doc, write: () => void): void {
	doc.transact(write, localOrigin);
}

export const fieldKey = (fieldId: string, entryId: string): string => `${fieldId}/${entryId}`;

/** The two halves of a flat key; field ids hold no slash. Null for anything else. */
export function splitFieldKey(key: string): { fieldId: string; entryId: string } | null {
	const at = key.indexOf('/');
	if (at <= 0 || at === key.length - 1) return null;
	return { fieldId: key.slice(0, at), entryId: key.slice(at + 1) };
}

export const statementKey = (statementId: string, entryId: string): string =>
	`statement/${statementId}/${entryId}`;

export function splitStatementKey(key: string): { statementId: string; entryId: string } | null {
	const [head, statementId, entryId, ...rest] = key.split('/');
	if (head !== 'statement' || !statementId || !entryId || rest.length > 0) return null;
	return { statementId, entryId };
}

export const keyImageKey = (id: string): string => `key-image/${id}`;

export function keyImageId(key: string): string | null {
	return key.startsWith('key-image/') ? key.slice('key-image/'.length) : null;
}

/** A frame or loop chosen for the report; `order` sorts them, and need not be whole. */
export interface OrderedKeyImage extends KeyImage {
	order: number;
	by: string;
	at: string;
}

/** A reader's decision about a proposed sentence, or a sentence of their own. */
export interface StatementDecision {
	decision: 'include' | 'exclude' | 'edit' | 'own';
	/** For `edit` and `own`. */
	text: string | null;
	section: string;
	/** Asserted by one-click normal or by a preset: stays marked until signing. */
	oneClickNormal: boolean;
	/** The title of the preset that set it. */
	preset?: string;
	/** Carried from an earlier report; unconfirmed until a person says that it holds today. */
	carried?: Omit<CarriedFrom, 'kind'>;
	by: string;
	at: string;
}

/**
 * What an annotation can be. `discs` is a cavity: its long axis from the base to the apex, then its
 * outline; `trace` is the outline of a spectrum.
 */
export const annotationTools = [
	'length',
	'area',
	'ellipse',
	'angle',
	'discs',
	'velocity',
	'trace',
	'slope',
	'time',
	'm-mode',
	'arrow',
	'text'
] as const;

/** A caliper, trace, arrow or text on a frame. Points are image pixels, never screen or patient space. */
export interface Annotation {
	id: string;
	tool: (typeof annotationTools)[number];
	studyUid: string;
	seriesUid: string;
	sopInstanceUid: string;
	/** From 1. */
	frame: number;
	/** (column, row) from the top left corner of the top left pixel. */
	points: [number, number][];
	/** Index in Sequence of Ultrasound Regions; null when uncalibrated. */
	region: number | null;
	value: number | null;
	/** UCUM: cm, cm2, ml, s, cm/s …; `{pixels}` and `{square pixels}` when uncalibrated. */
	unit: string | null;
	label: string;
	/** The field it was put into. */
	field: string | null;
	by: string;
	at: string;
}

export interface Comment {
	id: string;
	field: string | null;
	text: string;
	by: string;
	at: string;
	/** By whom and when it was settled; null while open. */
	resolved: { by: string; at: string } | null;
}
