import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { PracticeId, UserId } from '$lib/ids.ts';
import { at } from './columns.ts';
import { users } from './people.ts';
import { practices } from './practices.ts';
import { resolvedWorksheets } from './reports.ts';

/**
 * What a practice published of its own, every step a row that is never changed: of each worksheet
 * the newest counts. Append-only by trigger.
 */
export const practiceWorksheets = pgTable(
	'practice_worksheets',
	{
		id: text('id').primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		worksheetId: text('worksheet_id').notNull(),
		/** Of its worksheet, from 1. */
		step: integer('step').notNull(),
		version: text('version').notNull(),
		/** YAML, as the author wrote it. */
		source: text('source').notNull(),
		worksheetHash: text('worksheet_hash')
			.notNull()
			.references(() => resolvedWorksheets.hash),
		/** `withdrawn`: from then on the library's own counts again, or none. */
		status: text('status', { enum: ['published', 'withdrawn'] }).notNull(),
		note: text('note').notNull().default(''),
		by: text('by')
			.$type<UserId>()
			.notNull()
			.references(() => users.id),
		at: at('at').notNull()
	},
	(t) => [
		uniqueIndex('practice_worksheets_step').on(t.practiceId, t.worksheetId, t.step),
		index('practice_worksheets_practice').on(t.practiceId)
	]
);
