import { and, eq, isNull } from 'drizzle-orm';
import type { PracticeId, UserId, VersionId } from '$lib/ids.ts';
import type { VersionContent } from '$lib/report/version.ts';
import type { Tx } from '../db/client.ts';
import { exportKinds, outbox } from '../db/schema/outbox.ts';
import { destinations } from '../db/schema/practices.ts';

/**
 * In the signing transaction: report and PDF go into the study's own archive and to each destination
 * of the practice that is enabled now. A preliminary goes nowhere.
 */
export async function queueExports(
	tx: Tx,
	askedBy: UserId,
	study: { practiceId: PracticeId; archiveId: string } | undefined,
	content: VersionContent
): Promise<void> {
	if (!study || content.kind === 'preliminary') return;
	const { practiceId } = study;
	const enabled = await tx
		.select({ id: destinations.id })
		.from(destinations)
		.where(and(eq(destinations.practiceId, practiceId), isNull(destinations.disabledAt)));
	const at = new Date(content.signature.at);
	await tx.insert(outbox).values(
		[study.archiveId, ...enabled.map(({ id }) => id)].flatMap((destination) =>
			exportKinds.map((kind) => ({
				practiceId,
				versionId: content.versionId as VersionId,
				kind,
				destination,
				askedBy,
				nextAt: at,
				createdAt: at
			}))
		)
	);
}
