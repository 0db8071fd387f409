import { and, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { inTransaction } from '../db/client.ts';
import { outbox } from '../db/schema/outbox.ts';
import { reportVersions } from '../db/schema/reports.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/** A person looked at an export that was given up, and wants it tried again. */
export async function resendExport(
	services: Services,
	actor: UserActor,
	input: { exportId: number }
): Promise<void> {
	const { db, clock } = services;
	const [found] = await db
		.select({ row: outbox, reportId: reportVersions.reportId })
		.from(outbox)
		.innerJoin(reportVersions, eq(reportVersions.id, outbox.versionId))
		.where(and(eq(outbox.id, input.exportId), eq(outbox.practiceId, actor.practiceId)));
	if (!found) throw new DomainError('not_found');
	await judgedReport(services, actor, 'report.export', found.reportId);
	await inTransaction(db, async (tx) => {
		const changed = await tx
			.update(outbox)
			.set({ state: 'pending', attempts: 0, nextAt: clock(), lastError: null })
			.where(and(eq(outbox.id, input.exportId), eq(outbox.state, 'dead')))
			.returning({ id: outbox.id });
		if (changed.length === 0) throw new DomainError('conflict', 'it is not given up');
		await services.audit.record(tx, actor, {
			action: 'report.exported',
			object: `report:${found.reportId}`,
			detail: { what: `resend ${found.row.kind}`, version: found.row.versionId }
		});
	});
}
