import { and, asc, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { criticalFinding, isCriticalMarked, type Communication } from '$lib/report/critical.ts';
import { isFrozen } from '$lib/report/states.ts';
import type { ReportBody } from '$lib/report/version.ts';
import type { Queryable } from '../db/client.ts';
import { criticalCommunications } from '../db/schema/communications.ts';
import { reportVersions } from '../db/schema/reports.ts';
import type { Services } from '../services.ts';
import { judgedReport, type JudgedReport } from './judged-report.ts';

/** A critical result of a signed report, and who was told of it since. */
export interface CriticalResult {
	finding: string;
	/** It does not stand yet who was told, when, and that it was read back. */
	open: boolean;
	communications: Communication[];
	/** This person may record who was told. */
	mayRecord: boolean;
}

/** In the order in which they were recorded. */
export async function communicationsOf(
	db: Queryable,
	reportId: ReportId
): Promise<Communication[]> {
	const rows = await db
		.select()
		.from(criticalCommunications)
		.where(eq(criticalCommunications.reportId, reportId))
		.orderBy(asc(criticalCommunications.position));
	return rows.map(({ id, told, toldAt, how, readBack, recordedName, recordedAt }) => ({
		id,
		told,
		at: toldAt.toISOString(),
		how,
		readBack,
		recordedBy: recordedName,
		recordedAt: recordedAt.toISOString()
	}));
}

/** Null where the version marks none. */
export async function criticalResultOf(
	db: Queryable,
	actor: UserActor,
	{ report, subject }: Pick<JudgedReport, 'report' | 'subject'>,
	{ entries }: Pick<ReportBody, 'entries'>
): Promise<CriticalResult | null> {
	if (!isCriticalMarked(entries)) return null;
	return {
		finding: criticalFinding(entries),
		open: report.criticalOpen,
		communications: await communicationsOf(db, report.id),
		mayRecord: isFrozen(report.state) && can(actor, 'report.record-communication', subject)
	};
}

/** For the reading room; null where nothing is signed, or nothing critical. */
export async function criticalResult(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<CriticalResult | null> {
	const { db } = services;
	const judged = await judgedReport(services, actor, 'report.read-draft', reportId);
	const { currentVersionId, practiceId } = judged.report;
	if (!currentVersionId) return null;
	const [version] = await db
		.select({ content: reportVersions.content })
		.from(reportVersions)
		.where(and(eq(reportVersions.id, currentVersionId), eq(reportVersions.practiceId, practiceId)));
	if (!version) throw new DomainError('not_found');
	return criticalResultOf(db, actor, judged, version.content.body);
}
