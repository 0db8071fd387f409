import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { releases } from '../db/schema/grants.ts';
import { reportVersions } from '../db/schema/reports.ts';

/** What a patient is told about versions after the one that they see. */
export type LaterVersion = { kind: 'corrected'; at: Date } | { kind: 'addition'; from: Date };

/**
 * A correction is told at once; an addendum only when a release has set its hour, since without one
 * it does not exist for the patient.
 */
export async function laterVersion(
	db: Queryable,
	version: Pick<typeof reportVersions.$inferSelect, 'reportId' | 'number'>,
	now: Date
): Promise<LaterVersion | null> {
	const later = await db
		.select({ kind: reportVersions.kind, at: reportVersions.createdAt, release: releases })
		.from(reportVersions)
		.leftJoin(
			releases,
			and(
				eq(releases.versionId, reportVersions.id),
				isNull(releases.supersededAt),
				eq(releases.held, false),
				gt(releases.visibleFrom, now)
			)
		)
		.where(
			and(eq(reportVersions.reportId, version.reportId), gt(reportVersions.number, version.number))
		)
		.orderBy(asc(reportVersions.number));
	const correction = later.find(({ kind }) => kind === 'correction');
	if (correction) return { kind: 'corrected', at: correction.at };
	const from = later.map(({ release }) => release?.visibleFrom).find((at) => at != null);
	return from ? { kind: 'addition', from } : null;
}
