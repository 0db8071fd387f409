import { and, desc, eq, isNotNull, isNull, lte } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import type { PracticeId, ReportId, VersionId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { releases } from '../db/schema/grants.ts';
import { reportVersions } from '../db/schema/reports.ts';

/** A decision that has not been replaced, is not held, and whose time has come. */
export const isInForce = (now: Date) =>
	and(
		isNull(releases.supersededAt),
		eq(releases.held, false),
		isNotNull(releases.visibleFrom),
		lte(releases.visibleFrom, now)
	);

/** Somebody who is a patient here and nothing else. */
export const seesReleasedOnly = (actor: Actor): boolean =>
	actor.kind === 'user' && actor.roles.every((role) => role === 'patient');

/** The one version that a patient sees: the newest whose release has come. Null when there is none. */
export async function visibleVersion(
	db: Queryable,
	practiceId: PracticeId,
	reportId: ReportId,
	now: Date
): Promise<VersionId | null> {
	const [row] = await db
		.select({ id: reportVersions.id })
		.from(releases)
		.innerJoin(reportVersions, eq(reportVersions.id, releases.versionId))
		.where(
			and(eq(releases.practiceId, practiceId), eq(releases.reportId, reportId), isInForce(now))
		)
		.orderBy(desc(reportVersions.number))
		.limit(1);
	return row?.id ?? null;
}
