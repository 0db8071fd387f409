import { and, eq, notInArray } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { readEntries } from '$lib/collab/doc-fields.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { reportStates, isFrozen } from '$lib/report/states.ts';
import { announceStudy } from '../arrival/events.ts';
import { inTransaction } from '../db/client.ts';
import { reports } from '../db/schema/reports.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';
import { pinWorksheet } from '../worksheets/pin-worksheet.ts';
import { worksheetsOf } from '../worksheets/practice-worksheets.ts';
import { populateReport } from './populate-report.ts';

export interface ChangedWorksheet {
	worksheetId: string;
	/** Fields with a value that the new worksheet does not have. They are kept in the draft. */
	unknown: string[];
}

/**
 * Reads a draft with another worksheet. What was entered stays in the live document; a field that the
 * new worksheet does not have is told, and comes back when the sheet is changed back. The machine's
 * values are matched anew.
 * @throws DomainError `not_found`, `report_final` when it is signed.
 */
export async function changeWorksheet(
	services: Services,
	actor: UserActor,
	{ reportId, worksheetId }: { reportId: ReportId; worksheetId: string }
): Promise<ChangedWorksheet> {
	const { db, live } = services;
	const { report, studies } = await judgedReport(services, actor, 'report.edit-values', reportId);
	const { practiceId } = actor;
	const worksheet = await (await worksheetsOf(services, db, practiceId)).resolve(worksheetId);
	if (!worksheet) throw new DomainError('not_found');
	const { doc } = await live.snapshot(reportId);
	const held = Object.keys(readEntries(doc));
	doc.destroy();
	const fields = new Set(worksheet.sections.flatMap((s) => s.fields.map((field) => field.id)));
	const unknown = held.filter((field) => !fields.has(field)).sort();

	await inTransaction(db, async (tx) => {
		const hash = await pinWorksheet(services, tx, worksheet);
		if (hash === report.worksheetHash) return;
		const changed = await tx
			.update(reports)
			.set({ worksheetHash: hash })
			.where(
				and(
					eq(reports.id, reportId),
					// Signed meanwhile, or changed by somebody else.
					notInArray(reports.state, reportStates.filter(isFrozen)),
					eq(reports.worksheetHash, report.worksheetHash)
				)
			)
			.returning({ id: reports.id });
		if (changed.length === 0)
			throw new DomainError(isFrozen(report.state) ? 'report_final' : 'conflict');
		await services.audit.record(tx, actor, {
			action: 'report.worksheet-changed',
			object: `report:${reportId}`,
			detail: { before: report.worksheetHash, after: hash, unknown: unknown.length }
		});
	});
	await populateReport(services, actor, { reportId });
	await live.reopen(reportId);
	for (const { id } of studies) announceStudy({ practiceId, studyId: id, kind: 'report' });
	return { worksheetId, unknown };
}
