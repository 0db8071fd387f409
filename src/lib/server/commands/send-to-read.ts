import { and, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { announceStudy } from '../arrival/events.ts';
import { inTransaction } from '../db/client.ts';
import { reports } from '../db/schema/reports.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/** The sonographer is done: from now on their edits are proposals (c5). Doing it twice changes nothing. */
export async function sendToRead(
	services: Services,
	actor: UserActor,
	input: { reportId: ReportId }
): Promise<void> {
	const { db, clock } = services;
	const { report, studies } = await judgedReport(
		services,
		actor,
		'report.send-to-read',
		input.reportId
	);
	if (report.state === 'sent_to_read') return;
	await inTransaction(db, async (tx) => {
		const changed = await tx
			.update(reports)
			.set({ state: 'sent_to_read', sentToReadAt: clock(), sentToReadBy: actor.userId })
			.where(and(eq(reports.id, report.id), eq(reports.state, 'in_progress')))
			.returning({ id: reports.id });
		if (changed.length === 0) throw new DomainError('conflict', `the report is ${report.state}`);
		await services.audit.record(tx, actor, {
			action: 'report.sent-to-read',
			object: `report:${report.id}`,
			detail: {}
		});
	});
	// Rights changed: open sockets are judged again (B4, K3).
	await services.live.rejudge(report.id);
	const { practiceId } = actor;
	for (const { id } of studies) announceStudy({ practiceId, studyId: id, kind: 'report' });
}
