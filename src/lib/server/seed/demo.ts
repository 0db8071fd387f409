import { and, eq } from 'drizzle-orm';
import type { JobActor, UserActor } from '$lib/access/actor.ts';
import { setComment } from '$lib/collab/doc-annotations.ts';
import { editText, setKeyImage } from '$lib/collab/doc-interpretation.ts';
import { readDocState } from '$lib/collab/doc-state.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import type { ArchiveId, GrantId, OrderId, ReportId, StudyUid } from '$lib/ids.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { bodyOf } from '$lib/report/context.ts';
import { loadUserActor } from '../auth/actors.ts';
import { assignStudy } from '../commands/assign-study.ts';
import { revokeGrant } from '../commands/change-grant.ts';
import { beginReport } from '../commands/begin-report.ts';
import { createGrant } from '../commands/create-grant.ts';
import { decideRelease } from '../commands/decide-release.ts';
import { fillReport } from '../commands/populate-report.ts';
import { receiveObjects } from '../commands/receive-objects.ts';
import { sendToRead } from '../commands/send-to-read.ts';
import { signReport } from '../commands/sign-report.ts';
import { inTransaction } from '../db/client.ts';
import { orders, practices, practiceStudies, studyInstances } from '../db/schema/index.ts';
import { workOnce } from '../outbox/worker.ts';
import { judgedReport } from '../queries/judged-report.ts';
import { loadReportContext } from '../queries/report-context.ts';
import type { Services } from '../services.ts';
import { drawStudies } from './draw.ts';
import {
	demoArchiveId,
	demoPassword,
	demoPeople,
	demoPracticeId,
	demoZone,
	otherArchiveId,
	otherPracticeId,
	seedPatientAccount,
	seedPractices,
	type DemoRole
} from './people.ts';
import { seedTexts, tellBefore } from './texts.ts';
import { demoStudies, type DemoStudy } from './studies.ts';
import { uidOf } from './synth/machine.ts';

export interface DemoLinks {
	/** Path with its secret: `/s/<id>#<secret>`. Null when the demo was made before. */
	sharePath: string | null;
	passcode: string;
}

export const demoPasscode = 'lantern';

export async function isSeeded({ db }: Services): Promise<boolean> {
	const rows = await db.select().from(practices).where(eq(practices.id, demoPracticeId));
	return rows.length > 0;
}

/**
 * The demo practice: a morning in an echo laboratory. A draft under discussion, a signed report, a
 * live link and a revoked one, a patient who sees what was released. Everything goes through the same
 * commands that people and machines use, so that every step stands in the audit log.
 */
export async function seedDemo(
	services: Services,
	progress: (words: string) => void
): Promise<DemoLinks> {
	const studies = demoStudies(services.clock(), demoZone);
	progress(`Drawing ${studies.length} studies`);
	const files = await drawStudies(studies, (study, done) =>
		progress(`Drew ${study.key} (${done} of ${studies.length})`)
	);
	progress('Setting up the practice');
	await inTransaction(services.db, (tx) => seedPractices(services, tx));
	await seedOrders(services, studies);
	for (const [index, study] of studies.entries()) {
		progress(`Storing ${study.key}`);
		await arrive(services, demoArchiveId, jobOf(demoPracticeId), files[index] ?? []);
	}
	// The other practice holds a study under the same UID; neither sees the other's.
	const shared = studies.findIndex((study) => study.key === 'amira');
	await arrive(services, otherArchiveId, jobOf(otherPracticeId), files[shared] ?? []);

	progress('Writing the story');
	const actors = await demoActors(services);
	await tellStory(services, actors);
	await seedTexts(services, actors);
	const before = await reportOf(services, 'marta-before');
	await tellBefore(services, actors.colleague, before.reportId);
	progress('Signing');
	return { sharePath: await signAndShare(services, actors), passcode: demoPasscode };
}

type Actors = Record<Exclude<DemoRole, 'patient'>, UserActor>;

const jobOf = (practiceId: JobActor['practiceId']): JobActor => ({
	kind: 'job',
	name: 'demo',
	practiceId,
	onBehalfOf: null
});

async function demoActors(services: Services): Promise<Actors> {
	const load = async (role: keyof Actors) => {
		const actor = await loadUserActor(services.db, demoPeople[role].id, demoPracticeId);
		if (!actor) throw new Error(`the demo has no ${role}`);
		return [role, actor] as const;
	};
	const roles = Object.keys(demoPeople).filter((role) => role !== 'patient') as (keyof Actors)[];
	return Object.fromEntries(await Promise.all(roles.map(load))) as Actors;
}

/** What was asked for, before the machine sends anything. */
async function seedOrders(services: Services, studies: DemoStudy[]): Promise<void> {
	await services.db.insert(orders).values(
		studies.map(({ scanned, indication, stat, inpatient }) => ({
			id: services.newId() as OrderId,
			practiceId: demoPracticeId,
			accession: scanned.accession,
			procedure: scanned.description,
			indication,
			referrerName: 'Dr Eva Holm',
			referrerUserId: demoPeople.referrer.id,
			stat,
			inpatient,
			orderedAt: services.clock(),
			createdAt: services.clock()
		}))
	);
}

async function arrive(
	services: Services,
	archiveId: ArchiveId,
	actor: JobActor,
	objects: Uint8Array[]
): Promise<void> {
	const { rejected, studyIds } = await receiveObjects(services, actor, {
		objects,
		origin: 'demo',
		archiveId
	});
	const [refusal] = rejected;
	if (refusal) throw new Error(`a demo object was refused: ${refusal.reason}`);
	for (const studyId of studyIds) {
		await fillReport(services, actor, { studyId });
		await services.db
			.update(practiceStudies)
			.set({ arrivedAt: services.clock() })
			.where(eq(practiceStudies.id, studyId));
	}
}

