import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId, VersionId } from '$lib/ids.ts';
import { decideRelease, type DecideRelease } from '$lib/server/commands/decide-release.ts';
import { auditEvents, reportVersions } from '$lib/server/db/schema/index.ts';
import { releasesOfReport } from '$lib/server/queries/list-releases.ts';
import { myReport, myReports } from '$lib/server/queries/my-reports.ts';
import { readVersion } from '$lib/server/queries/report-versions.ts';
import { versionPdf } from '$lib/server/queries/version-pdf.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import { hours } from '../../support/clock.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { codeOf, dicomStatus, dicomWeb, opened } from './setup.ts';

let test: ReportingTest;
let here: ReportingPractice;

beforeAll(async () => {
	test = await openReporting();
	here = await test.practice();
});

const decide = (
	reportId: ReportId,
	decision: DecideRelease['decision'],
	parts: Partial<DecideRelease> & { by?: UserActor } = {}
) => {
	const { by, ...rest } = parts;
	return decideRelease(test.services, by ?? here.physician, {
		reportId,
		decision,
		visibleFrom: null,
		reason: '',
		...rest
	});
};

/** What a person sees of a study by every door: page, list, pictures, search, PDF, SR. */
async function sees(patient: UserActor, study: SignedStudy) {
	const { services } = test;
	const list = await myReports(services, patient);
	const search = (await (await dicomWeb(services, patient, 'studies')).json()) as unknown[];
	return {
		list: list.map(({ reportId }) => reportId),
		page: await codeOf(myReport(services, patient, study.reportId)),
		picture: await dicomStatus(services, patient, `${study.paths.loop}/rendered`),
		search: search.length,
		pdf: await codeOf(readVersion(services, patient, study.versionId, 'pdf')),
		sr: await dicomStatus(services, patient, study.paths.sr)
	};
}
const nothing = { list: [], page: 'not_found', picture: 404, search: 0, pdf: 'not_found', sr: 404 };
const all = (study: SignedStudy) => ({
	list: [study.reportId],
	page: 'ok',
	picture: 200,
	search: 1,
	pdf: 'ok',
	// The machine’s own document is for staff.
	sr: 404
});

describe('a patient (c3, T15)', () => {
	it('has nothing by any door before the release, all of it after, and nothing again when held', async () => {
		const study = await here.signed();
		const patient = await here.account(study.patientId);
		expect(await sees(patient, study)).toEqual(nothing);
		await decide(study.reportId, 'release');
		expect(await sees(patient, study)).toEqual(all(study));
		await decide(study.reportId, 'hold', { reason: 'talk to them first' });
		expect(await sees(patient, study)).toEqual(nothing);
		await decide(study.reportId, 'release', { reason: 'talked to them' });
		expect(await sees(patient, study)).toEqual(all(study));
	});

	it('cannot tell an unreleased report from one that does not exist', async () => {
		const study = await here.signed();
		const patient = await here.account(study.patientId);
		const errors = await Promise.all(
			[study.reportId, 'no-such-report' as ReportId].map((id) =>
				myReport(test.services, patient, id).catch((e: unknown) => e)
			)
		);
		expect(errors.map((e) => (e as { code: string }).code)).toEqual(['not_found', 'not_found']);
		expect(errors.map((e) => (e as { detail?: string }).detail)).toEqual([undefined, undefined]);
		const [closed, none] = await Promise.all(
			[study.paths.loop, 'studies/9.9.9/series/9.9/instances/9'].map(async (path) =>
				(await dicomWeb(test.services, patient, path)).text()
			)
		);
		expect(closed).toBe(none);
	});

	it('never sees another’s, released or not', async () => {
		const [mine, theirs] = [await here.signed(), await here.signed()];
		const me = await here.account(mine.patientId);
		await decide(mine.reportId, 'release');
		await decide(theirs.reportId, 'release');
		expect((await sees(me, mine)).list).toEqual([mine.reportId]);
		expect(await sees(me, theirs)).toEqual({ ...nothing, list: [mine.reportId], search: 1 });
	});

	it('of another practice sees nothing here, whatever id the record has', async () => {
		const there = await test.practice();
		const study = await here.signed();
		await decide(study.reportId, 'release');
		const stranger = await there.account(study.patientId);
		expect(await sees(stranger, study)).toEqual(nothing);
	});

	it('waits for the hour that was set', async () => {
		const study = await here.signed();
		const patient = await here.account(study.patientId);
		const visibleFrom = new Date(test.time.clock().getTime() + hours(24));
		await decide(study.reportId, 'release', { visibleFrom });
		test.time.set(new Date(visibleFrom.getTime() - 1));
		expect(await sees(patient, study)).toEqual(nothing);
		test.time.set(visibleFrom);
		expect(await sees(patient, study)).toEqual(all(study));
	});

	it('reads words for people, no ids of staff, and who looked at it', async () => {
		const study = await here.signed();
		const patient = await here.account(study.patientId);
		await decide(study.reportId, 'release');
		await readVersion(test.services, here.physician, study.versionId, 'pdf');
		const link = await opened(test.services, here, study);
		await sharedView(test.services, link);
		await myReport(test.services, patient, study.reportId);
		const report = await myReport(test.services, patient, study.reportId);
		expect(report).toMatchObject({
			title: 'Adult transthoracic echocardiogram',
			signedBy: 'Ada Reader, MD',
			impression: ['Normal left ventricular size and function.']
		});
		expect(report.words.map(({ word }) => word)).toContain('Left ventricle');
		expect(report.images.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(study.sopUids);
		expect(report.lookedAt.slice(0, 4).map(({ who, what }) => `${who} ${what}`)).toEqual([
			'you report',
			'you report',
			'link report',
			'staff copy'
		]);
		expect(JSON.stringify(report)).not.toContain(here.physician.userId);
		expect(JSON.stringify(report)).not.toContain(link.grantId);
	});

	it('leaves a trace of each read, and none is given when it cannot be kept (M3)', async () => {
		const study = await here.signed();
		const patient = await here.account(study.patientId);
		await decide(study.reportId, 'release');
		const { audit } = test.services;
		test.services.audit = { record: () => Promise.reject(new Error('disk full')) };
		try {
			expect(await codeOf(myReport(test.services, patient, study.reportId))).toContain('disk full');
		} finally {
			test.services.audit = audit;
		}
		await myReport(test.services, patient, study.reportId);
		const events = await test.services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.actor, `user:${patient.userId}`));
		expect(events.map(({ action }) => action)).toEqual(['report.opened']);
	});
});

