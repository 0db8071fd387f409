import { and, eq, inArray } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, StudyUid } from '$lib/ids.ts';
import { number, text } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import type { DicomJson } from '../archive/archive.ts';
import type { ExportKind } from '../db/schema/outbox.ts';
import { reportStudies, reportVersions, resolvedWorksheets } from '../db/schema/reports.ts';
import { practiceStudies, studyInstances } from '../db/schema/studies.ts';
import type { StudyHeader } from '../documents/dicom/header.ts';
import { pdfObject } from '../documents/dicom/pdf-object.ts';
import { srObject, type EvidenceInstance } from '../documents/dicom/sr-object.ts';
import type { Services } from '../services.ts';

type Version = typeof reportVersions.$inferSelect;

/** The DICOM object of a frozen version. The same version gives the same bytes, so twice is once. */
export async function exportObject(
	services: Services,
	version: Version,
	kind: ExportKind
): Promise<Uint8Array> {
	const { db } = services;
	const content = version.content;
	const [first] = content.body.studies;
	if (!first) throw new DomainError('internal', 'a version without a study');
	const archive = await services.archives.get(first.archiveId as ArchiveId);
	const header = headerOf(await archive.metadata(first.studyUid as StudyUid), version);
	if (kind === 'encapsulated-pdf') {
		return pdfObject({ content, header, uids: version.exportUids, pdf: version.pdf });
	}
	const [worksheet] = await db
		.select()
		.from(resolvedWorksheets)
		.where(eq(resolvedWorksheets.hash, content.body.worksheet.hash));
	if (!worksheet) throw new DomainError('internal', 'the worksheet of a version is missing');
	return srObject({
		content,
		worksheet: worksheet.content,
		header,
		uids: version.exportUids,
		evidence: await evidenceOf(services, version),
		predecessor: await predecessorOf(services, version),
		procedure: content.body.order?.procedure ?? first.description
	});
}

/**
 * Which instance says whose study it is: an image. A machine's report or an export of ours may be
 * listed first and say less; by UID, so that it is the same one however the archive lists them.
 */
export function exampleOf(metadata: readonly DicomJson[], own: readonly string[]) {
	const uidOf = (each: DicomJson) => text(each, tags.SOPInstanceUID);
	const sorted = [...metadata].sort((a, b) => (uidOf(a) < uidOf(b) ? -1 : 1));
	const foreign = sorted.filter((each) => !own.includes(uidOf(each)));
	return foreign.find((each) => number(each, tags.Rows) !== null) ?? foreign[0];
}

/** Patient and study modules as the images have them (PS3.3 C.7.1, C.7.2), copied unchanged. */
function headerOf(metadata: DicomJson[], version: Version): StudyHeader {
	const { srInstance, pdfInstance } = version.exportUids;
	const instance = exampleOf(metadata, [srInstance, pdfInstance]);
	const [study] = version.content.body.studies;
	if (!instance || !study) throw new DomainError('archive_answer_wrong', 'study has no instances');
	const valueOf = (tag: string) => {
		const value = instance[tag]?.Value?.[0];
		if (value && typeof value === 'object') {
			const name = value as { Alphabetic?: string; Ideographic?: string };
			return [name.Alphabetic ?? '', name.Ideographic ?? ''].join('=').replace(/=$/, '');
		}
		return value === undefined || value === null ? '' : String(value);
	};
	return {
		patientName: valueOf('00100010'),
		patientId: valueOf('00100020'),
		issuerOfPatientId: valueOf('00100021'),
		patientBirthDate: valueOf('00100030'),
		patientSex: valueOf('00100040'),
		studyInstanceUid: study.studyUid,
		studyDate: valueOf('00080020'),
		studyTime: valueOf('00080030'),
		accessionNumber: valueOf('00080050'),
		studyId: valueOf('00200010'),
		referringPhysicianName: valueOf('00080090'),
		studyDescription: valueOf('00081030')
	};
}

async function evidenceOf(services: Services, version: Version): Promise<EvidenceInstance[]> {
	const rows = await services.db
		.select({ instance: studyInstances, studyUid: practiceStudies.studyUid })
		.from(reportStudies)
		.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
		.innerJoin(studyInstances, eq(studyInstances.studyId, practiceStudies.id))
		.where(and(eq(reportStudies.reportId, version.reportId), eq(studyInstances.ownExport, false)));
	const at = Date.parse(version.content.signature.at);
	return (
		rows
			// What came after the signature cannot be evidence for it, and would change the bytes.
			.filter(({ instance }) => instance.receivedAt.getTime() <= at)
			.map(({ instance, studyUid }) => ({
				studyUid,
				seriesUid: instance.seriesUid,
				sopInstanceUid: instance.sopUid,
				sopClassUid: instance.sopClass,
				frames: instance.frames
			}))
			.sort((a, b) => (a.sopInstanceUid < b.sopInstanceUid ? -1 : 1))
	);
}

async function predecessorOf(services: Services, version: Version) {
	const before = version.content.predecessor;
	if (!before || !version.predecessorId) return null;
	const [row] = await services.db
		.select()
		.from(reportVersions)
		.where(inArray(reportVersions.id, [version.predecessorId]));
	// A preliminary version is not exported, so there is no object to name.
	if (!row || row.kind === 'preliminary') return null;
	return {
		studyUid: version.content.body.studies[0]?.studyUid ?? '',
		seriesUid: row.exportUids.srSeries,
		sopInstanceUid: row.exportUids.srInstance
	};
}
