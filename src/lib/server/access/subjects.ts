import { and, desc, eq, inArray, isNotNull, isNull, ne, or } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import type { Subject } from '$lib/access/subject.ts';
import type {
	GrantId,
	PatientId,
	PracticeId,
	ReportId,
	StudyId,
	StudyUid,
	UserId,
	VersionId
} from '$lib/ids.ts';
import { loadPractice } from '../auth/practice.ts';
import type { Queryable } from '../db/client.ts';
import {
	grants,
	orders,
	patientLinks,
	practiceStudies,
	reports,
	reportStudies,
	reportVersions,
	signatures
} from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { seesReleasedOnly, visibleVersion } from './visible-version.ts';

/** What a request may name; each is looked up within the actor's practice (B2, B3). */
export type Named =
	| { reportId: ReportId }
	| { studyId: StudyId }
	| { studyUid: StudyUid }
	| { versionId: VersionId }
	| { patientId: PatientId };

/**
 * The facts that the policy needs about a thing, as they stand now; null when the actor's practice
 * has no such thing. `db` is the transaction in which the decision counts.
 */
export async function loadSubject(
	db: Queryable,
	{ clock }: Pick<Services, 'clock'>,
	actor: Actor,
	named: Named
): Promise<Subject | null> {
	if (actor.kind === 'nobody') return null;
	const { practiceId } = actor;
	const found = await find(db, practiceId, named);
	if (!found) return null;
	const { patientId, reportId } = found;
	const samePatient = await allOfOne(db, practiceId, patientId);
	const { released, versionId } = await releaseOf(db, actor, found, named, clock());
	const subject: Subject = {
		practiceId,
		patientId,
		referrers: await referrersOf(db, practiceId, samePatient),
		released,
		signers: reportId ? await signersOf(db, reportId) : []
	};
	if (found.studyUid) subject.studyUid = found.studyUid;
	if (found.state) subject.state = found.state;
	if (versionId) subject.versionId = versionId;
	const sharing = (await loadPractice(db, practiceId))?.settings.sharing;
	if (sharing) subject.sharing = sharing;
	if (actor.kind === 'grant') await addGrant(db, clock(), actor.grantId, found, subject);
	return subject;
}

interface Found {
	practiceId: PracticeId;
	patientId: PatientId;
	studyId?: StudyId;
	studyUid?: StudyUid;
	reportId?: ReportId;
	state?: (typeof reports.$inferSelect)['state'];
	versionId?: VersionId;
}

async function find(db: Queryable, practiceId: PracticeId, named: Named): Promise<Found | null> {
	if ('patientId' in named) {
		const [study] = await db
			.select({ patientId: practiceStudies.patientId })
			.from(practiceStudies)
			.where(
				and(
					eq(practiceStudies.practiceId, practiceId),
					eq(practiceStudies.patientId, named.patientId)
				)
			)
			.limit(1);
		return study ? { practiceId, patientId: named.patientId } : null;
	}
	if ('versionId' in named) {
		const [version] = await db
			.select({ reportId: reportVersions.reportId })
			.from(reportVersions)
			.where(
				and(eq(reportVersions.practiceId, practiceId), eq(reportVersions.id, named.versionId))
			);
		const report = version && (await findReport(db, practiceId, version.reportId));
		return report ? { ...report, versionId: named.versionId } : null;
	}
	if ('reportId' in named) return findReport(db, practiceId, named.reportId);
	const which =
		'studyId' in named
			? eq(practiceStudies.id, named.studyId)
			: eq(practiceStudies.studyUid, named.studyUid);
	const [study] = await db
		.select()
		.from(practiceStudies)
		.where(and(eq(practiceStudies.practiceId, practiceId), which))
		.limit(1);
	if (!study) return null;
	const [report] = await db
		.select({ id: reports.id, state: reports.state, versionId: reports.currentVersionId })
		.from(reportStudies)
		.innerJoin(reports, eq(reports.id, reportStudies.reportId))
		.where(eq(reportStudies.studyId, study.id))
		.orderBy(desc(reports.createdAt))
		.limit(1);
	return {
		practiceId,
		patientId: study.patientId,
		studyId: study.id,
		studyUid: study.studyUid,
		...(report ? { reportId: report.id, state: report.state } : {}),
		...(report?.versionId ? { versionId: report.versionId } : {})
	};
}