/** What page and PDFs say of a report's versions. */
async function shown(patient: UserActor, study: SignedStudy, versions: VersionId[]) {
	const { services } = test;
	const page = await myReport(services, patient, study.reportId).catch(() => null);
	const pdfs = [];
	for (const id of versions) {
		const { pdf } = await versionPdf(services, patient, id).catch(() => ({ pdf: null }));
		const [row] = await services.db.select().from(reportVersions).where(eq(reportVersions.id, id));
		const signed = pdf !== null && Buffer.from(pdf).equals(Buffer.from(row!.pdf));
		pdfs.push(pdf === null ? 'none' : signed ? 'signed' : 'marked');
	}
	return {
		version: page && versions.indexOf(page.versionId as VersionId) + 1,
		later: page?.later?.kind ?? null,
		pdfs
	};
}

describe('a patient whose report was amended', () => {
	const twice = async (
		practice: ReportingPractice,
		kind: 'addendum' | 'correction',
		before: (study: SignedStudy) => Promise<unknown>
	) => {
		const study = await practice.signed();
		const patient = await practice.account(study.patientId);
		await before(study);
		const second = await practice.addend(study.reportId, 'The aortic root measures 41 mm.', kind);
		return { study, patient, second, see: () => shown(patient, study, [study.versionId, second]) };
	};

	it('goes on seeing the version before an addendum, with no hint, until that is released', async () => {
		const { study, patient, see } = await twice(here, 'addendum', (made) =>
			decide(made.reportId, 'release')
		);
		expect(await see()).toEqual({ version: 1, later: null, pdfs: ['signed', 'none'] });
		expect(await sees(patient, study)).toEqual(all(study));
		// The first decision about the addendum overrides nothing.
		await decide(study.reportId, 'release');
		expect(await see()).toEqual({ version: 2, later: null, pdfs: ['none', 'signed'] });
		expect((await myReport(test.services, patient, study.reportId)).amendment).toContain('41 mm');
	});

	it('keeps the version before while the addendum waits for its hour, and is told of it', async () => {
		const { study, see } = await twice(here, 'addendum', (made) =>
			decide(made.reportId, 'release')
		);
		const visibleFrom = new Date(test.time.clock().getTime() + hours(24));
		await decide(study.reportId, 'release', { visibleFrom });
		expect(await see()).toEqual({ version: 1, later: 'addition', pdfs: ['signed', 'none'] });
		test.time.set(visibleFrom);
		expect(await see()).toEqual({ version: 2, later: null, pdfs: ['none', 'signed'] });
	});

	it('reads at once, on the page and in the PDF, that a report was corrected', async () => {
		const { study, see } = await twice(here, 'correction', (made) =>
			decide(made.reportId, 'release')
		);
		expect(await see()).toEqual({ version: 1, later: 'corrected', pdfs: ['marked', 'none'] });
		await decide(study.reportId, 'release');
		expect(await see()).toEqual({ version: 2, later: null, pdfs: ['none', 'signed'] });
	});

	it('sees nothing of either when the report is held after all', async () => {
		const { study, patient } = await twice(here, 'addendum', (made) =>
			decide(made.reportId, 'release')
		);
		await decide(study.reportId, 'hold', { reason: 'talk to them first' });
		expect(await sees(patient, study)).toEqual(nothing);
	});

	it('where a rule releases, sees an addendum as long after its own signature', async () => {
		const ruled = await test.practice({ patientReleaseAfterHours: 72 });
		const study = await ruled.signed();
		const patient = await ruled.account(study.patientId);
		test.time.advance(hours(72));
		const second = await ruled.addend(study.reportId);
		const see = () => shown(patient, study, [study.versionId, second]);
		expect(await see()).toEqual({ version: 1, later: 'addition', pdfs: ['signed', 'none'] });
		test.time.advance(hours(72));
		expect(await see()).toEqual({ version: 2, later: null, pdfs: ['none', 'signed'] });
	});

	it('where a rule releases, never sees what was corrected before its hour', async () => {
		const ruled = await test.practice({ patientReleaseAfterHours: 72 });
		const study = await ruled.signed();
		const patient = await ruled.account(study.patientId);
		test.time.advance(hours(10));
		const second = await ruled.addend(study.reportId, 'It was the other valve.', 'correction');
		const see = () => shown(patient, study, [study.versionId, second]);
		test.time.advance(hours(71));
		expect(await see()).toEqual({ version: null, later: null, pdfs: ['none', 'none'] });
		test.time.advance(hours(1));
		expect(await see()).toEqual({ version: 2, later: null, pdfs: ['none', 'signed'] });
	});

	it('keeps waiting when a report is held, whatever is signed after it', async () => {
		const ruled = await test.practice({ patientReleaseAfterHours: 1 });
		const study = await ruled.signed();
		const patient = await ruled.account(study.patientId);
		const hold = { by: ruled.physician, reason: 'talk to them first' };
		await decide(study.reportId, 'hold', hold);
		await ruled.addend(study.reportId);
		test.time.advance(hours(100));
		expect(await sees(patient, study)).toEqual(nothing);
		const release = { by: ruled.physician };
		expect(await codeOf(decide(study.reportId, 'release', release))).not.toBe('ok');
	});
});

