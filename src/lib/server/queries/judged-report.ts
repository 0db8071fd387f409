import { and, eq } from 'drizzle-orm';
import type { Action } from '$lib/access/actions.ts';
import type { Actor } from '$lib/access/actor.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId, ReportId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import type { Queryable } from '../db/client.ts';
import { reports, reportStudies } from '../db/schema/reports.ts';
import { practiceStudies } from '../db/schema/studies.ts';
import type { Services } from '../services.ts';

export type ReportRow = typeof reports.$inferSelect;
export type StudyRow = typeof practiceStudies.$inferSelect;

export interface JudgedReport {
	report: ReportRow;
	/** In the report's order; the first is the one it is filed under. */
	studies: StudyRow[];
	subject: Subject;
}

/**
 * A report with its studies, after the policy allowed `action` on it. `given` are facts of the
 * request itself. Another practice's report is `not_found` exactly like none (B3).
 */
export async function judgedReport(
	services: Services,
	actor: Actor,
	action: Action,
	reportId: ReportId,
	given: Partial<Subject> = {}
): Promise<JudgedReport> {
	const { db } = services;
	const loaded = await loadSubject(db, services, actor, { reportId });
	const subject = loaded && { ...loaded, ...given };
	requireRight(actor, action, subject);
	const [report] = await db
		.select()
		.from(reports)
		.where(and(eq(reports.id, reportId), eq(reports.practiceId, subject.practiceId)));
	if (!report) throw new DomainError('not_found');
	const studies = await studiesOfReport(db, subject.practiceId, reportId);
	return { report, studies, subject };
}

/** In the report's order; the first is the one it is filed under. */
export async function studiesOfReport(
	db: Queryable,
	practiceId: PracticeId,
	reportId: ReportId
): Promise<StudyRow[]> {
	const rows = await db
		.select({ study: practiceStudies })
		.from(reportStudies)
		.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
		.where(and(eq(reportStudies.reportId, reportId), eq(practiceStudies.practiceId, practiceId)))
		.orderBy(reportStudies.position);
	return rows.map(({ study }) => study);
}
