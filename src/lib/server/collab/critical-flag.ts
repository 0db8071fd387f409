import { and, desc, eq, like, sql } from 'drizzle-orm';
import { splitFieldKey } from '$lib/collab/report-doc.ts';
import type { Change } from '$lib/collab/update-analysis.ts';
import type { ReportId } from '$lib/ids.ts';
import { criticalPrefix, isCriticalOpen, type CriticalEntry } from '$lib/report/critical.ts';
import type { Tx } from '../db/client.ts';
import { criticalCommunications } from '../db/schema/communications.ts';
import { fieldHistory, reports } from '../db/schema/reports.ts';

export const touchesCritical = ({ root, key }: Change): boolean =>
	root === 'fields' && key.startsWith(criticalPrefix);

/**
 * Keeps what the work list asks for beside the report. It is taken from the history of fields, in the
 * transaction that stored the edit and under the report's lock, so it is never older than the document;
 * the list would otherwise have to open every document, and at signing it would come too late. What was
 * recorded after signing counts as well. Answers whether it is open.
 */
export async function keepCriticalFlag(tx: Tx, reportId: ReportId): Promise<boolean> {
	const rows = await tx
		.selectDistinctOn([fieldHistory.key], {
			key: fieldHistory.key,
			action: fieldHistory.action,
			value: fieldHistory.value
		})
		.from(fieldHistory)
		.where(
			and(
				eq(fieldHistory.reportId, reportId),
				eq(fieldHistory.root, 'fields'),
				like(fieldHistory.key, `${criticalPrefix}%`)
			)
		)
		.orderBy(fieldHistory.key, desc(fieldHistory.id));
	const entries: Record<string, CriticalEntry[]> = {};
	for (const { key, action, value } of rows) {
		const field = splitFieldKey(key)?.fieldId;
		if (field === undefined || action === 'delete') continue;
		(entries[field] ??= []).push(value as CriticalEntry);
	}
	const told = await tx
		.select({ how: criticalCommunications.how, readBack: criticalCommunications.readBack })
		.from(criticalCommunications)
		.where(eq(criticalCommunications.reportId, reportId));
	const criticalOpen = isCriticalOpen(entries, told);
	await tx
		.update(reports)
		.set({ criticalOpen })
		.where(and(eq(reports.id, reportId), sql`${reports.criticalOpen} <> ${criticalOpen}`));
	return criticalOpen;
}
