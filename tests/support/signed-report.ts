import { and, desc, eq } from 'drizzle-orm';
import { afterAll } from 'vitest';
import type { JobActor, UserActor } from '$lib/access/actor.ts';
import { editText, setKeyImage } from '$lib/collab/doc-interpretation.ts';
import { readDocState } from '$lib/collab/doc-state.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import type { PatientId, PracticeId, ReportId, StudyUid, VersionId } from '$lib/ids.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { bodyOf } from '$lib/report/context.ts';
import type { PracticeSettings } from '$lib/report/practice-settings.ts';
import { createAccessRegistry } from '$lib/server/access-registry.ts';
import { hashPassword } from '$lib/server/auth/password.ts';
import { createLiveHub } from '$lib/server/collab/hub.ts';
import { beginReport } from '$lib/server/commands/begin-report.ts';
import { receiveObjects } from '$lib/server/commands/receive-objects.ts';
import { signReport } from '$lib/server/commands/sign-report.ts';
import { practiceStudies, reportVersions } from '$lib/server/db/schema/index.ts';
import { judgedReport } from '$lib/server/queries/judged-report.ts';
import { loadReportContext } from '$lib/server/queries/report-context.ts';
import type { Services } from '$lib/server/services.ts';
import { openWorksheetLibrary } from '$lib/server/worksheets/library.ts';
import { createTestArchives, type TestArchives } from './archives.ts';
import type { TestDatabase } from './database.ts';
import { buildPerson, buildPractice } from './people.ts';
import { createTestServices, type TestServices } from './services.ts';
import { tinyLoop, tinyReport } from './tiny-dicom.ts';

export const signingPassword = 'seven slow boats at dawn';

export interface ReportingTest extends TestServices {
	archives: TestArchives;
	/** A practice with an archive and a physician who signs. */
	practice(settings?: Partial<PracticeSettings>): Promise<ReportingPractice>;
}

export interface SignedStudy {
	studyUid: StudyUid;
	reportId: ReportId;
	versionId: VersionId;
	patientId: PatientId;
	/** Two loops; the first is a key image of the report. */
	sopUids: [string, string];
	/** Below `/dicom-web/`. */
	paths: { loop: string; second: string; sr: string };
}

export interface ReportingPractice {
	practiceId: PracticeId;
	physician: UserActor;
	/** A study with two loops and a machine's report, not signed. */
	arrive(patient?: { id: string; name: string }): Promise<Omit<SignedStudy, 'versionId'>>;
	/** The same, signed as final. */
	signed(patient?: { id: string; name: string }): Promise<SignedStudy>;
	addend(reportId: ReportId, text?: string, kind?: 'addendum' | 'correction'): Promise<VersionId>;
	/** The person whom a study is about, with an account. */
	account(patientId: PatientId): Promise<UserActor>;
}

