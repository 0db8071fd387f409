import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { PracticeId } from '$lib/ids.ts';
import { at } from './columns.ts';

/**
 * Append-only by trigger. Sequence per practice without gaps; `hash` is a keyed hash over the event
 * and the hash before it, so that change, removal, insertion and reordering show (M4).
 */
export const auditEvents = pgTable(
	'audit_events',
	{
		practiceId: text('practice_id').$type<PracticeId>().notNull(),
		sequence: integer('sequence').notNull(),
		at: at('at').notNull(),
		/** `user:…`, `grant:…`, `token:…`, `modality:…`, `job:…`, `nobody`. */
		actor: text('actor').notNull(),
		roles: text('roles').array().notNull(),
		action: text('action').notNull(),
		/** DICOM audit event id (PS3.15 A.5), where there is one. */
		dicomCode: text('dicom_code'),
		/** `study:…`, `report:…`, `version:…`, `grant:…`, `patient:…`, `user:…`. */
		object: text('object'),
		outcome: text('outcome', { enum: ['success', 'refused', 'failure'] }).notNull(),
		address: text('address').notNull().default(''),
		device: text('device').notNull().default(''),
		/** Ids and reasons; never a name or a value of a patient. */
		detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
		previousHash: text('previous_hash').notNull(),
		hash: text('hash').notNull()
	},
	(t) => [primaryKey({ columns: [t.practiceId, t.sequence] })]
);

/** The end of each practice's chain; locked while an event is appended. */
export const auditHeads = pgTable('audit_heads', {
	practiceId: text('practice_id').$type<PracticeId>().primaryKey(),
	sequence: integer('sequence').notNull(),
	hash: text('hash').notNull()
});