describe('releasing', () => {
	it('takes final reports only', async () => {
		const draft = await here.arrive();
		expect(await codeOf(decide(draft.reportId, 'release'))).toBe('conflict');
	});

	it('asks for a reason to hold, and to change what was decided (c10)', async () => {
		const study = await here.signed();
		expect(await codeOf(decide(study.reportId, 'hold'))).not.toBe('ok');
		expect(await codeOf(decide(study.reportId, 'hold', { reason: '   ' }))).not.toBe('ok');
		expect(await codeOf(decide(study.reportId, 'release'))).toBe('ok');
		expect(await codeOf(decide(study.reportId, 'release'))).not.toBe('ok');
		expect(await codeOf(decide(study.reportId, 'hold', { reason: 'by phone' }))).toBe('ok');
		const decisions = await releasesOfReport(test.services, here.physician, study.reportId);
		expect(decisions.map(({ held, current }) => [held, current])).toEqual(
			expect.arrayContaining([
				[true, true],
				[false, false]
			])
		);
		expect(decisions.filter(({ current }) => current)).toHaveLength(1);
	});

	it('is for physicians, and for nobody of another practice', async () => {
		const study = await here.signed();
		for (const role of ['admin', 'fellow', 'sonographer', 'referrer'] as const) {
			const by = await buildPerson(test.services, { practiceId: here.practiceId, roles: [role] });
			expect(await codeOf(decide(study.reportId, 'release', { by })), role).not.toBe('ok');
		}
		const by = await here.account(study.patientId);
		expect(await codeOf(decide(study.reportId, 'release', { by }))).toBe('not_found');
		const there = await test.practice();
		expect(await codeOf(decide(study.reportId, 'release', { by: there.physician }))).toBe(
			'not_found'
		);
		expect(await releasesOfReport(test.services, here.physician, study.reportId)).toEqual([]);
	});

	it('by the practice’s rule begins so many hours after signing, and an early one needs a reason', async () => {
		const ruled = await test.practice({ patientReleaseAfterHours: 72 });
		const study = await ruled.signed();
		const patient = await ruled.account(study.patientId);
		const by = ruled.physician;
		expect(await sees(patient, study)).toEqual(nothing);
		expect(await codeOf(decide(study.reportId, 'release', { by }))).not.toBe('ok');
		const signedAt = test.time.clock().getTime();
		test.time.set(new Date(signedAt + hours(72) - 1));
		expect((await sees(patient, study)).page).toBe('not_found');
		test.time.advance(1);
		expect(await sees(patient, study)).toEqual(all(study));
		const early = await ruled.signed();
		expect(
			await codeOf(decide(early.reportId, 'release', { by, reason: 'the patient asked' }))
		).toBe('ok');
	});
});
