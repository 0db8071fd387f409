import { z } from 'zod';
import {
	annotationTools,
	keyImageId,
	splitFieldKey,
	splitStatementKey,
	type Annotation,
	type Comment,
	type DocumentRoot,
	type OrderedKeyImage,
	type StatementDecision
} from './report-doc.ts';
import type { Entry, EntrySource } from '../worksheet/entry.ts';
import { isUid } from '../ids.ts';

/** Shapes of what may stand in the live document. Unknown keys are refused (B6). */

const instant = z
	.string()
	.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/)
	.refine((text) => !Number.isNaN(Date.parse(text)));
/** Measurement ids, and `section.name` for texts. */
const fieldId = z
	.string()
	.regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/)
	.max(120);
/** UUIDs, and what machine entries derive from SOP UID and content path. */
const entryId = z
	.string()
	.regex(/^[A-Za-z0-9][A-Za-z0-9._:#-]*$/)
	.max(200);
const uid = z.string().refine(isUid);
const unit = z.string().min(1).max(40);
const number = z.number().refine(Number.isFinite);
const shortText = z.string().max(500);
const longText = z.string().max(10_000);
const point = z.tuple([number, number]);
const frame = z.number().int().min(1).max(1_000_000);
const personId = z.string().min(1).max(100);

const carriedFrom = {
	studyUid: uid,
	date: z.iso.date(),
	confirmed: z.boolean()
};

const source: z.ZodType<EntrySource> = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('sr'),
		studyUid: uid,
		sopInstanceUid: uid,
		contentPath: z
			.string()
			.regex(/^\d+(?:\.\d+)*$/)
			.max(200),
		calculated: z.boolean(),
		rule: z.string().max(200),
		unconfirmed: z.literal(true).optional(),
		image: z
			.strictObject({
				sopInstanceUid: uid,
				frame: frame.nullable(),
				points: z.array(point).max(2000)
			})
			.nullable()
	}),
	z.strictObject({ kind: z.literal('dicom'), sopInstanceUid: uid, tag: z.string().max(100) }),
	z.strictObject({
		kind: z.literal('caliper'),
		annotationId: entryId,
		sopInstanceUid: uid,
		frame,
		also: z.array(entryId).max(10).optional()
	}),
	z.strictObject({ kind: z.literal('prior'), ...carriedFrom }),
	z.strictObject({ kind: z.literal('default') }),
	z.strictObject({ kind: z.literal('person') })
]);

const entry: z.ZodType<Entry> = z
	.strictObject({
		id: entryId,
		value: z.union([number, longText, z.array(shortText).max(100), z.null()]),
		unit: unit.nullable(),
		asSent: z.strictObject({ value: number, unit: z.string().max(40) }).nullable(),
		samples: z.array(z.strictObject({ value: number, selected: z.boolean(), source })).max(50),
		derivation: z.enum(['mean', 'single', 'last', 'visual']),
		range: z.strictObject({ low: number, high: number }).nullable(),
		status: z.enum(['given', 'not_well_seen']),
		source,
		by: personId.nullable(),
		at: instant,
		suggestion: z.boolean()
	})
	.refine((e) => (e.status === 'not_well_seen') === (e.value === null), 'null is "not well seen"')
	.refine(
		(e) => e.source.kind !== 'prior' || typeof e.value !== 'number',
		'no number is carried from an earlier study'
	)
	.refine((e) => e.source.kind !== 'default' || e.by === null, 'a default is nobody’s answer')
	.refine((e) => e.range === null || e.range.low <= e.range.high, 'range is ordered');

const decision: z.ZodType<StatementDecision> = z.strictObject({
	decision: z.enum(['include', 'exclude', 'edit', 'own']),
	text: longText.nullable(),
	section: z.string().max(120),
	oneClickNormal: z.boolean(),
	preset: z.string().min(1).max(80).optional(),
	carried: z.strictObject(carriedFrom).optional(),
	by: personId,
	at: instant
});

const keyImage: z.ZodType<OrderedKeyImage> = z.strictObject({
	studyUid: uid,
	seriesUid: uid,
	sopInstanceUid: uid,
	sopClassUid: uid,
	frame: frame.nullable(),
	caption: shortText,
	order: number,
	by: personId,
	at: instant
});

const annotation: z.ZodType<Annotation> = z.strictObject({
	id: entryId,
	tool: z.enum(annotationTools),
	studyUid: uid,
	seriesUid: uid,
	sopInstanceUid: uid,
	frame,
	points: z.array(point).min(1).max(5000),
	region: z.number().int().min(0).max(1000).nullable(),
	value: number.nullable(),
	unit: unit.nullable(),
	label: shortText,
	field: fieldId.nullable(),
	by: personId,
	at: instant
});

const comment: z.ZodType<Comment> = z.strictObject({
	id: entryId,
	field: fieldId.nullable(),
	text: longText,
	by: personId,
	at: instant,
	resolved: z.strictObject({ by: personId, at: instant }).nullable()
});

export type DocumentValue = Entry | StatementDecision | OrderedKeyImage | Annotation | Comment;

/**
 * Judges what stands under a key of a map root.
 * @returns the value with its type, or null: key or value is none that the document may hold.
 */
export function parseDocumentValue(
	root: DocumentRoot,
	key: string,
	value: unknown
): DocumentValue | null {
	if (!isPlain(value, 8)) return null;
	switch (root) {
		case 'fields':
		case 'proposals': {
			const parts = splitFieldKey(key);
			if (!parts || !isFieldId(parts.fieldId)) return null;
			return parsed(entry, value, (e) => e.id === parts.entryId);
		}
		case 'interpretation': {
			const image = keyImageId(key);
			if (image !== null) return isEntryId(image) ? parsed(keyImage, value, () => true) : null;
			const parts = splitStatementKey(key);
			if (!parts || !isEntryId(parts.statementId) || !isEntryId(parts.entryId)) return null;
			return parsed(decision, value, () => true);
		}
		case 'annotations':
			return parsed(annotation, value, (a) => a.id === key);
		case 'comments':
			return parsed(comment, value, (c) => c.id === key);
	}
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, fits: (value: T) => boolean): T | null {
	const result = schema.safeParse(value);
	return result.success && fits(result.data) ? result.data : null;
}

const refusedNames = new Set(['__proto__', 'constructor', 'prototype']);

function isFieldId(id: string): boolean {
	return fieldId.safeParse(id).success && !id.split('.').some((part) => refusedNames.has(part));
}

function isEntryId(id: string): boolean {
	return entryId.safeParse(id).success && !refusedNames.has(id);
}

/**
 * Only what JSON can say, and with the prototypes that JSON gives: a decoder that assigns a key
 * `__proto__` leaves an object whose prototype is somebody else's.
 */
function isPlain(value: unknown, depth: number): boolean {
	if (depth < 0) return false;
	if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
	if (typeof value !== 'object') return false;
	if (Array.isArray(value)) return value.every((item) => isPlain(item, depth - 1));
	if (Object.getPrototypeOf(value) !== Object.prototype) return false;
	return Object.entries(value).every(
		([key, item]) => !refusedNames.has(key) && isPlain(item, depth - 1)
	);
}
