import { and, asc, eq, sql } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId, StudyId } from '$lib/ids.ts';
import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import { procedureTexts } from '$lib/report/populate-procedure.ts';
import type { StudyFacts } from '$lib/worksheet/choose.ts';
import { editionsOf } from '$lib/worksheet/editions.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { loadPractice } from '../auth/practice.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import {
	orders,
	practiceStudies,
	reports,
	reportStudies,
	srDocuments
} from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { pinWorksheet } from '../worksheets/pin-worksheet.ts';
import { worksheetsOf } from '../worksheets/practice-worksheets.ts';

export interface BegunReport {
	reportId: ReportId;
	/** False when the study had a report already. */
	isNew: boolean;
}

/**
 * Begins the report of a study: chooses the worksheet by modality and procedure, pins it by the hash
 * of its content, pins the practice's editions of guidelines, and opens an empty live document. A study that has a report keeps it, so that
 * arrival and opening may both ask. `worksheetId`: one that a reader chose. Null when no worksheet is
 * meant for such a study.
 * @throws DomainError `not_found`, `not_allowed`.
 */
export async function beginReport(
	services: Services,
	actor: Actor,
	{ studyId, worksheetId }: { studyId: StudyId; worksheetId?: string }
): Promise<BegunReport | null> {
	return inTransaction(services.db, async (tx) => {
		const subject = await loadSubject(tx, services, actor, { studyId });
		requireRight(actor, 'report.edit-values', subject);
		const [study] = await tx
			.select()
			.from(practiceStudies)
			.where(
				and(eq(practiceStudies.id, studyId), eq(practiceStudies.practiceId, subject.practiceId))
			)
			.for('update');
		if (!study) throw new DomainError('not_found');
		const known = await firstReport(tx, studyId);
		if (known) return { reportId: known, isNew: false };
		const worksheets = await worksheetsOf(services, tx, study.practiceId);
		const worksheet =
			worksheetId === undefined
				? await worksheets.chooseFor(await factsOf(tx, study))
				: await worksheets.resolve(worksheetId);
		if (worksheetId !== undefined && !worksheet) throw new DomainError('not_found');
		const practice = await loadPractice(tx, study.practiceId);
		if (!worksheet || !practice) return null;

		const now = services.clock();
		const reportId = services.newId() as ReportId;
		const worksheetHash = await pinWorksheet(services, tx, worksheet);
		await tx.insert(reports).values({
			id: reportId,
			practiceId: study.practiceId,
			patientId: study.patientId,
			worksheetHash,
			editions: editionsOf(practice.settings),
			language: practice.settings.language,
			state: 'in_progress',
			generation: 1,
			createdBy: actor.kind === 'user' ? actor.userId : null,
			createdAt: now
		});
		await tx.insert(reportStudies).values({ reportId, studyId, position: 0 });
		await services.audit.record(tx, actor, {
			action: 'report.begun',
			object: `report:${reportId}`,
			detail: { studies: [studyId], worksheet: worksheet.id }
		});
		return { reportId, isNew: true };
	});
}

async function firstReport(tx: Tx, studyId: StudyId): Promise<ReportId | null> {
	const [report] = await tx
		.select({ id: reports.id })
		.from(reportStudies)
		.innerJoin(reports, eq(reports.id, reportStudies.reportId))
		.where(eq(reportStudies.studyId, studyId))
		.orderBy(asc(reports.createdAt), asc(reports.id))
		.limit(1);
	return report?.id ?? null;
}

/** Texts that may name the procedure, best first. */
async function procedureOf(tx: Tx, study: typeof practiceStudies.$inferSelect): Promise<string[]> {
	const [order] = study.orderId
		? await tx.select().from(orders).where(eq(orders.id, study.orderId))
		: [];
	const documents = await tx
		.select({ title: sql<SrDocument['title']>`${srDocuments.document}->'title'` })
		.from(srDocuments)
		.where(eq(srDocuments.studyId, study.id));
	return procedureTexts([order?.procedure ?? '', study.description], documents);
}

/** What order and objects say of what was examined. */
async function factsOf(tx: Tx, study: typeof practiceStudies.$inferSelect): Promise<StudyFacts> {
	const { modalities, bodyParts, procedureCodes } = study;
	return { modalities, procedure: await procedureOf(tx, study), bodyParts, codes: procedureCodes };
}
