import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import type { ReportContext } from '$lib/report/context.ts';
import type { Services } from '../services.ts';
import { loadReportContext } from './report-context.ts';
import { loadReportSubject } from './report-subject.ts';

/** What the reading room needs to show, compute and later sign a draft. */
export async function readReportContext(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<ReportContext> {
	const loaded = await loadReportSubject(services.db, actor.practiceId, reportId, services.clock());
	if (!can(actor, 'report.read-draft', loaded.subject)) throw new DomainError('not_found');
	return loadReportContext(services, actor.practiceId, loaded);
}
