import type { DicomJson } from '$lib/dicom/json.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import type {
	ArchiveId,
	InstanceUid,
	PatientId,
	PracticeId,
	SeriesUid,
	StudyId,
	StudyUid
} from '$lib/ids.ts';
import {
	archives,
	patients,
	practiceStudies,
	srDocuments,
	studyInstances
} from '$lib/server/db/schema/index.ts';
import type { Services } from '$lib/server/services.ts';

export async function buildPatient(services: Services, practiceId: PracticeId): Promise<PatientId> {
	const id = services.newId() as PatientId;
	await services.db.insert(patients).values({
		id,
		practiceId,
		name: 'Test^Patient',
		birthDate: '1961-04-17',
		sex: 'female',
		createdAt: services.clock()
	});
	return id;
}

export async function buildArchive(services: Services, practiceId: PracticeId): Promise<ArchiveId> {
	const id = services.newId() as ArchiveId;
	await services.db.insert(archives).values({
		id,
		practiceId,
		name: 'Archive',
		kind: 'embedded',
		createdAt: services.clock()
	});
	return id;
}

export interface StudyParts {
	practiceId: PracticeId;
	archiveId: ArchiveId;
	patientId: PatientId;
	studyAt: string;
	heightCm?: number;
	weightKg?: number;
	description?: string;
	/** Structured reports of the study. */
	reports?: DicomJson[];
}

let uids = 0;

export async function buildStudy(
	services: Services,
	parts: StudyParts
): Promise<{ studyId: StudyId; studyUid: StudyUid }> {
	const studyId = services.newId() as StudyId;
	const studyUid = `1.2.77.${++uids}` as StudyUid;
	const now = services.clock();
	await services.db.insert(practiceStudies).values({
		id: studyId,
		practiceId: parts.practiceId,
		archiveId: parts.archiveId,
		studyUid,
		patientId: parts.patientId,
		origin: 'import',
		description: parts.description ?? 'Transthoracic echocardiogram',
		modalities: ['SR', 'US'],
		studyAt: new Date(parts.studyAt),
		heightCm: parts.heightCm ?? null,
		weightKg: parts.weightKg ?? null,
		firstInstanceAt: now,
		lastInstanceAt: now
	});
	for (const dataset of parts.reports ?? []) await addSr(services, studyId, dataset);
	return { studyId, studyUid };
}

/** A structured report arrives. */
export async function addSr(
	services: Services,
	studyId: StudyId,
	dataset: DicomJson
): Promise<void> {
	const document = readSr(dataset);
	const sopUid = document.sopInstanceUid as InstanceUid;
	await services.db.insert(studyInstances).values({
		id: services.newId(),
		studyId,
		seriesUid: document.seriesInstanceUid as SeriesUid,
		sopUid,
		sopClass: document.sopClassUid,
		contentHash: sopUid,
		receivedAt: services.clock()
	});
	await services.db.insert(srDocuments).values({
		id: services.newId(),
		studyId,
		sopUid,
		contentHash: sopUid,
		document,
		receivedAt: services.clock()
	});
}
