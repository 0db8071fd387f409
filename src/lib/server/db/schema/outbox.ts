import { bigserial, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { PracticeId, UserId, VersionId } from '$lib/ids.ts';
import { at } from './columns.ts';
import { reportVersions } from './reports.ts';

export const exportKinds = ['dicom-sr', 'encapsulated-pdf'] as const;
export type ExportKind = (typeof exportKinds)[number];

/** A version on its way to somewhere. Written in the signing transaction, worked by any process. */
export const outbox = pgTable(
	'outbox',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		practiceId: text('practice_id').$type<PracticeId>().notNull(),
		versionId: text('version_id')
			.$type<VersionId>()
			.notNull()
			.references(() => reportVersions.id),
		kind: text('kind', { enum: exportKinds }).notNull(),
		/** The id of the study's archive, or of one of the practice's destinations. */
		destination: text('destination').notNull(),
		/** Jobs act for the actor who asked (B8). */
		askedBy: text('asked_by').$type<UserId>().notNull(),
		state: text('state', { enum: ['pending', 'done', 'dead'] })
			.notNull()
			.default('pending'),
		attempts: integer('attempts').notNull().default(0),
		nextAt: at('next_at').notNull(),
		lockedUntil: at('locked_until'),
		lastError: text('last_error'),
		createdAt: at('created_at').notNull(),
		doneAt: at('done_at')
	},
	(t) => [
		uniqueIndex('outbox_once').on(t.versionId, t.kind, t.destination),
		index('outbox_due').on(t.state, t.nextAt)
	]
);
