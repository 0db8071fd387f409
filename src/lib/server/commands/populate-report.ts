import { eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { addDefaults, addMachineEntries, readEntries } from '$lib/collab/doc-fields.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId, StudyId } from '$lib/ids.ts';
import { newsOf } from '$lib/report/populate-news.ts';
import type { Population } from '$lib/report/populate.ts';
import { defaultsOf } from '$lib/worksheet/defaults.ts';
import { inTransaction } from '../db/client.ts';
import { resolvedWorksheets } from '../db/schema/index.ts';
import { judgedReport } from '../queries/judged-report.ts';
import { machineValues } from '../queries/machine-values.ts';
import type { Services } from '../services.ts';
import { beginReport } from './begin-report.ts';

export interface PopulatedReport {
	/** Entries that were not in the document before. */
	added: number;
	/** The report is signed: nothing was written. */
	isFinal: boolean;
	unmapped: Population['unmapped'];
	warnings: Population['warnings'];
}

/**
 * Writes the machine's values into a live document, and the worksheet's defaults where nothing else
 * stands: at arrival, and again when a report of the
 * machine comes late. What a person entered stays in front; a later value stands beside it as a
 * suggestion; what came before changes nothing. A signed report is left as it is.
 * @throws DomainError `not_found`, `not_allowed`.
 */
export async function populateReport(
	services: Services,
	actor: Actor,
	{ reportId }: { reportId: ReportId }
): Promise<PopulatedReport> {
	const { db, live, clock } = services;
	const { report, studies } = await judgedReport(services, actor, 'report.edit-values', reportId);
	const [worksheet] = await db
		.select()
		.from(resolvedWorksheets)
		.where(eq(resolvedWorksheets.hash, report.worksheetHash));
	if (!worksheet) throw new DomainError('not_found');
	const studyIds = studies.map((study) => study.id);
	const found = await machineValues(db, studyIds, worksheet.content, clock());
	const { unmapped, warnings } = found;
	const added = await live
		.applyAsServer(reportId, (doc) => {
			const fromMachine = addMachineEntries(doc, newsOf(readEntries(doc), found.entries));
			addDefaults(doc, defaultsOf(worksheet.content), clock().toISOString());
			return fromMachine;
		})
		.catch(whenSigned);
	if (added === null) return { added: 0, isFinal: true, unmapped, warnings };
	if (added > 0)
		await inTransaction(db, (tx) =>
			services.audit.record(
				tx,
				actor,
				{
					action: 'report.populated',
					object: `report:${reportId}`,
					detail: { entries: added, unmapped: unmapped.length }
				},
				report.practiceId
			)
		);
	return { added, isFinal: false, unmapped, warnings };
}

function whenSigned(error: unknown): null {
	if (error instanceof DomainError && error.code === 'report_final') return null;
	throw error;
}

/** What follows an arrival, or a reader's choice of worksheet: the study's report exists and holds what the machine measured. */
export async function fillReport(
	services: Services,
	actor: Actor,
	input: { studyId: StudyId; worksheetId?: string }
): Promise<PopulatedReport | null> {
	const begun = await beginReport(services, actor, input);
	return begun && populateReport(services, actor, begun);
}
