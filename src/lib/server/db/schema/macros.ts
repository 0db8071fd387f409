import { index, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import type { MacroId, PracticeId, PresetId, ReadingGroupId, UserId } from '$lib/ids.ts';
import type { PresetContent } from '$lib/report/preset.ts';
import { at } from './columns.ts';
import { users } from './people.ts';
import { practices } from './practices.ts';

/** People who read together: the echo readers, the vascular laboratory. */
export const readingGroups = pgTable(
	'reading_groups',
	{
		id: text('id').$type<ReadingGroupId>().primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		name: text('name').notNull(),
		createdAt: at('created_at').notNull()
	},
	(t) => [unique('reading_groups_name').on(t.practiceId, t.name)]
);

export const readingGroupMembers = pgTable(
	'reading_group_members',
	{
		groupId: text('group_id')
			.$type<ReadingGroupId>()
			.notNull()
			.references(() => readingGroups.id, { onDelete: 'cascade' }),
		userId: text('user_id')
			.$type<UserId>()
			.notNull()
			.references(() => users.id)
	},
	(t) => [
		primaryKey({ columns: [t.groupId, t.userId] }),
		index('reading_group_members_user').on(t.userId)
	]
);

/** `userId` for a person's own, `groupId` for a reading group's, neither for the practice's. */
const owned = () => ({
	practiceId: text('practice_id')
		.$type<PracticeId>()
		.notNull()
		.references(() => practices.id),
	userId: text('user_id')
		.$type<UserId>()
		.references(() => users.id),
	groupId: text('group_id')
		.$type<ReadingGroupId>()
		.references(() => readingGroups.id),
	changedBy: text('changed_by')
		.$type<UserId>()
		.notNull()
		.references(() => users.id),
	changedAt: at('changed_at').notNull()
});

export const macros = pgTable(
	'macros',
	{
		id: text('id').$type<MacroId>().primaryKey(),
		...owned(),
		/** Lower case, without the dot that is typed before it. */
		abbreviation: text('abbreviation').notNull(),
		title: text('title').notNull(),
		/** With its slots: see `report/macro.ts`. */
		body: text('body').notNull()
	},
	(t) => [
		unique('macros_abbreviation')
			.on(t.practiceId, t.userId, t.groupId, t.abbreviation)
			.nullsNotDistinct()
	]
);

export const presets = pgTable(
	'presets',
	{
		id: text('id').$type<PresetId>().primaryKey(),
		...owned(),
		worksheetId: text('worksheet_id').notNull(),
		title: text('title').notNull(),
		/** Parsed by `presetContentSchema` on every read. */
		content: jsonb('content').$type<PresetContent>().notNull()
	},
	(t) => [
		unique('presets_title')
			.on(t.practiceId, t.userId, t.groupId, t.worksheetId, t.title)
			.nullsNotDistinct()
	]
);
