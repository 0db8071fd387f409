import { and, eq, notInArray } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { isFrozen, reportStates } from '$lib/report/states.ts';
import { pinnedEditionsSchema } from '$lib/worksheet/edition-schemas.ts';
import { editionNames, type Editions } from '$lib/worksheet/editions.ts';
import { announceStudy } from '../arrival/events.ts';
import { inTransaction } from '../db/client.ts';
import { reports } from '../db/schema/reports.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/**
 * Reads one draft by other editions than those it began with. Everybody in the room opens it anew;
 * what is signed keeps its own.
 * @throws DomainError `not_found`, `not_allowed`, `report_final` when it is signed.
 */
export async function changeEditions(
	services: Services,
	actor: UserActor,
	{ reportId, editions }: { reportId: ReportId; editions: Partial<Editions> }
): Promise<void> {
	const { db, live } = services;
	const { studies } = await judgedReport(services, actor, 'report.edit-values', reportId);
	const { practiceId } = actor;
	const isOther = await inTransaction(db, async (tx) => {
		const [draft] = await tx
			.select()
			.from(reports)
			.where(
				and(
					eq(reports.id, reportId),
					eq(reports.practiceId, practiceId),
					notInArray(reports.state, reportStates.filter(isFrozen))
				)
			)
			.for('update');
		if (!draft) throw new DomainError('report_final');
		const before = pinnedEditionsSchema.parse(draft.editions);
		const after = { ...before, ...editions };
		const changed = editionNames.filter((name) => before[name] !== after[name]);
		if (changed.length === 0) return false;
		await tx.update(reports).set({ editions: after }).where(eq(reports.id, reportId));
		const pick = (from: Editions) =>
			JSON.stringify(Object.fromEntries(changed.map((name) => [name, from[name]])));
		await services.audit.record(tx, actor, {
			action: 'report.editions-changed',
			object: `report:${reportId}`,
			detail: { before: pick(before), after: pick(after) }
		});
		return true;
	});
	if (!isOther) return;
	await live.reopen(reportId);
	for (const { id } of studies) announceStudy({ practiceId, studyId: id, kind: 'report' });
}