async function findReport(
	db: Queryable,
	practiceId: PracticeId,
	reportId: ReportId
): Promise<Found | null> {
	const [report] = await db
		.select()
		.from(reports)
		.where(and(eq(reports.practiceId, practiceId), eq(reports.id, reportId)));
	if (!report) return null;
	const [study] = await db
		.select({ id: practiceStudies.id, uid: practiceStudies.studyUid })
		.from(reportStudies)
		.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
		.where(eq(reportStudies.reportId, reportId))
		.orderBy(reportStudies.position)
		.limit(1);
	return {
		practiceId,
		patientId: report.patientId,
		reportId,
		state: report.state,
		...(study ? { studyId: study.id, studyUid: study.uid } : {}),
		...(report.currentVersionId ? { versionId: report.currentVersionId } : {})
	};
}

/** Everybody a human said is this person. */
async function allOfOne(db: Queryable, practiceId: PracticeId, patientId: PatientId) {
	const links = await db
		.select()
		.from(patientLinks)
		.where(
			and(
				eq(patientLinks.practiceId, practiceId),
				isNull(patientLinks.undoneAt),
				or(eq(patientLinks.survivorId, patientId), eq(patientLinks.mergedId, patientId))
			)
		);
	return [...new Set([patientId, ...links.flatMap((l) => [l.survivorId, l.mergedId])])];
}

async function referrersOf(db: Queryable, practiceId: PracticeId, patients: PatientId[]) {
	const rows = await db
		.select({ id: orders.referrerUserId })
		.from(orders)
		.where(
			and(
				eq(orders.practiceId, practiceId),
				inArray(orders.patientId, patients),
				isNotNull(orders.referrerUserId)
			)
		);
	return rows.map((row) => row.id).filter((id): id is UserId => id !== null);
}

/**
 * Whether a release shows the patient what was asked about, and which version that is. Of a study
 * or a report they see the newest released version; a version named by its id must be that one.
 */
async function releaseOf(
	db: Queryable,
	actor: Actor,
	found: Found,
	named: Named,
	now: Date
): Promise<{ released: boolean; versionId?: VersionId }> {
	const { practiceId, versionId, reportId } = found;
	const current = versionId ? { versionId } : {};
	if (!reportId) return { released: false, ...current };
	const visible = await visibleVersion(db, practiceId, reportId, now);
	if (visible === null || visible === versionId) {
		return { released: visible !== null, ...current };
	}
	// For everybody else it is the current version that is released or not.
	if (!seesReleasedOnly(actor) || 'versionId' in named) return { released: false, ...current };
	return { released: true, versionId: visible };
}

async function signersOf(db: Queryable, reportId: ReportId): Promise<UserId[]> {
	const rows = await db
		.selectDistinct({ userId: signatures.userId })
		.from(signatures)
		.innerJoin(reportVersions, eq(reportVersions.id, signatures.versionId))
		.where(eq(reportVersions.reportId, reportId));
	return rows.map((row) => row.userId);
}

async function addGrant(
	db: Queryable,
	now: Date,
	grantId: GrantId,
	found: Found,
	subject: Subject
): Promise<void> {
	const [grant] = await db.select().from(grants).where(eq(grants.id, grantId));
	if (!grant) return;
	const [moved] = await db
		.select({ id: practiceStudies.id })
		.from(practiceStudies)
		.where(
			and(
				eq(practiceStudies.practiceId, grant.practiceId),
				inArray(practiceStudies.studyUid, grant.scope.studyUids as StudyUid[]),
				ne(practiceStudies.patientId, grant.patientId)
			)
		)
		.limit(1);
	subject.grant = {
		id: grant.id,
		open:
			now < grant.expiresAt &&
			grant.revokedAt === null &&
			grant.pausedAt === null &&
			// Pinned: what belongs to somebody else by now, or holds a study that does, was not shared (C6).
			grant.patientId === found.patientId &&
			moved === undefined,
		scope: grant.scope,
		switches: grant.switches,
		versionId: grant.versionId
	};
	subject.succeedsShared = found.reportId === grant.reportId && found.versionId !== grant.versionId;
}
