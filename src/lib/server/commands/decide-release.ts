import { and, eq, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { inTransaction } from '../db/client.ts';
import { releases } from '../db/schema/grants.ts';
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
	const existing = await currentReleases(services, input.reportId);
	const { report } = await judgedReport(services, actor, 'release.decide', input.reportId, {
		// A rule or an earlier decision stands: changing it needs a reason (c10).
		overridesRule: existing > 0 || input.decision === 'hold',
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
			.where(and(eq(releases.reportId, report.id), isNull(releases.supersededAt)));
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

async function currentReleases({ db }: Services, reportId: ReportId): Promise<number> {
	const rows = await db
		.select({ id: releases.id })
		.from(releases)
		.where(and(eq(releases.reportId, reportId), isNull(releases.supersededAt)));
	return rows.length;
}
