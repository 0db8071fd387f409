import { and, desc, eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId, ReportId, VersionId } from '$lib/ids.ts';
import type { VersionContent } from '$lib/report/version.ts';
import { inTransaction } from '../db/client.ts';
import { outbox } from '../db/schema/outbox.ts';
import { reportVersions, signatures } from '../db/schema/reports.ts';
import type { Services } from '../services.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { criticalResultOf, type CriticalResult } from './critical-result.ts';
import { judgedReport } from './judged-report.ts';

export type VersionRow = typeof reportVersions.$inferSelect;

/** What staff see of a version in a list. */
export interface VersionSummary {
	id: string;
	number: number;
	kind: string;
	reason: string;
	contentHash: string;
	signedBy: string;
	credentials: string;
	meaning: string;
	method: string;
	at: Date;
}

export interface ReportPage {
	reportId: string;
	state: string;
	studyUid: string;
	studyId: string;
	current: VersionContent;
	versions: VersionSummary[];
	exports: {
		id: number;
		versionNumber: number;
		kind: string;
		destination: string;
		state: string;
		attempts: number;
		nextAt: Date;
		lastError: string | null;
		doneAt: Date | null;
	}[];
	/** Null where nothing critical is marked. */
	critical: CriticalResult | null;
	abilities: { share: boolean; release: boolean; amend: boolean; export: boolean };
}

const readAction = (row: Pick<VersionRow, 'kind'>) =>
	row.kind === 'preliminary' ? 'report.read-preliminary' : 'report.read-final';

/**
 * One version, judged for this actor, with the read in the audit log before anything leaves (M3).
 * Throws `not_found` alike for a missing one, another practice's, and one that may not be seen.
 */
export async function readVersion(
	services: Services,
	actor: Extract<Actor, { practiceId: PracticeId }>,
	versionId: VersionId,
	what: 'page' | 'pdf' | 'sr'
): Promise<VersionRow> {
	const { db } = services;
	const [row] = await db
		.select()
		.from(reportVersions)
		.where(and(eq(reportVersions.id, versionId), eq(reportVersions.practiceId, actor.practiceId)));
	if (!row) throw new DomainError('not_found');
	const subject = await loadSubject(db, services, actor, { versionId });
	requireRight(actor, readAction(row), subject && { ...subject, item: 'report' });
	await inTransaction(db, (tx) =>
		services.audit.record(tx, actor, {
			action: what === 'page' ? 'report.opened' : 'report.exported',
			object: `report:${row.reportId}`,
			detail: { what, version: versionId }
		})
	);
	return row;
}

/** The signed report with its versions and exports; `not_found` until something was signed. */
export async function reportPage(
	services: Services,
	actor: Extract<Actor, { kind: 'user' }>,
	reportId: ReportId
): Promise<ReportPage> {
	const { db } = services;
	const judged = await judgedReport(services, actor, 'report.read-final', reportId);
	const { report, studies, subject } = judged;
	if (!report.currentVersionId) throw new DomainError('not_found');
	const current = await readVersion(services, actor, report.currentVersionId, 'page');
	const versions = await db
		.select({ version: reportVersions, signature: signatures })
		.from(reportVersions)
		.innerJoin(signatures, eq(signatures.versionId, reportVersions.id))
		.where(eq(reportVersions.reportId, reportId))
		.orderBy(desc(reportVersions.number));
	const exports = await db
		.select({ row: outbox, number: reportVersions.number })
		.from(outbox)
		.innerJoin(reportVersions, eq(reportVersions.id, outbox.versionId))
		.where(eq(reportVersions.reportId, reportId))
		.orderBy(desc(outbox.id));
	const able = (action: Parameters<typeof can>[1]) => can(actor, action, subject);
	return {
		reportId,
		state: report.state,
		studyUid: studies[0]?.studyUid ?? '',
		studyId: studies[0]?.id ?? '',
		current: current.content,
		versions: versions
			.filter(({ version }) => can(actor, readAction(version), subject))
			.map(({ version, signature }) => ({
				id: version.id,
				number: version.number,
				kind: version.kind,
				reason: version.reason,
				contentHash: version.contentHash,
				signedBy: signature.printedName,
				credentials: signature.credentials,
				meaning: signature.meaning,
				method: signature.method,
				at: signature.at
			})),
		exports: exports.map(({ row, number }) => ({
			id: row.id,
			versionNumber: number,
			kind: row.kind,
			destination: row.destination,
			state: row.state,
			attempts: row.attempts,
			nextAt: row.nextAt,
			lastError: row.lastError,
			doneAt: row.doneAt
		})),
		critical: able('report.read-draft')
			? await criticalResultOf(db, actor, judged, current.content.body)
			: null,
		abilities: {
			share: able('grant.create'),
			release: able('release.decide'),
			amend: can(actor, 'report.amend', { ...subject, proven: true }),
			export: able('report.export')
		}
	};
}
