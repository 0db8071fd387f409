import {
	bigint,
	bigserial,
	boolean,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	uniqueIndex
} from 'drizzle-orm/pg-core';
import type { PatientId, PracticeId, ReportId, StudyId, UserId, VersionId } from '$lib/ids.ts';
import { reportStates, signatureMeanings, versionKinds } from '$lib/report/states.ts';
import type { VersionContent, ExportUids } from '$lib/report/version.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Editions } from '$lib/worksheet/editions.ts';
import { at, bytea } from './columns.ts';
import { patients } from './patients.ts';
import { practices } from './practices.ts';
import { practiceStudies } from './studies.ts';
import { users } from './people.ts';

/** A worksheet as it was when a report used it, by the hash of its content. Never changed. */
export const resolvedWorksheets = pgTable('resolved_worksheets', {
	hash: text('hash').primaryKey(),
	worksheetId: text('worksheet_id').notNull(),
	version: text('version').notNull(),
	content: jsonb('content').$type<ResolvedWorksheet>().notNull(),
	createdAt: at('created_at').notNull()
});

export const reports = pgTable(
	'reports',
	{
		id: text('id').$type<ReportId>().primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		patientId: text('patient_id')
			.$type<PatientId>()
			.notNull()
			.references(() => patients.id),
		worksheetHash: text('worksheet_hash')
			.notNull()
			.references(() => resolvedWorksheets.hash),
		/** Editions of guidelines that it is read by, whatever the practice chooses later. */
		editions: jsonb('editions').$type<Partial<Editions>>().notNull().default({}),
		language: text('language').notNull().default('en'),
		state: text('state', { enum: reportStates }).notNull(),
		/** Generation of the live document; a client that holds another is stopped (K10). */
		generation: integer('generation').notNull().default(1),
		/** A critical result is marked in the document, and its communication is not complete. */
		criticalOpen: boolean('critical_open').notNull().default(false),
		currentVersionId: text('current_version_id').$type<VersionId>(),
		createdBy: text('created_by').$type<UserId>(),
		createdAt: at('created_at').notNull(),
		sentToReadAt: at('sent_to_read_at'),
		sentToReadBy: text('sent_to_read_by').$type<UserId>(),
		finalAt: at('final_at')
	},
	(t) => [index('reports_practice_state').on(t.practiceId, t.state)]
);

/** A report has 1..n studies; a study has 0..n reports. `position` 0 is the one it is filed under. */
export const reportStudies = pgTable(
	'report_studies',
	{
		reportId: text('report_id')
			.$type<ReportId>()
			.notNull()
			.references(() => reports.id),
		studyId: text('study_id')
			.$type<StudyId>()
			.notNull()
			.references(() => practiceStudies.id),
		position: integer('position').notNull().default(0)
	},
	(t) => [
		primaryKey({ columns: [t.reportId, t.studyId] }),
		index('report_studies_study').on(t.studyId)
	]
);

/** Every accepted update of a live document, in the order the database gave. */
export const documentUpdates = pgTable(
	'document_updates',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		reportId: text('report_id')
			.$type<ReportId>()
			.notNull()
			.references(() => reports.id),
		generation: integer('generation').notNull(),
		update: bytea('update').notNull(),
		/** Null for what the server itself wrote (machine entries). */
		userId: text('user_id').$type<UserId>(),
		at: at('at').notNull()
	},
	(t) => [index('document_updates_report').on(t.reportId, t.generation, t.id)]
);

/** An optimisation over `document_updates`: everything up to and including `uptoId`. */
export const documentSnapshots = pgTable(
	'document_snapshots',
	{
		reportId: text('report_id').$type<ReportId>().notNull(),
		generation: integer('generation').notNull(),
		snapshot: bytea('snapshot').notNull(),
		uptoId: bigint('upto_id', { mode: 'number' }).notNull(),
		at: at('at').notNull()
	},
	(t) => [primaryKey({ columns: [t.reportId, t.generation] })]
);

/** Which Yjs client ids a user owns in a document (K5). */
export const documentClients = pgTable(
	'document_clients',
	{
		reportId: text('report_id').$type<ReportId>().notNull(),
		generation: integer('generation').notNull(),
		clientId: bigint('client_id', { mode: 'number' }).notNull(),
		userId: text('user_id').$type<UserId>().notNull(),
		at: at('at').notNull()
	},
	(t) => [primaryKey({ columns: [t.reportId, t.generation, t.clientId] })]
);

/** Who set what when; Yjs forgets, this does not. */
export const fieldHistory = pgTable(
	'field_history',
	{
		id: bigserial('id', { mode: 'number' }).primaryKey(),
		reportId: text('report_id')
			.$type<ReportId>()
			.notNull()
			.references(() => reports.id),
		root: text('root').notNull(),
		key: text('key').notNull(),
		action: text('action', { enum: ['add', 'delete', 'change'] }).notNull(),
		value: jsonb('value').$type<unknown>(),
		by: text('by').$type<UserId>(),
		at: at('at').notNull()
	},
	(t) => [index('field_history_report').on(t.reportId, t.key, t.id)]
);

/** Edits that came after signing: proposed addenda (L7). */
export const lateEdits = pgTable('late_edits', {
	id: text('id').primaryKey(),
	reportId: text('report_id').$type<ReportId>().notNull(),
	userId: text('user_id').$type<UserId>().notNull(),
	update: bytea('update').notNull(),
	at: at('at').notNull(),
	resolvedAt: at('resolved_at')
});

/** A frozen state with everything that was printed. Append-only by trigger. */
export const reportVersions = pgTable(
	'report_versions',
	{
		id: text('id').$type<VersionId>().primaryKey(),
		reportId: text('report_id')
			.$type<ReportId>()
			.notNull()
			.references(() => reports.id),
		practiceId: text('practice_id').$type<PracticeId>().notNull(),
		number: integer('number').notNull(),
		kind: text('kind', { enum: versionKinds }).notNull(),
		predecessorId: text('predecessor_id').$type<VersionId>(),
		reason: text('reason').notNull().default(''),
		content: jsonb('content').$type<VersionContent>().notNull(),
		/** SHA-256 of the canonical JSON of `content`, hex. */
		contentHash: text('content_hash').notNull(),
		pdf: bytea('pdf').notNull(),
		pdfHash: text('pdf_hash').notNull(),
		/** Minted in the signing transaction, so that an export made twice is one object. */
		exportUids: jsonb('export_uids').$type<ExportUids>().notNull(),
		createdAt: at('created_at').notNull()
	},
	(t) => [uniqueIndex('report_versions_number').on(t.reportId, t.number)]
);

/** Append-only by trigger. */
export const signatures = pgTable('signatures', {
	id: text('id').primaryKey(),
	versionId: text('version_id')
		.$type<VersionId>()
		.notNull()
		.references(() => reportVersions.id),
	userId: text('user_id')
		.$type<UserId>()
		.notNull()
		.references(() => users.id),
	printedName: text('printed_name').notNull(),
	credentials: text('credentials').notNull(),
	meaning: text('meaning', { enum: signatureMeanings }).notNull(),
	method: text('method', { enum: ['password', 'passkey'] }).notNull(),
	contentHash: text('content_hash').notNull(),
	at: at('at').notNull()
});

/** Client-side intent keys: a retried signing answers with the version it already made (L3). */
export const signingIntents = pgTable('signing_intents', {
	id: text('id').primaryKey(),
	reportId: text('report_id').$type<ReportId>().notNull(),
	userId: text('user_id').$type<UserId>().notNull(),
	versionId: text('version_id').$type<VersionId>().notNull(),
	at: at('at').notNull()
});
