import { jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ArchiveId, DestinationId, PracticeId, UserId } from '$lib/ids.ts';
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
		/** What people call it: "Room 2, left". */
		name: text('name').notNull().default(''),
		/** Only from this address, when set. */
		address: text('address'),
		/** Refused at the door from then on; its studies stay. */
		disabledAt: at('disabled_at'),
		/** When it last opened a connection that was accepted. */
		lastHeardAt: at('last_heard_at'),
		createdAt: at('created_at').notNull()
	},
	(t) => [uniqueIndex('modalities_ae_title').on(t.aeTitle)]
);

/** Another archive to which signed reports are sent by STOW-RS, beside the study's own. */
export const destinations = pgTable(
	'destinations',
	{
		id: text('id').$type<DestinationId>().primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		name: text('name').notNull(),
		/** The DICOMweb root, `https://pacs.example/dicom-web`; without a slash at its end. */
		url: text('url').notNull(),
		/** The Authorization header, sealed by `secrets/seal.ts`; null: none is sent. */
		credential: text('credential'),
		disabledAt: at('disabled_at'),
		createdAt: at('created_at').notNull()
	},
	(t) => [uniqueIndex('destinations_name').on(t.practiceId, t.name)]
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
