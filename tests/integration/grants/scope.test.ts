import { execFileSync } from 'node:child_process';
import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GrantActor } from '$lib/access/actor.ts';
import { openThings } from '$lib/server/access-registry.ts';
import { resumeGrant, revokeGrant } from '$lib/server/commands/change-grant.ts';
import { disablePerson } from '$lib/server/commands/change-person.ts';
import { openGrant } from '$lib/server/commands/open-grant.ts';
import { grants, grantSessions, practiceStudies, reports } from '$lib/server/db/schema/index.ts';
import { liveUntilCut } from '$lib/server/grants/live-until-cut.ts';
import { sharedPdf } from '$lib/server/grants/shared-pdf.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import { listGrants } from '$lib/server/queries/list-grants.ts';
import { readVersion } from '$lib/server/queries/report-versions.ts';
import type { Services } from '$lib/server/services.ts';
import { buildPerson } from '../../support/people.ts';
import { minutes } from '../../support/clock.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { codeOf, dicomStatus, dicomWeb, opened, share } from './setup.ts';

let test: ReportingTest;
let here: ReportingPractice;
let study: SignedStudy;
let other: SignedStudy;
const bare = { accept: 'application/dicom' };

beforeAll(async () => {
	test = await openReporting();
	here = await test.practice();
	study = await here.signed();
	other = await here.signed();
});

const view = (actor: GrantActor) => sharedView(test.services, actor);
const pdf = (actor: GrantActor) => sharedPdf(test.services, actor);
const status = (actor: GrantActor, path: string) => dicomStatus(test.services, actor, path, bare);
const text = (bytes: Uint8Array) =>
	execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' });
const pictures = (bytes: Uint8Array) =>
	execFileSync('pdfimages', ['-list', '-'], { input: bytes, encoding: 'utf8' })
		.split('\n')
		.filter((line) => /\bimage\b/.test(line) && !/^page/.test(line)).length;

