import { bigserial, boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import type { PracticeId, ReportId, UserId, VersionId } from '$lib/ids.ts';
import { communicationWays } from '$lib/report/critical.ts';
import { at } from './columns.ts';
import { users } from './people.ts';
import { practices } from './practices.ts';
import { reports, reportVersions } from './reports.ts';

/** Who was told of a critical result after it was signed, beside the version. Append-only by trigger. */
export const criticalCommunications = pgTable(
	'critical_communications',
	{
		id: text('id').primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		reportId: text('report_id')
			.$type<ReportId>()
			.notNull()
			.references(() => reports.id),
		/** The version that stood when it was recorded. */
		versionId: text('version_id')
			.$type<VersionId>()
			.notNull()
			.references(() => reportVersions.id),
		told: text('told').notNull(),
		toldAt: at('told_at').notNull(),
		how: text('how', { enum: communicationWays }).notNull(),
		readBack: boolean('read_back').notNull(),
		recordedBy: text('recorded_by')
			.$type<UserId>()
			.notNull()
			.references(() => users.id),
		/** As it was when it was recorded. */
		recordedName: text('recorded_name').notNull(),
		recordedAt: at('recorded_at').notNull(),
		/** In the order of recording: two may share a millisecond. */
		position: bigserial('position', { mode: 'number' }).notNull()
	},
	(t) => [index('critical_communications_report').on(t.reportId)]
);
