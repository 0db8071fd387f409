import { and, eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { hashPassword } from '$lib/server/auth/password.ts';
import { signReport } from '$lib/server/commands/sign-report.ts';
import { sendToRead } from '$lib/server/commands/send-to-read.ts';
import { auditEvents, practices, releases } from '$lib/server/db/schema/index.ts';
import { setFailpoint } from '$lib/server/failpoint.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { reportPage } from '$lib/server/queries/report-versions.ts';
import { openPostgresDatabase } from '../../support/database.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	signingPassword,
	type ReportingPractice,
	type ReportingTest
} from '../../support/signed-report.ts';
import { codeOf } from '../grants/setup.ts';
import { conclude, press, shownBody, type, written } from './signing.ts';

describe('signing', () => {
	let test: ReportingTest;
	let practice: ReportingPractice;
	let second: UserActor;
	let passwordHash: string;
	const nothing = { versions: [], signatures: [], exports: [], intents: [], events: [] };

	beforeAll(async () => {
		test = await openReporting();
		practice = await test.practice();
		passwordHash = await hashPassword(signingPassword);
		second = await person('physician');
	});
	afterEach(() => {
		for (const name of ['sign.after-insert', 'sign.before-commit', 'sign.after-commit'])
			setFailpoint(name, null);
	});

	const person = (role: 'physician' | 'fellow' | 'sonographer', licensed = false) =>
		buildPerson(test.services, {
			practiceId: practice.practiceId,
			roles: [role],
			name: `A ${role}`,
			passwordHash,
			licensed
		});
	const sign = (actor: UserActor, input: Parameters<typeof signReport>[2]) =>
		signReport(test.services, actor, input);
	/** A draft with a conclusion, and the press of the button on it. */
	const draft = async (kind: 'preliminary' | 'final' = 'final') => {
		const { services } = test;
		const { reportId } = await practice.arrive();
		await conclude(services, reportId, 'Normal left ventricle.');
		return { reportId, input: await press(services, practice.physician, reportId, kind) };
	};

	it('writes one version, signature, two exports and one event, all about the same content', async () => {
		const { reportId, input } = await draft();
		const signed = await sign(practice.physician, input);
		const all = await written(test.services, reportId);

		expect(all.report).toMatchObject({ state: 'final', currentVersionId: signed.versionId });
		expect(all.report?.finalAt).toEqual(test.time.clock());
		const [version] = all.versions;
		expect(all.versions).toHaveLength(1);
		expect(version).toMatchObject({ id: signed.versionId, number: 1, kind: 'final' });
		expect(version?.contentHash).toBe(contentHash(version?.content));
		expect(version?.content.bodyHash).toBe(input.bodyHash);
		expect(contentHash(version?.content.body)).toBe(input.bodyHash);
		expect(version?.pdfHash).toBe(
			contentHash(Buffer.from(version?.pdf ?? new Uint8Array()).toString('base64'))
		);
		expect(all.signatures).toMatchObject([
			{
				userId: practice.physician.userId,
				printedName: 'Ada Reader',
				credentials: 'MD',
				meaning: 'final',
				method: 'password',
				contentHash: version?.contentHash
			}
		]);
		expect(all.exports.map(({ kind, state }) => [kind, state]).sort()).toEqual([
			['dicom-sr', 'pending'],
			['encapsulated-pdf', 'pending']
		]);
		expect(all.intents).toHaveLength(1);
		expect(all.events).toHaveLength(1);
		expect(all.events[0]).toMatchObject({
			actor: `user:${practice.physician.userId}`,
			detail: { version: signed.versionId, kind: 'final', contentHash: version?.contentHash }
		});
	});

	it('refuses a wrong password, writes nothing but the failed try, and the draft goes on', async () => {
		const { reportId, input } = await draft();
		const wrong = { ...input, proof: { kind: 'password' as const, password: 'guessed' } };
		expect(await codeOf(sign(practice.physician, wrong))).toBe('reauthentication_failed');
		expect(await written(test.services, reportId)).toMatchObject(nothing);
		const failed = await test.services.db
			.select()
			.from(auditEvents)
			.where(
				and(
					eq(auditEvents.action, 'session.reauthentication-failed'),
					eq(auditEvents.object, `user:${practice.physician.userId}`)
				)
			);
		expect(failed.at(-1)).toMatchObject({ outcome: 'failure' });
		await conclude(test.services, reportId, 'Normal left ventricle, seen again.');
	});

	it('refuses the hash of another content', async () => {
		const { reportId, input } = await draft();
		const other = { ...input, bodyHash: 'f'.repeat(64) };
		expect(await codeOf(sign(practice.physician, other))).toBe('content_changed');
		expect(await written(test.services, reportId)).toMatchObject(nothing);
	});

	it('refuses what was shown before somebody edited', async () => {
		const { reportId, input } = await draft();
		await conclude(test.services, reportId, 'Severely reduced left ventricular function.');
		expect(await codeOf(sign(practice.physician, input))).toBe('content_changed');
		expect(await written(test.services, reportId)).toMatchObject(nothing);
	});

	it('refuses an edit that was stored after the body had been built', async () => {
		const { reportId, input } = await draft();
		const { services } = test;
		// The edit lands while the PDF is drawn and the password is checked.
		const late: typeof services = {
			...services,
			live: {
				...services.live,
				snapshot: async (id) => {
					const taken = await services.live.snapshot(id);
					await conclude(services, reportId, 'An edit that the signer never saw.');
					return taken;
				}
			}
		};
		expect(await codeOf(signReport(late, practice.physician, input))).toBe('content_changed');
		expect(await written(services, reportId)).toMatchObject(nothing);
	});

	it('refuses a sheet with two values in one field', async () => {
		const { reportId } = await draft();
		await type(test.services, reportId, 'lv_ivsd', 1.0, 'cm');
		await type(test.services, reportId, 'lv_ivsd', 1.3, 'cm');
		const input = await press(test.services, practice.physician, reportId);
		expect(await codeOf(sign(practice.physician, input))).toBe('incomplete');
		expect(await written(test.services, reportId)).toMatchObject(nothing);
	});

	it('refuses a sheet with an impossible value', async () => {
		const { reportId } = await draft();
		await type(test.services, reportId, 'lv_ivsd', 40, 'cm');
		const input = await press(test.services, practice.physician, reportId);
		expect(await codeOf(sign(practice.physician, input))).toBe('incomplete');
		expect(await written(test.services, reportId)).toMatchObject(nothing);
	});

	it('is not for sonographers and fellows, and another practice finds nothing', async () => {
		const { reportId, input } = await draft();
		expect(await codeOf(sign(await person('sonographer'), input))).toBe('not_allowed');
		expect(await codeOf(sign(await person('fellow', true), input))).toBe('not_allowed');
		const elsewhere = await test.practice();
		expect(await codeOf(sign(elsewhere.physician, input))).toBe('not_found');
		expect(await written(test.services, reportId)).toMatchObject(nothing);
	});

	it('lets a licensed fellow release a preliminary report, and no other fellow', async () => {
		const { reportId, input } = await draft('preliminary');
		expect(await codeOf(sign(await person('fellow'), input))).toBe('not_allowed');
		expect(await codeOf(sign(await person('fellow', true), input))).toBe('ok');
		const all = await written(test.services, reportId);
		expect(all.report).toMatchObject({ state: 'preliminary', finalAt: null });
		expect(all.exports).toEqual([]);
	});

	it('refuses to sign a final report again', async () => {
		const { reportId, input } = await draft();
		await sign(practice.physician, input);
		const again = { ...input, intentId: test.services.newId() };
		expect(await codeOf(sign(practice.physician, again))).toBe('report_final');
		expect(await codeOf(sign(second, { ...again, kind: 'preliminary' }))).toBe('report_final');
		expect((await written(test.services, reportId)).versions).toHaveLength(1);
	});

	it('answers a retried press with the same version, without a password', async () => {
		const { reportId, input } = await draft();
		const first = await sign(practice.physician, input);
		const retried = { ...input, proof: { kind: 'password' as const, password: 'forgotten' } };
		expect(await sign(practice.physician, retried)).toEqual(first);
		const all = await written(test.services, reportId);
		expect(all).toMatchObject({ versions: [{}], events: [{}], signatures: [{}] });
		expect(all.exports).toHaveLength(2);
	});

	it('answers the same press, sent twice at once, with one version', async () => {
		const { reportId, input } = await draft();
		const [a, b] = await Promise.all([
			sign(practice.physician, input),
			sign(practice.physician, input)
		]);
		expect(a).toEqual(b);
		expect((await written(test.services, reportId)).versions).toHaveLength(1);
	});

	it('keeps a press for one report and one person', async () => {
		const { input } = await draft();
		await sign(practice.physician, input);
		const other = await draft();
		const stolen = { ...other.input, intentId: input.intentId };
		expect(await codeOf(sign(practice.physician, stolen))).toBe('conflict');
		expect(await codeOf(sign(second, input))).toBe('conflict');
	});

	it.each(['sign.after-insert', 'sign.before-commit'])(
		'leaves nothing when it dies at %s, and the next press signs',
		async (name) => {
			const { reportId, input } = await draft();
			setFailpoint(name, 'throw');
			expect(await codeOf(sign(practice.physician, input))).toContain('failpoint');
			expect(await written(test.services, reportId)).toMatchObject({
				...nothing,
				report: { state: 'in_progress', currentVersionId: null }
			});
			setFailpoint(name, null);
			await sign(practice.physician, input);
			expect((await written(test.services, reportId)).versions).toHaveLength(1);
		}
	);

	it('answers with the version when the first answer was lost after the commit', async () => {
		const { reportId, input } = await draft();
		setFailpoint('sign.after-commit', 'throw');
		expect(await codeOf(sign(practice.physician, input))).toContain('failpoint');
		setFailpoint('sign.after-commit', null);
		const { versionId } = await sign(practice.physician, input);
		expect((await written(test.services, reportId)).versions.map(({ id }) => id)).toEqual([
			versionId
		]);
	});

	it('freezes the live document: later edits are refused and the version stays', async () => {
		const { reportId, input } = await draft();
		await sign(practice.physician, input);
		const [before] = (await written(test.services, reportId)).versions;
		expect(await codeOf(conclude(test.services, reportId, 'Changed behind the signature'))).toBe(
			'report_final'
		);
		expect(contentHash(await shownBody(test.services, practice.physician, reportId))).toBe(
			input.bodyHash
		);
		expect((await written(test.services, reportId)).versions[0]).toEqual(before);
	});

	it('takes a preliminary report on to a final one by another physician, each in their name', async () => {
		const { reportId, input } = await draft('preliminary');
		const first = await sign(practice.physician, input);
		await conclude(test.services, reportId, 'Over-read: mild mitral regurgitation as well.');
		const final = await sign(second, await press(test.services, second, reportId));
		const all = await written(test.services, reportId);
		expect(all.report).toMatchObject({ state: 'final', currentVersionId: final.versionId });
		expect(all.versions.map(({ kind, number }) => [kind, number])).toEqual([
			['preliminary', 1],
			['final', 2]
		]);
		expect(all.versions[1]?.content.predecessor).toEqual({
			id: first.versionId,
			number: 1,
			contentHash: first.contentHash
		});
		expect(all.signatures.map(({ userId, meaning }) => [userId, meaning]).sort()).toEqual(
			[
				[practice.physician.userId, 'preliminary'],
				[second.userId, 'final']
			].sort()
		);
		expect(all.exports.every(({ versionId }) => versionId === final.versionId)).toBe(true);
	});

	it('adds an addendum that names what it adds to, and leaves that byte for byte', async () => {
		const { reportId, input } = await draft();
		const final = await sign(practice.physician, input);
		const [before] = (await written(test.services, reportId)).versions;
		const amendment = { text: 'The aortic root measures 41 mm.', reason: 'remeasured' };
		const bodyHash = contentHash({ ...before?.content.body, amendment });
		const addendum = await sign(
			second,
			await press(test.services, second, reportId, 'addendum', { amendment, bodyHash })
		);
		const all = await written(test.services, reportId);
		expect(all.report).toMatchObject({ state: 'amended', currentVersionId: addendum.versionId });
		expect(all.versions[0]).toEqual(before);
		expect(all.versions[1]).toMatchObject({
			kind: 'addendum',
			predecessorId: final.versionId,
			reason: 'remeasured',
			content: { predecessor: { id: final.versionId, contentHash: final.contentHash } }
		});
		expect(all.versions[1]?.content.body).toEqual({ ...before?.content.body, amendment });
		expect(all.report?.finalAt).toEqual(before?.createdAt);
		const page = await reportPage(test.services, practice.physician, reportId);
		expect(page.versions.map(({ number }) => number)).toEqual([2, 1]);
		expect(page.exports).toHaveLength(4);
	});

	it('takes no addendum without words or reason, and none to a draft', async () => {
		const { reportId, input } = await draft();
		const amendment = { text: 'The aortic root measures 41 mm.', reason: 'remeasured' };
		const early = { ...input, kind: 'addendum' as const, amendment };
		expect(await codeOf(sign(practice.physician, early))).toBe('report_final');
		await sign(practice.physician, input);
		for (const empty of [null, { ...amendment, text: ' ' }, { ...amendment, reason: '' }]) {
			const press = { ...early, intentId: test.services.newId(), amendment: empty };
			expect(await codeOf(sign(practice.physician, press))).toBe('invalid_input');
		}
		expect((await written(test.services, reportId)).versions).toHaveLength(1);
	});

	it('prints an addendum on the practice’s paper', async () => {
		const letter = await test.practice({ paper: 'letter' });
		const { reportId } = await letter.signed();
		await letter.addend(reportId);
		const sizes = (await written(test.services, reportId)).versions.map(
			({ pdf }) => /MediaBox \[0 0 (\S+)/.exec(Buffer.from(pdf).toString('latin1'))?.[1]
		);
		expect(sizes).toEqual(['612', '612']);
	});

	it('writes the practice’s release rule down as a decision', async () => {
		const { services } = test;
		const releasing = await test.practice({ patientReleaseAfterHours: 48 });
		const { versionId } = await releasing.signed();
		const rows = await services.db.select().from(releases).where(eq(releases.versionId, versionId));
		expect(rows.map(({ visibleFrom }) => visibleFrom)).toEqual([
			new Date(services.clock().getTime() + 48 * 3_600_000)
		]);
		const [row] = await services.db
			.select()
			.from(practices)
			.where(eq(practices.id, releasing.practiceId));
		expect(practiceSettingsSchema.parse(row?.settings).patientReleaseAfterHours).toBe(48);
	});

	it('sends to read once, with one event, and not any more when signed', async () => {
		const { services } = test;
		const { reportId, input } = await draft();
		const sonographer = await person('sonographer');
		await sendToRead(services, sonographer, { reportId });
		await sendToRead(services, sonographer, { reportId });
		const events = await services.db
			.select()
			.from(auditEvents)
			.where(
				and(
					eq(auditEvents.action, 'report.sent-to-read'),
					eq(auditEvents.object, `report:${reportId}`)
				)
			);
		expect(events).toHaveLength(1);
		await sign(practice.physician, input);
		expect(await codeOf(sendToRead(services, sonographer, { reportId }))).toBe('conflict');
	});
});

// The embedded database has one connection and cannot show a race: always PostgreSQL.
describe('two physicians who sign at the same time', () => {
	it('make one version, and the other is told', async () => {
		const rounds = process.env.READROOM_LONG === '1' ? 100 : 10;
		const test = await openReporting(await openPostgresDatabase());
		const practice = await test.practice();
		const second = await buildPerson(test.services, {
			practiceId: practice.practiceId,
			roles: ['physician'],
			passwordHash: await hashPassword(signingPassword)
		});
		const both = [practice.physician, second];
		for (let round = 0; round < rounds; round++) {
			const { reportId } = await practice.arrive();
			const inputs = await Promise.all(both.map((who) => press(test.services, who, reportId)));
			const codes = await Promise.all(
				both.map((who, i) => codeOf(signReport(test.services, who, inputs[i]!)))
			);
			await expectOne(test, reportId, codes);
		}
	}, 600_000);

	async function expectOne(test: ReportingTest, reportId: ReportId, codes: string[]) {
		const [won, lost] = [...codes].sort((a, b) => (a === 'ok' ? -1 : b === 'ok' ? 1 : 0));
		expect(won).toBe('ok');
		expect(['conflict', 'report_final']).toContain(lost);
		const all = await written(test.services, reportId);
		expect(all).toMatchObject({ versions: [{}], signatures: [{}], intents: [{}], events: [{}] });
		expect(all.exports).toHaveLength(2);
	}
});