/** Services with archives, worksheets and live documents, up to a signed report. */
export async function openReporting(database?: TestDatabase): Promise<ReportingTest> {
	const archives = createTestArchives();
	const worksheets = openWorksheetLibrary();
	const test = await createTestServices({ archives: archives.port, worksheets }, database);
	const { services } = test;
	const live = createLiveHub({ ...services, registry: createAccessRegistry() });
	afterAll(() => live.close());
	services.live = live;
	const passwordHash = await hashPassword(signingPassword);
	let studies = 0;

	async function practice(settings: Partial<PracticeSettings> = {}): Promise<ReportingPractice> {
		const practiceId = await buildPractice(services, undefined, settings);
		await archives.addEmbedded(services, practiceId);
		const physician = await buildPerson(services, {
			practiceId,
			roles: ['physician'],
			name: 'Ada Reader',
			credentials: 'MD',
			passwordHash
		});

		const arrive: ReportingPractice['arrive'] = async (
			{ id, name } = { id: `P${studies}`, name: `Person^Nr${studies}` }
		) => {
			const studyUid = `1.2.9.${++studies}`;
			const common = { studyUid, patientId: id, name };
			const seriesUid = `${studyUid}.1`;
			const sopUids: [string, string] = [`${seriesUid}.1`, `${seriesUid}.2`];
			const { rejected } = await receiveObjects(services, physician, {
				objects: [
					...sopUids.map((sopUid) => tinyLoop({ ...common, seriesUid, sopUid })),
					tinyReport({ ...common, seriesUid: `${studyUid}.88`, sopUid: `${studyUid}.88.1` })
				],
				origin: 'stow'
			});
			if (rejected[0]) throw new Error(rejected[0].reason);
			const study = await studyOf(services, practiceId, studyUid as StudyUid);
			const job: JobActor = { kind: 'job', name: 'test', practiceId, onBehalfOf: null };
			const begun = await beginReport(services, job, { studyId: study.id });
			if (!begun) throw new Error('no worksheet for the study');
			const root = `studies/${studyUid}/series/${seriesUid}/instances`;
			return {
				studyUid: studyUid as StudyUid,
				reportId: begun.reportId,
				patientId: study.patientId,
				sopUids,
				paths: {
					loop: `${root}/${sopUids[0]}`,
					second: `${root}/${sopUids[1]}`,
					sr: `studies/${studyUid}/series/${studyUid}.88/instances/${studyUid}.88.1`
				}
			};
		};

		return {
			practiceId,
			physician,
			arrive,
			async signed(patient) {
				const made = await arrive(patient);
				const versionId = await sign(services, physician, made);
				return { ...made, versionId };
			},
			async addend(reportId, text = 'The aortic root measures 41 mm.', kind = 'addendum') {
				const { db } = services;
				const amendment = { text, reason: 'remeasured' };
				const [last] = await db
					.select()
					.from(reportVersions)
					.where(eq(reportVersions.reportId, reportId))
					.orderBy(desc(reportVersions.number))
					.limit(1);
				if (!last) throw new Error('nothing signed');
				const { versionId } = await signReport(services, physician, {
					reportId,
					kind,
					bodyHash: contentHash({ ...last.content.body, amendment }),
					intentId: services.newId(),
					proof: { kind: 'password', password: signingPassword },
					amendment
				});
				return versionId;
			},
			account: (patientId) =>
				buildPerson(services, { practiceId, roles: ['patient'], patientId, name: 'The patient' })
		};
	}
	return { ...test, archives, practice };
}

async function studyOf({ db }: Services, practiceId: PracticeId, studyUid: StudyUid) {
	const [study] = await db
		.select()
		.from(practiceStudies)
		.where(and(eq(practiceStudies.practiceId, practiceId), eq(practiceStudies.studyUid, studyUid)));
	if (!study) throw new Error('the study did not arrive');
	return study;
}

async function sign(
	services: Services,
	physician: UserActor,
	{ reportId, studyUid, sopUids }: Omit<SignedStudy, 'versionId'>
): Promise<VersionId> {
	await services.live.applyAsServer(reportId, (doc) => {
		editText(doc, conclusionText, 'Normal left ventricular size and function.');
		setKeyImage(doc, 'key', {
			studyUid,
			seriesUid: `${studyUid}.1`,
			sopInstanceUid: sopUids[0],
			sopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
			frame: 1,
			caption: 'Apical four chamber',
			order: 0,
			by: physician.userId,
			at: services.clock().toISOString()
		});
	});
	const judged = await judgedReport(services, physician, 'report.read-draft', reportId);
	const context = await loadReportContext(services, physician.practiceId, judged);
	const { doc } = await services.live.snapshot(reportId);
	const bodyHash = contentHash(bodyOf(context, readDocState(doc)));
	doc.destroy();
	const { versionId } = await signReport(services, physician, {
		reportId,
		kind: 'final',
		bodyHash,
		intentId: services.newId(),
		proof: { kind: 'password', password: signingPassword },
		amendment: null
	});
	return versionId;
}