describe('a link opens', () => {
	it('the report and its pictures, and names nothing else', async () => {
		const actor = await opened(test.services, here, study, { message: 'As discussed.' });
		const shown = await view(actor);
		expect(shown.report?.impression.join(' ')).toContain('Normal left ventricular');
		expect(shown.report?.signedBy).toBe('Ada Reader');
		expect(shown.superseded).toBeNull();
		expect(shown.images?.map((image) => image.sopInstanceUid)).toEqual(study.sopUids);
		expect(shown.keyLoop).toMatchObject({
			sopInstanceUid: study.sopUids[0],
			caption: 'Apical four chamber'
		});
		expect(shown).toMatchObject({ recipient: 'Dr Eva Holm', message: 'As discussed.' });
		const answer = JSON.stringify(shown);
		for (const secret of [study.reportId, study.versionId, here.physician.userId]) {
			expect(answer).not.toContain(secret);
		}
		expect(await status(actor, study.paths.loop)).toBe(200);
	});

	it('nothing of other studies, no document, no search (T14, T21)', async () => {
		const actor = await opened(test.services, here, study);
		for (const path of [
			other.paths.loop,
			`${other.paths.loop}/rendered`,
			`${other.paths.loop}/metadata`,
			`studies/${other.studyUid}/series/${study.studyUid}.1/instances/${study.sopUids[0]}`,
			`studies/${study.studyUid}/series/${other.studyUid}.1/instances/${other.sopUids[0]}`,
			study.paths.sr,
			`${study.paths.sr}/metadata`,
			`${study.paths.sr}/rendered`,
			`studies/${study.studyUid}/series/${study.studyUid}.88`,
			'studies',
			'studies?includefield=all',
			`studies/${study.studyUid}/series`,
			'instances',
			`studies/${study.studyUid}/instances?includefield=all`
		]) {
			expect(await status(actor, path), path).toBe(404);
		}
		const stranger = await dicomWeb(test.services, actor, other.paths.loop, bare);
		const nothing = await dicomWeb(test.services, actor, 'studies/9.9.9', bare);
		expect(await stranger.text()).toBe(await nothing.text());
	});

	it('only the pictures that were listed', async () => {
		const [first, second] = study.sopUids;
		const actor = await opened(test.services, here, study, { instanceUids: [second] });
		const shown = await view(actor);
		expect(shown.images?.map((image) => image.sopInstanceUid)).toEqual([second]);
		// The reader's key image is not among them: what is shown first is one that is.
		expect(shown.keyLoop?.sopInstanceUid).toBe(second);
		expect(await status(actor, study.paths.second)).toBe(200);
		expect(await status(actor, study.paths.loop)).toBe(404);
		expect(await status(actor, `${study.paths.loop}/rendered`)).toBe(404);
		expect(JSON.stringify(shown)).not.toContain(first);
		expect(pictures((await pdf(actor)).pdf)).toBe(0);
	});

	it('no report when the report is off: not in the view, not as PDF (C9, T27)', async () => {
		const actor = await opened(test.services, here, study, { switches: { report: false } });
		const shown = await view(actor);
		expect(shown.report).toBeNull();
		expect(JSON.stringify(shown)).not.toContain('Normal left ventricular');
		expect(await codeOf(pdf(actor))).toBe('not_found');
		expect(await status(actor, study.paths.loop)).toBe(200);
	});

	it('no picture when pictures are off: not in the view, not in the door, not in the PDF', async () => {
		const actor = await opened(test.services, here, study, { switches: { images: false } });
		const shown = await view(actor);
		expect([shown.images, shown.keyLoop]).toEqual([null, null]);
		for (const path of [
			study.paths.loop,
			`${study.paths.loop}/rendered`,
			`studies/${study.studyUid}/thumbnail`
		]) {
			expect(await status(actor, path), path).toBe(404);
		}
		const copy = (await pdf(actor)).pdf;
		expect(pictures(copy)).toBe(0);
		expect(text(copy)).not.toContain('Apical four chamber');
		// The same report through a link with pictures has one.
		expect(pictures((await pdf(await opened(test.services, here, study))).pdf)).toBe(1);
	});

	it('no copy when downloads are off: neither PDF nor study (C9, T27)', async () => {
		const actor = await opened(test.services, here, study, { switches: { download: false } });
		expect(await codeOf(pdf(actor))).toBe('not_found');
		expect(await status(actor, `studies/${study.studyUid}`)).toBe(404);
		expect(await status(actor, study.paths.loop)).toBe(200);
		expect((await view(actor)).switches.download).toBe(false);
	});

	it('no version by its id: that door is for members', async () => {
		const actor = await opened(test.services, here, study, { switches: { report: false } });
		for (const what of ['pdf', 'sr'] as const) {
			expect(await codeOf(readVersion(test.services, actor, study.versionId, what))).toBe(
				'not_found'
			);
			expect(await codeOf(readVersion(test.services, actor, other.versionId, what))).toBe(
				'not_found'
			);
		}
	});

	it('a copy that says on every page for whom, by which link and when (C9)', async () => {
		const actor = await opened(test.services, here, study);
		const { pdf: copy, name } = await pdf(actor);
		const pages = text(copy).split('\f').slice(0, -1);
		expect(pages.length).toBeGreaterThan(0);
		for (const page of pages) {
			expect(page).toContain('Copy for Dr Eva Holm');
			expect(page).toContain(actor.grantId);
			expect(page).toContain(test.time.clock().toISOString());
		}
		expect(name).toBe('report-v1.pdf');
		const staff = await readVersion(test.services, here.physician, study.versionId, 'pdf');
		expect(text(staff.pdf)).not.toContain('Copy for');
	});

	it('a copy whose mark stays whole, whatever the sender typed (T23, T27)', async () => {
		const recipient = `Dr \n\t${'Wolfeschlegelsteinhausen '.repeat(7)}`.trim();
		const actor = await opened(test.services, here, study, { recipient });
		for (const page of text((await pdf(actor)).pdf)
			.split('\f')
			.slice(0, -1)) {
			expect(page).toContain(`link ${actor.grantId}`);
			expect(page).toContain(test.time.clock().toISOString());
		}
	});
});

