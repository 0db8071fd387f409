import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Tx } from '../db/client.ts';
import { resolvedWorksheets } from '../db/schema/reports.ts';
import type { Services } from '../services.ts';

/** Keeps a worksheet by the hash of its content for as long as there are reports; answers the hash. */
export async function pinWorksheet(
	{ clock, worksheets }: Pick<Services, 'clock' | 'worksheets'>,
	tx: Tx,
	worksheet: ResolvedWorksheet
): Promise<string> {
	const hash = worksheets.hashOf(worksheet);
	await tx
		.insert(resolvedWorksheets)
		.values({
			hash,
			worksheetId: worksheet.id,
			version: worksheet.version,
			content: worksheet,
			createdAt: clock()
		})
		.onConflictDoNothing();
	return hash;
}
