import { desc, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import { releases } from '../db/schema/grants.ts';
import type { Services } from '../services.ts';
import { judgedReport } from './judged-report.ts';

export interface ReleaseSummary {
	versionId: string;
	held: boolean;
	visibleFrom: Date | null;
	reason: string;
	createdAt: Date;
	/** Whether it is the decision that counts now. */
	current: boolean;
}

export async function releasesOfReport(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<ReleaseSummary[]> {
	await judgedReport(services, actor, 'report.read-final', reportId);
	const rows = await services.db
		.select()
		.from(releases)
		.where(eq(releases.reportId, reportId))
		.orderBy(desc(releases.createdAt));
	return rows.map(({ versionId, held, visibleFrom, reason, createdAt, supersededAt }) => ({
		versionId,
		held,
		visibleFrom,
		reason,
		createdAt,
		current: supersededAt === null
	}));
}