describe('when the report is amended (C11, T26)', () => {
	it('the holder is told first, and sees what was shared, byte for byte', async () => {
		const own = await here.signed();
		const actor = await opened(test.services, here, own);
		const before = await view(actor);
		const bytes = (await readVersion(test.services, here.physician, own.versionId, 'pdf')).pdf;
		test.time.advance(minutes(1));
		const at = test.time.clock();
		await here.addend(own.reportId, 'The aortic root measures 41 mm.');

		const after = await view(actor);
		expect(after.superseded).toEqual({ at: at.toISOString(), shownIsNewest: false });
		expect(after.report).toEqual(before.report);
		expect(JSON.stringify(after)).not.toContain('aortic root measures');
		expect((await readVersion(test.services, here.physician, own.versionId, 'pdf')).pdf).toEqual(
			bytes
		);
		const copy = text((await pdf(actor)).pdf);
		expect(copy).toContain('Superseded');
		expect(copy).not.toContain('aortic root measures');
	});

	it('a link that includes newer versions shows them, and still says so first', async () => {
		const own = await here.signed();
		const actor = await opened(test.services, here, own, { switches: { newerVersions: true } });
		expect((await view(actor)).superseded).toBeNull();
		await here.addend(own.reportId, 'The aortic root measures 41 mm.');
		const after = await view(actor);
		expect(after.superseded).toMatchObject({ shownIsNewest: true });
		expect(after.report).toMatchObject({
			number: 2,
			kind: 'addendum',
			amendment: { text: 'The aortic root measures 41 mm.' }
		});
		const copy = await pdf(actor);
		expect(copy.name).toBe('report-v2.pdf');
		expect(text(copy.pdf)).toContain('aortic root measures 41 mm');
	});
});

