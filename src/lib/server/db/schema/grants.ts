import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { GrantScope, GrantSwitches } from '$lib/access/grant.ts';
import type { GrantId, PatientId, PracticeId, ReportId, UserId, VersionId } from '$lib/ids.ts';
import { at } from './columns.ts';
import { practices } from './practices.ts';
import { reports, reportVersions } from './reports.ts';

/** A share link: whom, what exactly, which switches, until when. */
export const grants = pgTable(
	'grants',
	{
		id: text('id').$type<GrantId>().primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		reportId: text('report_id')
			.$type<ReportId>()
			.notNull()
			.references(() => reports.id),
		versionId: text('version_id')
			.$type<VersionId>()
			.notNull()
			.references(() => reportVersions.id),
		/** Pinned: if study and patient no longer match this, the link pauses (C6). */
		patientId: text('patient_id').$type<PatientId>().notNull(),
		scope: jsonb('scope').$type<GrantScope>().notNull(),
		switches: jsonb('switches').$type<GrantSwitches>().notNull(),
		recipient: text('recipient').notNull(),
		message: text('message').notNull().default(''),
		/** How it came to be: `button`, `patient`, `cli`, `demo`. All are in one list (C7). */
		origin: text('origin').notNull(),
		/** SHA-256 of the secret in the fragment (C1). */
		secretHash: text('secret_hash').notNull(),
		/** argon2id; null when no passcode is asked. */
		passcodeHash: text('passcode_hash'),
		passcodeTries: integer('passcode_tries').notNull().default(0),
		expiresAt: at('expires_at').notNull(),
		maxOpenings: integer('max_openings'),
		openings: integer('openings').notNull().default(0),
		pausedAt: at('paused_at'),
		pausedReason: text('paused_reason'),
		revokedAt: at('revoked_at'),
		revokedBy: text('revoked_by').$type<UserId>(),
		createdBy: text('created_by').$type<UserId>().notNull(),
		createdAt: at('created_at').notNull()
	},
	(t) => [index('grants_report').on(t.reportId)]
);

/** A visitor's session, limited to one grant. `id` is SHA-256 of the cookie's secret. */
export const grantSessions = pgTable(
	'grant_sessions',
	{
		id: text('id').primaryKey(),
		grantId: text('grant_id')
			.$type<GrantId>()
			.notNull()
			.references(() => grants.id),
		lastActiveAt: at('last_active_at').notNull(),
		expiresAt: at('expires_at').notNull(),
		absoluteExpiresAt: at('absolute_expires_at').notNull(),
		address: text('address').notNull().default(''),
		device: text('device').notNull().default(''),
		openedAt: at('opened_at').notNull()
	},
	(t) => [index('grant_sessions_grant').on(t.grantId)]
);

/** By what decision a patient may see a version. */
export const releases = pgTable(
	'releases',
	{
		id: text('id').primaryKey(),
		practiceId: text('practice_id').$type<PracticeId>().notNull(),
		patientId: text('patient_id').$type<PatientId>().notNull(),
		reportId: text('report_id').$type<ReportId>().notNull(),
		versionId: text('version_id')
			.$type<VersionId>()
			.notNull()
			.references(() => reportVersions.id),
		/** Visible from this time on; null while held. */
		visibleFrom: at('visible_from'),
		held: boolean('held').notNull().default(false),
		reason: text('reason').notNull().default(''),
		by: text('by').$type<UserId>(),
		createdAt: at('created_at').notNull(),
		/** A later decision for the same version replaces this one. */
		supersededAt: at('superseded_at')
	},
	(t) => [
		index('releases_patient').on(t.practiceId, t.patientId),
		uniqueIndex('releases_id_version').on(t.id, t.versionId)
	]
);
