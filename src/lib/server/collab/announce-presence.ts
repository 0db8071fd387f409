import { eq } from 'drizzle-orm';
import { announceStudy } from '../arrival/events.ts';
import { reportStudies } from '../db/schema/reports.ts';
import { messageOf, type LiveMachine } from './machine.ts';
import type { ReportFacts } from './persist.ts';

/** Somebody came into a report or left it: open work lists look again. Nothing waits for it. */
export function announcePresence(
	{ db, log }: Pick<LiveMachine, 'db' | 'log'>,
	report: Pick<ReportFacts, 'id' | 'practiceId'>
): void {
	const { id, practiceId } = report;
	db.select({ studyId: reportStudies.studyId })
		.from(reportStudies)
		.where(eq(reportStudies.reportId, id))
		.then((rows) => {
			for (const { studyId } of rows) announceStudy({ practiceId, studyId, kind: 'presence' });
		})
		.catch((e: unknown) => log.warn({ err: messageOf(e) }, 'presence not announced'));
}
