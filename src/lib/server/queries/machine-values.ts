import { and, asc, eq, inArray } from 'drizzle-orm';
import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import type { StudyId } from '$lib/ids.ts';
import { populate, type HeaderValues, type Population } from '$lib/report/populate.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Queryable } from '../db/client.ts';
import { practiceStudies, srDocuments, studyInstances } from '../db/schema/index.ts';

/**
 * What the machine says of these studies, in the fields of a worksheet. Whose reports they are was
 * judged when they arrived; our own exports are not among them.
 */
export async function machineValues(
	db: Queryable,
	studyIds: readonly StudyId[],
	worksheet: ResolvedWorksheet,
	at: Date
): Promise<Population> {
	return populate({
		worksheet,
		documents: await documentsOf(db, studyIds),
		headers: await headersOf(db, studyIds),
		patient: null,
		at: at.toISOString()
	});
}

async function documentsOf(db: Queryable, studyIds: readonly StudyId[]): Promise<SrDocument[]> {
	if (studyIds.length === 0) return [];
	const rows = await db
		.select({ sopUid: srDocuments.sopUid, document: srDocuments.document })
		.from(srDocuments)
		.where(inArray(srDocuments.studyId, [...studyIds]))
		.orderBy(asc(srDocuments.receivedAt), asc(srDocuments.id));
	// One object may stand there twice when an archive changed its bytes: the later reading counts.
	return [...new Map(rows.map((row) => [row.sopUid, row.document])).values()];
}

/** Height and weight as the index keeps them; the first picture stands for the study's objects. */
async function headersOf(db: Queryable, studyIds: readonly StudyId[]): Promise<HeaderValues[]> {
	const headers: HeaderValues[] = [];
	for (const studyId of studyIds) {
		const [study] = await db.select().from(practiceStudies).where(eq(practiceStudies.id, studyId));
		if (!study || (study.heightCm === null && study.weightKg === null)) continue;
		const [first] = await db
			.select({ sopUid: studyInstances.sopUid })
			.from(studyInstances)
			.where(and(eq(studyInstances.studyId, studyId), eq(studyInstances.ownExport, false)))
			.orderBy(asc(studyInstances.sopUid))
			.limit(1);
		headers.push({
			sopInstanceUid: first?.sopUid ?? study.studyUid,
			heightCm: study.heightCm,
			weightKg: study.weightKg,
			heartRate: null
		});
	}
	return headers;
}
