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

export function rightOfRoot(rootName: string): DocumentRoot | null {
	const head = rootName.split('/', 1)[0];
	return documentRoots.find((root) => root === head) ?? null;
}

/** A reader's decision about a proposed sentence, or a sentence of their own. */
export interface StatementDecision {
	decision: 'include' | 'exclude' | 'edit' | 'own';
	/** For `edit` and `own`. */
	text: string | null;
	section: string;
	/** Asserted by one-click normal: stays marked until signing. */
	oneClickNormal: boolean;
	by: string;
	at: string;
}

/** A caliper, trace, arrow or text on a frame. Points are image pixels, never screen or patient space. */
export interface Annotation {
	id: string;
	tool: 'length' | 'ellipse' | 'area' | 'angle' | 'trace' | 'velocity' | 'm-mode' | 'arrow' | 'text';
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
	/** UCUM: cm, s, cm/s; `{pixels}` when uncalibrated. */
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
	resolved: boolean;
}