const studyUid = (key: string) => uidOf('study', key) as StudyUid;

async function reportOf(services: Services, key: string) {
	const [study] = await services.db
		.select()
		.from(practiceStudies)
		.where(
			and(
				eq(practiceStudies.practiceId, demoPracticeId),
				eq(practiceStudies.studyUid, studyUid(key))
			)
		);
	if (!study) throw new Error(`the demo has no study ${key}`);
	const begun = await fillReportId(services, study.id);
	return { study, reportId: begun };
}

async function fillReportId(
	services: Services,
	studyId: (typeof practiceStudies.$inferSelect)['id']
): Promise<ReportId> {
	const begun = await beginReport(services, jobOf(demoPracticeId), { studyId });
	if (!begun) throw new Error('a demo study has no worksheet');
	return begun.reportId;
}

async function instanceOf(services: Services, key: string, view: string) {
	const { study } = await reportOf(services, key);
	const rows = await services.db
		.select()
		.from(studyInstances)
		.where(and(eq(studyInstances.studyId, study.id), eq(studyInstances.view, view)));
	return rows[0];
}

async function addKeyLoop(services: Services, key: string, view: string, caption: string) {
	const { reportId } = await reportOf(services, key);
	const instance = await instanceOf(services, key, view);
	if (!instance) return;
	await services.live.applyAsServer(reportId, (doc) =>
		setKeyImage(doc, `demo-${view.replace(/\W/g, '-')}`, {
			studyUid: studyUid(key),
			seriesUid: instance.seriesUid,
			sopInstanceUid: instance.sopUid,
			sopClassUid: instance.sopClass,
			frame: instance.frames > 1 ? 1 : null,
			caption,
			order: 0,
			by: demoPeople.sonographer.id,
			at: services.clock().toISOString()
		})
	);
}

/** Marta's study is under discussion; others wait for their reader. */
async function tellStory(services: Services, actors: Actors): Promise<void> {
	const { reportId, study } = await reportOf(services, 'marta');
	const at = services.clock().toISOString();
	await services.live.applyAsServer(reportId, (doc) => {
		editText(
			doc,
			conclusionText,
			'Aortic stenosis has progressed since last year; the symptoms fit.'
		);
		setComment(doc, {
			id: 'demo-comment',
			field: 'av_vmax',
			text: 'Ingrid, would you check the CW alignment? I measured 4.1 m/s from the apex.',
			by: actors.sonographer.userId,
			at,
			resolved: null
		});
	});
	await addKeyLoop(services, 'marta', 'PLAX', 'Parasternal long axis: calcified aortic valve');
	await sendToRead(services, actors.sonographer, { reportId });
	await assignStudy(services, actors.cardiologist, {
		studyId: study.id,
		to: actors.cardiologist.userId
	});
	for (const key of ['johan', 'pavel']) {
		await sendToRead(services, actors.sonographer, {
			reportId: (await reportOf(services, key)).reportId
		});
	}
}

async function sign(
	services: Services,
	actor: UserActor,
	key: string,
	conclusion: string
): Promise<ReportId> {
	const { reportId } = await reportOf(services, key);
	await services.live.applyAsServer(reportId, (doc) => editText(doc, conclusionText, conclusion));
	const judged = await judgedReport(services, actor, 'report.read-draft', reportId);
	const context = await loadReportContext(services, actor.practiceId, judged);
	const { doc } = await services.live.snapshot(reportId);
	const bodyHash = contentHash(bodyOf(context, readDocState(doc)));
	doc.destroy();
	await signReport(services, actor, {
		reportId,
		kind: 'final',
		bodyHash,
		intentId: services.newId(),
		proof: { kind: 'password', password: demoPassword },
		amendment: null
	});
	return reportId;
}

/** Two signed reports, a live link with a passcode, a revoked one, a release to the patient. */
async function signAndShare(services: Services, actors: Actors): Promise<string> {
	const { cardiologist, colleague } = actors;
	await sign(
		services,
		colleague,
		'marta-before',
		'Aortic stenosis, mild by gradient and moderate by area. Preserved systolic function.'
	);
	await addKeyLoop(services, 'greta', 'A4C', 'Apical four chamber');
	const reportId = await sign(
		services,
		cardiologist,
		'greta',
		'Normal echocardiogram. No structural cause for the palpitations was seen.'
	);
	await workOnce(services);

	const { study } = await reportOf(services, 'greta');
	await inTransaction(services.db, (tx) => seedPatientAccount(services, tx, study.patientId));
	await decideRelease(services, cardiologist, {
		reportId,
		decision: 'release',
		visibleFrom: null,
		reason: ''
	});
	const days = (n: number) => new Date(services.clock().getTime() + n * 86_400_000);
	const link = {
		reportId,
		message: 'Thank you for the referral.',
		maxOpenings: null,
		instanceUids: null,
		switches: { images: true, report: true, download: true, measure: true, newerVersions: false }
	};
	const revoked = await createGrant(services, cardiologist, {
		...link,
		recipient: 'Dr Holm (sent to the wrong address)',
		passcode: null,
		expiresAt: days(7)
	});
	await revokeGrant(services, cardiologist, { id: revoked.id as GrantId, reason: 'wrong address' });
	const live = await createGrant(services, cardiologist, {
		...link,
		recipient: 'Dr Eva Holm',
		passcode: demoPasscode,
		expiresAt: days(7)
	});
	return `/s/${live.id}#${live.secret}`;
}
