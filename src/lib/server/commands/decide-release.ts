import { and, eq, isNull, or } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { inTransaction } from '../db/client.ts';
import { releases } from '../db/schema/grants.ts';
import { reports } from '../db/schema/reports.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

export interface DecideRelease {
	reportId: ReportId;
	/** `release`: visible from `visibleFrom` (now, when null). `hold`: not visible until decided anew. */
	decision: 'release' | 'hold';
	visibleFrom: Date | null;
	reason: string;
}

/** Lets the patient see the current final version, or holds it back. The last decision counts. */
export async function decideRelease(
	services: Services,
	actor: UserActor,
	input: DecideRelease
): Promise<void> {
	const { db, clock, newId } = services;
	const standing = await standingDecisions(services, input.reportId);
	const { report } = await judgedReport(services, actor, 'release.decide', input.reportId, {
		// A rule or an earlier decision stands: changing it needs a reason (c10).
		overridesRule: standing.aboutThis || standing.held || input.decision === 'hold',
		reason: input.reason
	});
	const versionId = report.currentVersionId;
	if (!versionId || (report.state !== 'final' && report.state !== 'amended')) {
		throw new DomainError('conflict', 'Only a final report can be released.');
	}
	const now = clock();
	const visibleFrom = input.decision === 'hold' ? null : (input.visibleFrom ?? now);
	await inTransaction(db, async (tx) => {
		await tx
			.update(releases)
			.set({ supersededAt: now })
			.where(
				and(
					eq(releases.reportId, report.id),
					isNull(releases.supersededAt),
					// What the patient sees of earlier versions stays until this one is visible.
					input.decision === 'hold'
						? undefined
						: or(eq(releases.versionId, versionId), eq(releases.held, true))
				)
			);
		await tx.insert(releases).values({
			id: newId(),
			practiceId: report.practiceId,
			patientId: report.patientId,
			reportId: report.id,
			versionId,
			visibleFrom,
			held: input.decision === 'hold',
			reason: input.reason,
			by: actor.userId,
			createdAt: now
		});
		await services.audit.record(tx, actor, {
			action: 'release.decided',
			object: `report:${report.id}`,
			detail: {
				version: versionId,
				decision: input.decision,
				visibleFrom: visibleFrom?.toISOString() ?? null,
				...(input.reason ? { reason: input.reason } : {})
			}
		});
	});
	// A patient who looks at it now is judged again.
	await services.live.accessChanged(`report:${report.id}`);
}

/** Decisions that count now: one about the current version, and a hold of any. */
async function standingDecisions(
	{ db }: Services,
	reportId: ReportId
): Promise<{ aboutThis: boolean; held: boolean }> {
	const rows = await db
		.select({
			held: releases.held,
			versionId: releases.versionId,
			current: reports.currentVersionId
		})
		.from(releases)
		.innerJoin(reports, eq(reports.id, releases.reportId))
		.where(and(eq(releases.reportId, reportId), isNull(releases.supersededAt)));
	return {
		aboutThis: rows.some(({ versionId, current }) => versionId === current),
		held: rows.some(({ held }) => held)
	};
}
