import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import type { ReportContext } from '$lib/report/context.ts';
import type { Services } from '../services.ts';
import { loadReportContext } from './report-context.ts';
import { judgedReport } from './judged-report.ts';

/** What the reading room needs to show, compute and later sign a draft. */
export async function readReportContext(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<ReportContext> {
	const judged = await judgedReport(services, actor, 'report.read-draft', reportId);
	return loadReportContext(services, actor.practiceId, judged);
}
