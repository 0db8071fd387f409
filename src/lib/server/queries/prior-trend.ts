import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import type { PriorValue } from '$lib/report/body.ts';
import type { Services } from '../services.ts';
import { judgedReport } from './judged-report.ts';
import { priorValues } from './prior-values.ts';

/** Values of all earlier studies by field, nearest first, for those who read the draft. */
export async function priorTrend(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<Record<string, PriorValue[]>> {
	await judgedReport(services, actor, 'report.read-draft', reportId);
	return priorValues(services, actor.practiceId, reportId);
}
