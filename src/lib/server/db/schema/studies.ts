import {
	boolean,
	doublePrecision,
	index,
	integer,
	jsonb,
	pgTable,
	text,
	uniqueIndex
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type {
	ArchiveId,
	InstanceUid,
	OrderId,
	PatientId,
	PracticeId,
	SeriesUid,
	StudyId,
	StudyUid,
	UserId
} from '$lib/ids.ts';
import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import { at } from './columns.ts';
import { orders, patients } from './patients.ts';
import { archives, practices } from './practices.ts';

/**
 * A practice's right to a study, with what the lists need to know of it. Two practices may hold the
 * same StudyInstanceUID; each has its own row and sees only that one.
 */
export const practiceStudies = pgTable(
	'practice_studies',
	{
		id: text('id').$type<StudyId>().primaryKey(),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		archiveId: text('archive_id')
			.$type<ArchiveId>()
			.notNull()
			.references(() => archives.id),
		studyUid: text('study_uid').$type<StudyUid>().notNull(),
		patientId: text('patient_id')
			.$type<PatientId>()
			.notNull()
			.references(() => patients.id),
		orderId: text('order_id')
			.$type<OrderId>()
			.references(() => orders.id),
		/** How it came: `stow`, `dimse`, `import`, `archive` (found by asking), `demo`. */
		origin: text('origin').notNull(),
		accession: text('accession').notNull().default(''),
		/** (0020,0010) Study ID: what the machine counted. */
		studyNumber: text('study_number').notNull().default(''),
		description: text('description').notNull().default(''),
		modalities: text('modalities').array().notNull(),
		/** Body Part Examined (0018,0015) of its series. */
		bodyParts: text('body_parts').array().notNull().default([]),
		/** Of what was requested and done, `scheme:value`. */
		procedureCodes: text('procedure_codes').array().notNull().default([]),
		/** When the study was made; null when the object says nothing usable. */
		studyAt: at('study_at'),
		/** True when the object had no (0008,0201) and the archive's zone was taken. */
		studyAtAssumed: boolean('study_at_assumed').notNull().default(false),
		institution: text('institution').notNull().default(''),
		referrer: text('referrer').notNull().default(''),
		/** (0008,1070) Operators' Name. */
		sonographer: text('sonographer').notNull().default(''),
		heightCm: doublePrecision('height_cm'),
		weightKg: doublePrecision('weight_kg'),
		instanceCount: integer('instance_count').notNull().default(0),
		seriesCount: integer('series_count').notNull().default(0),
		/** What an outside archive says it holds; null when nobody said. */
		expectedInstances: integer('expected_instances'),
		stat: boolean('stat').notNull().default(false),
		inpatient: boolean('inpatient').notNull().default(false),
		assignedTo: text('assigned_to').$type<UserId>(),
		firstInstanceAt: at('first_instance_at').notNull(),
		/** A study has arrived when it has been quiet for the practice's `quietSeconds`. */
		lastInstanceAt: at('last_instance_at').notNull(),
		/** Set once, when it went quiet for the first time: the clock starts here. */
		arrivedAt: at('arrived_at')
	},
	(t) => [
		uniqueIndex('practice_studies_uid').on(t.practiceId, t.archiveId, t.studyUid),
		/** The order of the work list: by the study's time, or without one by its arrival. */
		index('practice_studies_list').on(
			t.practiceId,
			sql`(coalesce(${t.studyAt}, ${t.firstInstanceAt}))`,
			t.id
		),
		index('practice_studies_arriving')
			.on(t.lastInstanceAt)
			.where(sql`arrived_at is null`),
		index('practice_studies_assigned').on(t.practiceId, t.assignedTo),
		index('practice_studies_study').on(t.studyUid),
		index('practice_studies_patient').on(t.practiceId, t.patientId)
	]
);

/** What is needed to lay out, filter and address an instance without asking the archive. */
export const studyInstances = pgTable(
	'study_instances',
	{
		id: text('id').primaryKey(),
		studyId: text('study_id')
			.$type<StudyId>()
			.notNull()
			.references(() => practiceStudies.id),
		seriesUid: text('series_uid').$type<SeriesUid>().notNull(),
		sopUid: text('sop_uid').$type<InstanceUid>().notNull(),
		sopClass: text('sop_class').notNull(),
		transferSyntax: text('transfer_syntax').notNull().default(''),
		modality: text('modality').notNull().default(''),
		seriesNumber: integer('series_number'),
		seriesDescription: text('series_description').notNull().default(''),
		instanceNumber: integer('instance_number'),
		frames: integer('frames').notNull().default(1),
		rows: integer('rows'),
		columns: integer('columns'),
		/** ms per frame, from FrameTime or the mean of the vector; null for stills. */
		frameTimeMs: doublePrecision('frame_time_ms'),
		/** View Name (0008,2127), or what View Code Sequence says. Used to find the prior's same view. */
		view: text('view').notNull().default(''),
		stage: text('stage').notNull().default(''),
		/** SHA-256 of the Part 10 file as the archive holds it. */
		contentHash: text('content_hash').notNull(),
		/** Made by us: never fills a field. */
		ownExport: boolean('own_export').notNull().default(false),
		receivedAt: at('received_at').notNull()
	},
	(t) => [uniqueIndex('study_instances_sop').on(t.studyId, t.sopUid)]
);

/** A structured report as read: normalised content items, never the file. */
export const srDocuments = pgTable(
	'sr_documents',
	{
		id: text('id').primaryKey(),
		studyId: text('study_id')
			.$type<StudyId>()
			.notNull()
			.references(() => practiceStudies.id),
		sopUid: text('sop_uid').$type<InstanceUid>().notNull(),
		contentHash: text('content_hash').notNull(),
		document: jsonb('document').$type<SrDocument>().notNull(),
		receivedAt: at('received_at').notNull()
	},
	(t) => [uniqueIndex('sr_documents_sop').on(t.studyId, t.sopUid, t.contentHash)]
);

/**
 * Written before objects are handed to an archive, deleted by the transaction that indexes them.
 * What is left here was cut off in between: the repair job indexes those studies from the archive.
 */
export const pendingArrivals = pgTable(
	'pending_arrivals',
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
		studyUid: text('study_uid').$type<StudyUid>().notNull(),
		origin: text('origin').notNull(),
		at: at('at').notNull()
	},
	(t) => [index('pending_arrivals_at').on(t.at)]
);