describe('a link ends', () => {
	const reads = async (actor: GrantActor) => [
		await codeOf(view(actor)),
		await codeOf(pdf(actor)),
		await status(actor, study.paths.loop),
		await dicomStatus(test.services, actor, study.paths.loop, { ...bare, 'if-none-match': '*' })
	];
	const gone = ['not_found', 'not_found', 404, 404];

	it('everywhere at once when it is revoked (C5, T20)', async () => {
		const actor = await opened(test.services, here, study);
		const events = liveUntilCut(test.services, actor, new AbortController().signal).getReader();
		const next = async () => {
			const { value, done } = await events.read();
			return done ? 'closed' : new TextDecoder().decode(value);
		};
		expect(await next()).toContain('event: open');
		expect(openThings.countFor(`grant:${actor.grantId}`)).toBe(1);

		await revokeGrant(test.services, here.physician, { id: actor.grantId, reason: 'wrong person' });
		expect(await next()).toContain('event: ended');
		expect(await next()).toBe('closed');
		expect(openThings.countFor(`grant:${actor.grantId}`)).toBe(0);
		expect(await reads(actor)).toEqual(gone);
		const sessions = await test.services.db
			.select()
			.from(grantSessions)
			.where(eq(grantSessions.grantId, actor.grantId));
		expect(sessions).toEqual([]);
	});

	it('in its event stream too when another process ended it, or when it ran out', async () => {
		for (const end of ['deleted', 'expired'] as const) {
			const actor = await opened(test.services, here, study);
			const events = liveUntilCut(test.services, actor, new AbortController().signal).getReader();
			await events.read();
			if (end === 'deleted') {
				await test.services.db
					.delete(grantSessions)
					.where(eq(grantSessions.grantId, actor.grantId));
			} else {
				await test.services.db
					.update(grantSessions)
					.set({ absoluteExpiresAt: test.time.clock() })
					.where(eq(grantSessions.grantId, actor.grantId));
			}
			const words: string[] = [];
			for (;;) {
				const { value, done } = await events.read();
				if (done) break;
				words.push(new TextDecoder().decode(value));
			}
			expect(words.at(-1), end).toContain('event: ended');
		}
	});

	it('quietly for a visitor who leaves while it is being looked at', async () => {
		const actor = await opened(test.services, here, study);
		// A database that answers when we say so.
		let ask = () => {};
		let answer: (rows: unknown[]) => void = () => {};
		const asked = new Promise<void>((done) => (ask = done));
		const rows = new Promise<unknown[]>((done) => (answer = done));
		const where = () => (ask(), rows);
		const db = { select: () => ({ from: () => ({ where }) }) } as unknown as Services['db'];
		const signal = new AbortController().signal;
		const events = liveUntilCut({ ...test.services, db }, actor, signal).getReader();
		await events.read();
		await asked;
		await events.cancel();
		const end = new Date(test.time.clock().getTime() + minutes(5));
		// An answer that comes too late must not become an error that nobody catches.
		answer([{ expiresAt: end, absoluteExpiresAt: end }]);
		await new Promise((done) => setImmediate(done));
		expect(openThings.countFor(`grant:${actor.grantId}`)).toBe(0);
	});

	it('when its time has come, also for who opened it before', async () => {
		const expiresAt = new Date(test.time.clock().getTime() + minutes(5));
		const actor = await opened(test.services, here, study, { expiresAt });
		expect(await codeOf(view(actor))).toBe('ok');
		test.time.set(expiresAt);
		expect(await reads(actor)).toEqual(gone);
	});

	it('pausing itself when the study turns out to be somebody else’s (C6)', async () => {
		const own = await here.signed();
		const link = await share(test.services, here, own);
		const actor = (await openGrant(test.services, { ...link, passcode: null })).actor;
		await test.services.db
			.update(practiceStudies)
			.set({ patientId: other.patientId })
			.where(
				and(
					eq(practiceStudies.practiceId, here.practiceId),
					eq(practiceStudies.studyUid, own.studyUid)
				)
			);
		expect(await codeOf(view(actor))).toBe('not_found');
		expect(await codeOf(pdf(actor))).toBe('not_found');
		expect(await status(actor, own.paths.loop)).toBe(404);
		expect(await codeOf(openGrant(test.services, { ...link, passcode: null }))).toBe(
			'grant_paused'
		);
		const summaries = await listGrants(test.services, here.physician, { reportId: own.reportId });
		expect(summaries[0]).toMatchObject({ state: 'paused', openings: 1 });
		// Resuming does not help while it is so.
		await resumeGrant(test.services, here.physician, { id: link.id });
		expect(await codeOf(openGrant(test.services, { ...link, passcode: null }))).toBe(
			'grant_paused'
		);
	});

	it('when the report is corrected to another patient (C6)', async () => {
		const own = await here.signed();
		const actor = await opened(test.services, here, own);
		await test.services.db
			.update(reports)
			.set({ patientId: other.patientId })
			.where(eq(reports.id, own.reportId));
		expect(await codeOf(view(actor))).toBe('not_found');
		expect(await codeOf(pdf(actor))).toBe('not_found');
	});

	it('for the holders of links whose sender’s account was closed (C5)', async () => {
		const sender = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['physician']
		});
		const admin = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['admin']
		});
		const actor = await opened(test.services, here, study, { by: sender });
		const events = liveUntilCut(test.services, actor, new AbortController().signal).getReader();
		await events.read();
		await disablePerson(test.services, admin, { userId: sender.userId }, true);
		const { value } = await events.read();
		expect(new TextDecoder().decode(value)).toContain('event: ended');
		expect(await reads(actor)).toEqual(gone);
		const [summary] = (await listGrants(test.services, here.physician, {})).filter(
			({ id }) => id === actor.grantId
		);
		expect(summary).toMatchObject({ state: 'paused', mayRevoke: true });
		// Somebody who is still there may take it up.
		await resumeGrant(test.services, here.physician, { id: actor.grantId });
		const [row] = await test.services.db.select().from(grants).where(eq(grants.id, actor.grantId));
		expect(row?.pausedAt).toBeNull();
	});
});
