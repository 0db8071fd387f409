import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { GrantActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import { personText } from '$lib/report/person-text.ts';
import type { SharedImage, SharedView } from '$lib/share/view.ts';
import { isDocument } from '../arrival/documents.ts';
import { inTransaction } from '../db/client.ts';
import { grants, grantSessions } from '../db/schema/grants.ts';
import { users } from '../db/schema/people.ts';
import { reportStudies, reportVersions } from '../db/schema/reports.ts';
import { practiceStudies, studyInstances } from '../db/schema/studies.ts';
import { loadSubject } from '../access/subjects.ts';
import type { Services } from '../services.ts';
import { visitorIdleMs } from '../commands/open-grant.ts';

/**
 * The view of an opened link, judged now: a link that ended, or whose study belongs to somebody else
 * by now, answers like one that does not exist.
 */
export async function sharedView(services: Services, actor: GrantActor): Promise<SharedView> {
	const { db } = services;
	const [grant] = await db.select().from(grants).where(eq(grants.id, actor.grantId));
	if (!grant) throw new DomainError('not_found');
	const subject = await loadSubject(db, services, actor, { reportId: grant.reportId });
	if (!subject) throw new DomainError('not_found');
	const allowed = (item: NonNullable<Subject['item']>) =>
		can(actor, item === 'report' ? 'report.read-final' : 'study.view-images', {
			...subject,
			versionId: grant.versionId,
			succeedsShared: false,
			item
		});
	const seesReport = allowed('report');
	const images = await sharedImages(services, actor, grant, subject);
	if (!seesReport && images.length === 0) throw new DomainError('not_found');

	const versions = await db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.reportId, grant.reportId))
		.orderBy(desc(reportVersions.number));
	const shared = versions.find((version) => version.id === grant.versionId);
	const newest = versions[0];
	if (!shared || !newest) throw new DomainError('not_found');
	const isSuperseded = newest.id !== shared.id;
	const shown = isSuperseded && grant.switches.newerVersions ? newest : shared;
	const { body, signature } = shown.content;
	const [sender] = await db.select().from(users).where(eq(users.id, grant.createdBy));

	await touch(services, actor);
	await inTransaction(db, (tx) =>
		services.audit.record(tx, actor, {
			action: 'grant.item-seen',
			object: `grant:${grant.id}`,
			detail: { what: seesReport ? 'report' : 'images', item: shown.id }
		})
	);
	return {
		practice: { name: body.practice.name, timeZone: body.practice.timeZone },
		patient: { name: personText(body.patient.name), birthDate: body.patient.birthDate },
		sharedBy: sender?.name ?? '',
		recipient: grant.recipient,
		message: grant.message,
		expiresAt: grant.expiresAt.toISOString(),
		switches: {
			images: grant.switches.images,
			report: grant.switches.report,
			download: grant.switches.download,
			measure: grant.switches.measure
		},
		superseded: isSuperseded
			? { at: newest.createdAt.toISOString(), shownIsNewest: shown.id === newest.id }
			: null,
		report: seesReport
			? {
					title: body.worksheet.title,
					number: shown.number,
					kind: shown.kind,
					signedBy: signature.printedName,
					credentials: signature.credentials,
					signedAt: signature.at,
					studyAt: body.studies[0]?.studyAt ?? null,
					amendment: body.amendment,
					impression: body.impression,
					abnormal: body.abnormal,
					sections: body.sections,
					comments: body.comments
				}
			: null,
		keyLoop: keyLoop(images, shown.content.body.keyImages),
		images: grant.switches.images ? images : null
	};
}

/** Activity of the visitor moves the idle end, never past the absolute one. */
async function touch({ db, clock }: Services, actor: GrantActor): Promise<void> {
	const [session] = await db
		.select()
		.from(grantSessions)
		.where(eq(grantSessions.id, actor.sessionId));
	if (!session) throw new DomainError('not_found');
	const now = clock();
	const idle = Math.min(now.getTime() + visitorIdleMs, session.absoluteExpiresAt.getTime());
	await db
		.update(grantSessions)
		.set({ lastActiveAt: now, expiresAt: new Date(idle) })
		.where(eq(grantSessions.id, session.id));
}

async function sharedImages(
	services: Services,
	actor: GrantActor,
	grant: typeof grants.$inferSelect,
	subject: Subject
): Promise<SharedImage[]> {
	const rows = await services.db
		.select({ instance: studyInstances, studyUid: practiceStudies.studyUid })
		.from(reportStudies)
		.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
		.innerJoin(studyInstances, eq(studyInstances.studyId, practiceStudies.id))
		.where(
			and(
				eq(reportStudies.reportId, grant.reportId),
				inArray(
					practiceStudies.studyUid,
					grant.scope.studyUids as (typeof practiceStudies.$inferSelect)['studyUid'][]
				)
			)
		)
		.orderBy(asc(studyInstances.seriesNumber), asc(studyInstances.instanceNumber));
	return rows.flatMap(({ instance, studyUid }): SharedImage[] => {
		if (isDocument(instance.sopClass) || instance.rows === null || instance.columns === null)
			return [];
		const judged: Subject = {
			...subject,
			studyUid,
			sopUid: instance.sopUid,
			isDocument: false,
			item: 'images'
		};
		if (!can(actor, 'study.view-images', judged)) return [];
		return [
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
		];
	});
}

/** The reader's first key image; without one, the first loop: a picture says more than none. */
function keyLoop(
	images: SharedImage[],
	keyImages: { sopInstanceUid: string; caption: string; frame: number | null }[]
): SharedView['keyLoop'] {
	for (const key of keyImages) {
		const image = images.find((item) => item.sopInstanceUid === key.sopInstanceUid);
		if (image) return { ...image, caption: key.caption, frame: key.frame ?? 1 };
	}
	const loop = images.find((image) => image.frames > 1) ?? images[0];
	return loop ? { ...loop, caption: loop.view, frame: 1 } : null;
}
