import { jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ArchiveId, PracticeId, UserId } from '$lib/ids.ts';
import type { PracticeSettings } from '$lib/report/practice-settings.ts';
import { at } from './columns.ts';

/** The tenant. `settings` is parsed by `practiceSettingsSchema` on every read. */
export const practices = pgTable('practices', {
	id: text('id').$type<PracticeId>().primaryKey(),
	name: text('name').notNull(),
	/** IANA zone: in it times are shown, printed and clocked. */
	timeZone: text('time_zone').notNull().default('UTC'),
	settings: jsonb('settings').$type<PracticeSettings>().notNull(),
	createdAt: at('created_at').notNull()
});

/** An archive bound to one practice. Images have no tenant; access does. */
export const archives = pgTable('archives', {
	id: text('id').$type<ArchiveId>().primaryKey(),
	practiceId: text('practice_id')
		.$type<PracticeId>()
		.notNull()
		.references(() => practices.id),
	name: text('name').notNull(),
	kind: text('kind', { enum: ['embedded', 'dicomweb'] }).notNull(),
	/** Zone assumed for DICOM times without (0008,0201). */
	timeZone: text('time_zone').notNull().default('UTC'),
	createdAt: at('created_at').notNull()
});

/** A machine that may store (AE allow list). */
export const modalities = pgTable(
	'modalities',
	{
		id: text('id').primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		archiveId: text('archive_id')
			.$type<ArchiveId>()
			.notNull()
			.references(() => archives.id),
		aeTitle: text('ae_title').notNull(),
		/** Only from this address, when set. */
		address: text('address'),
		createdAt: at('created_at').notNull()
	},
	(t) => [uniqueIndex('modalities_ae_title').on(t.aeTitle)]
);

/** A filter of the work list that a person kept. */
export const savedViews = pgTable(
	'saved_views',
	{
		userId: text('user_id').$type<UserId>().notNull(),
		practiceId: text('practice_id').$type<PracticeId>().notNull(),
		name: text('name').notNull(),
		filter: jsonb('filter').$type<Record<string, unknown>>().notNull(),
		createdAt: at('created_at').notNull()
	},
	(t) => [primaryKey({ columns: [t.userId, t.practiceId, t.name] })]
);
