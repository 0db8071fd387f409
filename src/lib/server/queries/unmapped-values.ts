import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import type { Population } from '$lib/report/populate.ts';
import { eq } from 'drizzle-orm';
import { resolvedWorksheets } from '../db/schema/reports.ts';
import { DomainError } from '$lib/errors.ts';
import type { Services } from '../services.ts';
import { judgedReport } from './judged-report.ts';
import { machineValues } from './machine-values.ts';

/** What the machines sent for a draft and its worksheet has no field for. */
export async function unmappedValues(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<Population['unmapped']> {
	const { report, studies } = await judgedReport(services, actor, 'report.read-draft', reportId);
	const [worksheet] = await services.db
		.select({ content: resolvedWorksheets.content })
		.from(resolvedWorksheets)
		.where(eq(resolvedWorksheets.hash, report.worksheetHash));
	if (!worksheet) throw new DomainError('not_found');
	const ids = studies.map((study) => study.id);
	const { unmapped } = await machineValues(services.db, ids, worksheet.content, services.clock());
	return unmapped;
}
