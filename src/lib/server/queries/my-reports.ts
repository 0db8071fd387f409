import { and, asc, desc, eq, inArray, like, or } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { plainSummary, wordsOf } from '$lib/patient/plain-words.ts';
import type { MyReport, MyReportLine } from '$lib/patient/view.ts';
import type { VersionContent } from '$lib/report/version.ts';
import type { SharedImage } from '$lib/share/view.ts';
import { laterVersion } from '../access/later-version.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { isInForce } from '../access/visible-version.ts';
import { isDocument } from '../arrival/documents.ts';
import { inTransaction } from '../db/client.ts';
import { auditEvents } from '../db/schema/audit.ts';
import { grants, releases } from '../db/schema/grants.ts';
import { reports, reportStudies, reportVersions } from '../db/schema/reports.ts';
import { practiceStudies, studyInstances } from '../db/schema/studies.ts';
import type { Services } from '../services.ts';

const line = (reportId: string, { body }: VersionContent): MyReportLine => ({
	reportId,
	title: body.worksheet.title,
	studyAt: body.studies[0]?.studyAt ?? null,
	practice: body.practice.name,
	timeZone: body.practice.timeZone
});

/** What was released to this patient. Everything else does not exist for them (c3). */
export async function myReports(services: Services, actor: UserActor): Promise<MyReportLine[]> {
	if (actor.patientIds.length === 0) return [];
	const rows = await services.db
		.selectDistinctOn([reports.id], { reportId: reports.id, content: reportVersions.content })
		.from(releases)
		.innerJoin(reports, eq(reports.id, releases.reportId))
		.innerJoin(reportVersions, eq(reportVersions.id, releases.versionId))
		.where(
			and(
				eq(releases.practiceId, actor.practiceId),
				inArray(reports.patientId, [...actor.patientIds]),
				isInForce(services.clock())
			)
		)
		.orderBy(reports.id, desc(reportVersions.number));
	return rows
		.map(({ reportId, content }) => line(reportId, content))
		.sort((a, b) => ((a.studyAt ?? '') < (b.studyAt ?? '') ? 1 : -1));
}

/** One of them, with the read in the audit log. Throws `not_found` for whatever is not released. */
export async function myReport(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<MyReport> {
	const { db } = services;
	const subject = await loadSubject(db, services, actor, { reportId });
	requireRight(actor, 'report.read-final', subject);
	if (!subject.versionId) throw new DomainError('not_found');
	const [version] = await db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.id, subject.versionId));
	if (!version || version.kind === 'preliminary') throw new DomainError('not_found');
	await inTransaction(db, (tx) =>
		services.audit.record(tx, actor, {
			action: 'report.opened',
			object: `report:${reportId}`,
			detail: { what: 'my', version: version.id }
		})
	);
	const { body, signature } = version.content;
	const later = await laterVersion(db, version, services.clock());
	return {
		...line(reportId, version.content),
		versionId: version.id,
		signedBy: [signature.printedName, signature.credentials].filter(Boolean).join(', '),
		signedAt: signature.at,
		amendment: body.amendment?.text ?? null,
		later: later && {
			kind: later.kind,
			at: (later.kind === 'corrected' ? later.at : later.from).toISOString()
		},
		summary: plainSummary(body),
		impression: body.impression,
		words: wordsOf(body),
		images: await imagesOf(services, reportId),
		lookedAt: await lookedAt(services, actor, reportId),
		contact: [body.practice.name, ...body.practice.letterhead]
	};
}

async function imagesOf({ db }: Services, reportId: ReportId): Promise<SharedImage[]> {
	const rows = await db
		.select({ instance: studyInstances, studyUid: practiceStudies.studyUid })
		.from(reportStudies)
		.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
		.innerJoin(studyInstances, eq(studyInstances.studyId, practiceStudies.id))
		.where(eq(reportStudies.reportId, reportId))
		.orderBy(asc(studyInstances.seriesNumber), asc(studyInstances.instanceNumber));
	return rows.flatMap(({ instance, studyUid }) =>
		isDocument(instance.sopClass) || instance.rows === null || instance.columns === null
			? []
			: [
					{
						studyUid,
						seriesUid: instance.seriesUid,
						sopInstanceUid: instance.sopUid,
						frames: instance.frames,
						frameTimeMs: instance.frameTimeMs,
						rows: instance.rows,
						columns: instance.columns,
						view: instance.view
					}
				]
	);
}

/** Who opened this report, by kind: names of staff are not the patient's business, that they looked is. */
async function lookedAt(
	{ db }: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<MyReport['lookedAt']> {
	const links = await db
		.select({ id: grants.id })
		.from(grants)
		.where(eq(grants.reportId, reportId));
	const objects = [`report:${reportId}`, ...links.map((link) => `grant:${link.id}`)];
	const rows = await db
		.select()
		.from(auditEvents)
		.where(
			and(
				eq(auditEvents.practiceId, actor.practiceId),
				eq(auditEvents.outcome, 'success'),
				inArray(auditEvents.object, objects),
				or(
					inArray(auditEvents.action, [
						'report.opened',
						'report.exported',
						'grant.item-seen',
						'grant.downloaded'
					]),
					like(auditEvents.action, 'report.document-opened')
				)
			)
		)
		.orderBy(desc(auditEvents.sequence))
		.limit(50);
	return rows.map((row) => ({
		who: row.actor.startsWith('grant:')
			? 'link'
			: row.actor === `user:${actor.userId}`
				? 'you'
				: 'staff',
		what: row.action === 'report.exported' || row.action === 'grant.downloaded' ? 'copy' : 'report',
		at: row.at.toISOString()
	}));
}
