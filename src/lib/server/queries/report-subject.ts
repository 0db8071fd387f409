import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Subject } from '$lib/access/subject.ts';
import type { PracticeId, ReportId, StudyUid, UserId } from '$lib/ids.ts';
import { DomainError } from '$lib/errors.ts';
import type { Queryable } from '../db/client.ts';
import { releases } from '../db/schema/grants.ts';
import { orders } from '../db/schema/patients.ts';
import { reports, reportStudies, reportVersions, signatures } from '../db/schema/reports.ts';
import { practiceStudies } from '../db/schema/studies.ts';

export type ReportRow = typeof reports.$inferSelect;
export type StudyRow = typeof practiceStudies.$inferSelect;

export interface ReportWithSubject {
	report: ReportRow;
	/** In the report's order; the first is the one it is filed under. */
	studies: StudyRow[];
	subject: Subject;
}

/**
 * A report of this practice with what `can` needs to know of it. Throws `not_found` for a report of
 * another practice exactly as for one that does not exist (B3).
 */
export async function loadReportSubject(
	db: Queryable,
	practiceId: PracticeId,
	reportId: ReportId,
	now: Date
): Promise<ReportWithSubject> {
	const [report] = await db
		.select()
		.from(reports)
		.where(and(eq(reports.id, reportId), eq(reports.practiceId, practiceId)));
	if (!report) throw new DomainError('not_found');
	const studies = (
		await db
			.select({ study: practiceStudies, position: reportStudies.position })
			.from(reportStudies)
			.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
			.where(and(eq(reportStudies.reportId, reportId), eq(practiceStudies.practiceId, practiceId)))
			.orderBy(reportStudies.position)
	).map((row) => row.study);
	const signers = await db
		.select({ userId: signatures.userId })
		.from(signatures)
		.innerJoin(reportVersions, eq(reportVersions.id, signatures.versionId))
		.where(eq(reportVersions.reportId, reportId));
	const subject: Subject = {
		practiceId,
		patientId: report.patientId,
		state: report.state,
		referrers: await referrersOf(db, studies),
		released: await isReleased(db, report, now),
		signers: signers.map((row) => row.userId),
		...(studies[0] ? { studyUid: studies[0].studyUid as StudyUid } : {}),
		...(report.currentVersionId ? { versionId: report.currentVersionId } : {})
	};
	return { report, studies, subject };
}

async function referrersOf(db: Queryable, studies: StudyRow[]): Promise<UserId[]> {
	const orderIds = studies.flatMap((study) => (study.orderId ? [study.orderId] : []));
	if (orderIds.length === 0) return [];
	const rows = await db
		.select({ userId: orders.referrerUserId })
		.from(orders)
		.where(inArray(orders.id, orderIds));
	return rows.flatMap((row) => (row.userId ? [row.userId] : []));
}

async function isReleased(db: Queryable, report: ReportRow, now: Date): Promise<boolean> {
	if (!report.currentVersionId) return false;
	const rows = await db
		.select()
		.from(releases)
		.where(and(eq(releases.versionId, report.currentVersionId), isNull(releases.supersededAt)));
	return rows.some((row) => !row.held && row.visibleFrom !== null && row.visibleFrom <= now);
}
