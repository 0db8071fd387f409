import { and, count, countDistinct, eq, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { ArchiveId, PatientId, PracticeId, StudyId, StudyUid } from '$lib/ids.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { DomainError } from '$lib/errors.ts';
import type { Tx } from '../db/client.ts';
import {
	patientIdentifiers,
	patients,
	practiceStudies,
	srDocuments,
	studyInstances
} from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { isStructuredReport } from './documents.ts';
import { findOrAddPatient } from './find-patient.ts';
import { findOrAddOrder } from './match-order.ts';
import type { ArrivedObject } from './read-object.ts';
import { isSamePatient } from './same-patient.ts';

/** Where objects of one study lie and whose they are. */
export interface Filing {
	practiceId: PracticeId;
	archive: { id: ArchiveId; name: string };
	origin: string;
}

export interface IndexedObject extends ArrivedObject {
	dataset: DicomJson;
	/** SHA-256 of the file as the archive holds it. */
	contentHash: string;
	ownExport: boolean;
}

export interface IndexedStudy {
	studyId: StudyId;
	added: boolean;
	newInstances: number;
	newDocuments: number;
	patientAdded: PatientId | null;
}

/**
 * Files objects of one study in the index, inside the caller's transaction. What is there already
 * stays as it is, so that the same objects again change nothing.
 * @throws DomainError `conflict` when the study is filed under another patient.
 */
export async function indexObjects(
	tx: Tx,
	parts: Pick<Services, 'clock' | 'newId' | 'log'>,
	filing: Filing,
	objects: readonly IndexedObject[]
): Promise<IndexedStudy> {
	const [first] = objects;
	if (!first) throw new Error('Nothing to index.');
	const study = await lockStudy(tx, parts, filing, first);
	const now = parts.clock();
	const added = await tx
		.insert(studyInstances)
		.values(
			objects.map(({ instance, ...object }) => ({
				id: parts.newId(),
				studyId: study.id,
				seriesUid: object.seriesUid,
				sopUid: object.sopUid,
				sopClass: instance.sopClass,
				transferSyntax: instance.transferSyntax,
				modality: instance.modality,
				seriesNumber: instance.seriesNumber,
				seriesDescription: instance.seriesDescription,
				instanceNumber: instance.instanceNumber,
				frames: instance.frames,
				rows: instance.rows,
				columns: instance.columns,
				frameTimeMs: instance.frameTimeMs,
				view: instance.view,
				stage: instance.stage,
				contentHash: object.contentHash,
				ownExport: object.ownExport,
				receivedAt: now
			}))
		)
		.onConflictDoNothing()
		.returning({ sopUid: studyInstances.sopUid });
	const fresh = new Set<string>(added.map((row) => row.sopUid));
	const newDocuments = await addDocuments(
		tx,
		parts,
		study.id,
		objects.filter((o) => fresh.has(o.sopUid))
	);
	if (fresh.size) await updateStudy(tx, study.id, objects, now);
	return {
		studyId: study.id,
		added: study.added,
		newInstances: fresh.size,
		newDocuments,
		patientAdded: study.patientAdded
	};
}

interface LockedStudy {
	id: StudyId;
	added: boolean;
	patientAdded: PatientId | null;
}

/** The study's row, made if need be, locked until the transaction ends. */
async function lockStudy(
	tx: Tx,
	parts: Pick<Services, 'clock' | 'newId'>,
	filing: Filing,
	object: ArrivedObject
): Promise<LockedStudy> {
	const known = await findFiledStudy(tx, filing, object.studyUid, true);
	if (known) return { id: refuseOther(known, filing, object), added: false, patientAdded: null };

	const { practiceId, archive } = filing;
	const patient = await findOrAddPatient(tx, parts, practiceId, object.patient, archive.name);
	const order = await findOrAddOrder(tx, parts, practiceId, patient.id, object.study);
	const now = parts.clock();
	const { study } = object;
	const [made] = await tx
		.insert(practiceStudies)
		.values({
			id: parts.newId() as StudyId,
			practiceId,
			archiveId: archive.id,
			studyUid: object.studyUid,
			patientId: patient.id,
			orderId: order?.id ?? null,
			origin: filing.origin,
			accession: study.accession,
			studyNumber: study.studyNumber,
			description: study.description || study.procedure,
			modalities: [],
			studyAt: study.time.at,
			studyAtAssumed: study.time.assumed,
			institution: study.institution,
			referrer: study.referrer,
			sonographer: study.sonographer,
			heightCm: study.heightCm,
			weightKg: study.weightKg,
			stat: study.stat || (order?.stat ?? false),
			inpatient: order?.inpatient ?? false,
			firstInstanceAt: now,
			lastInstanceAt: now
		})
		.onConflictDoNothing()
		.returning({ id: practiceStudies.id });
	if (made) return { id: made.id, added: true, patientAdded: patient.added ? patient.id : null };

	// Another arrival made it between our look and our insert; it has committed by now.
	const theirs = await findFiledStudy(tx, filing, object.studyUid, true);
	if (!theirs) throw new Error('A study vanished while it was filed.');
	return { id: refuseOther(theirs, filing, object), added: false, patientAdded: null };
}

export interface FiledStudy {
	id: StudyId;
	patient: { name: string; birthDate: string | null };
	identifiers: { issuer: string; value: string }[];
}

/** How a study is filed in this practice; null when it is not. */
export async function findFiledStudy(
	tx: Tx,
	filing: Pick<Filing, 'practiceId' | 'archive'>,
	studyUid: StudyUid,
	lock: boolean
): Promise<FiledStudy | null> {
	const query = tx
		.select({
			id: practiceStudies.id,
			patientId: practiceStudies.patientId,
			name: patients.name,
			birthDate: patients.birthDate
		})
		.from(practiceStudies)
		.innerJoin(patients, eq(patients.id, practiceStudies.patientId))
		.where(
			and(
				eq(practiceStudies.practiceId, filing.practiceId),
				eq(practiceStudies.archiveId, filing.archive.id),
				eq(practiceStudies.studyUid, studyUid)
			)
		);
	const [row] = await (lock ? query.for('update', { of: practiceStudies }) : query);
	if (!row) return null;
	const identifiers = await tx
		.select({ issuer: patientIdentifiers.issuer, value: patientIdentifiers.value })
		.from(patientIdentifiers)
		.where(eq(patientIdentifiers.patientId, row.patientId));
	return { id: row.id, patient: { name: row.name, birthDate: row.birthDate }, identifiers };
}

export const otherPatient =
	'This study is already filed under another patient. Correct the Patient ID or the ' +
	'Study Instance UID on the sending machine and send it again.';

function refuseOther(filed: FiledStudy, filing: Filing, object: ArrivedObject): StudyId {
	const known = { ...filed.patient, identifiers: filed.identifiers };
	if (isSamePatient(object.patient, known, filing.archive.name)) return filed.id;
	throw new DomainError('conflict', otherPatient);
}

async function addDocuments(
	tx: Tx,
	parts: Pick<Services, 'clock' | 'newId' | 'log'>,
	studyId: StudyId,
	objects: readonly IndexedObject[]
): Promise<number> {
	let added = 0;
	for (const object of objects) {
		if (object.ownExport || !isStructuredReport(object.instance.sopClass)) continue;
		const document = readDocument(parts, object);
		if (!document) continue;
		const rows = await tx
			.insert(srDocuments)
			.values({
				id: parts.newId(),
				studyId,
				sopUid: object.sopUid,
				contentHash: object.contentHash,
				document,
				receivedAt: parts.clock()
			})
			.onConflictDoNothing()
			.returning({ id: srDocuments.id });
		added += rows.length;
	}
	return added;
}

/** An object whose tree cannot be read is kept and listed like any other; it just fills nothing. */
function readDocument(parts: Pick<Services, 'log'>, object: IndexedObject): SrDocument | null {
	try {
		return readSr(object.dataset);
	} catch (error) {
		const code = error instanceof DomainError ? error.code : 'internal';
		parts.log.warn({ sopUid: object.sopUid, code }, 'structured report not readable');
		return null;
	}
}

/** Counts and modalities as they are now; what no object had said before is filled in. */
async function updateStudy(
	tx: Tx,
	studyId: StudyId,
	objects: readonly IndexedObject[],
	now: Date
): Promise<void> {
	const [sums] = await tx
		.select({
			instances: count(),
			series: countDistinct(studyInstances.seriesUid),
			modalities: sql<string[]>`coalesce(array_agg(distinct ${studyInstances.modality})
				filter (where ${studyInstances.modality} <> ''), '{}')`
		})
		.from(studyInstances)
		.where(eq(studyInstances.studyId, studyId));
	const said = (pick: (o: IndexedObject) => string | number | null) =>
		objects.map(pick).find((value) => value !== null && value !== '') ?? null;
	const keep = practiceStudies;
	const bodyParts = objects.map((o) => o.study.bodyPart).filter((part) => part !== '');
	const codes = objects.flatMap((o) => o.study.procedureCodes);
	await tx
		.update(practiceStudies)
		.set({
			instanceCount: sums?.instances ?? 0,
			seriesCount: sums?.series ?? 0,
			modalities: sums?.modalities ?? [],
			bodyParts: joined(keep.bodyParts, bodyParts),
			procedureCodes: joined(keep.procedureCodes, codes),
			lastInstanceAt: now,
			heightCm: sql`coalesce(${keep.heightCm}, ${said((o) => o.study.heightCm)}::float8)`,
			weightKg: sql`coalesce(${keep.weightKg}, ${said((o) => o.study.weightKg)}::float8)`,
			sonographer: sql`coalesce(nullif(${keep.sonographer}, ''), ${said((o) => o.study.sonographer) ?? ''})`,
			referrer: sql`coalesce(nullif(${keep.referrer}, ''), ${said((o) => o.study.referrer) ?? ''})`,
			institution: sql`coalesce(nullif(${keep.institution}, ''), ${said((o) => o.study.institution) ?? ''})`,
			description: sql`coalesce(nullif(${keep.description}, ''), ${said((o) => o.study.description) ?? ''})`
		})
		.where(eq(practiceStudies.id, studyId));
}

/** What a list holds already and what comes to it, each once. */
function joined(column: AnyPgColumn, more: readonly string[]) {
	return sql`(select coalesce(array_agg(distinct each order by each), '{}')
		from unnest(${column} || ${sql.param([...new Set(more)])}::text[]) as each)`;
}
