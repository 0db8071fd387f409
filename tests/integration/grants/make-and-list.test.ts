import { desc, eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GrantId, ReportId } from '$lib/ids.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { resumeGrant, revokeGrant } from '$lib/server/commands/change-grant.ts';
import { createGrantSchema } from '$lib/server/commands/create-grant.ts';
import { decideRelease } from '$lib/server/commands/decide-release.ts';
import { openGrant } from '$lib/server/commands/open-grant.ts';
import { auditEvents, grants } from '$lib/server/db/schema/index.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import { listGrants } from '$lib/server/queries/list-grants.ts';
import { createInnerContext } from '$lib/server/trpc/context.ts';
import { createCaller } from '$lib/server/trpc/router.ts';
import { loadPractice } from '$lib/server/auth/practice.ts';
import { days } from '../../support/clock.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { codeOf, opened, share } from './setup.ts';

let test: ReportingTest;
let here: ReportingPractice;
let there: ReportingPractice;
let study: SignedStudy;

const sharing = { defaultDays: 7, maxDays: 30, passcodeByDefault: true, patientsMayShare: true };

beforeAll(async () => {
	test = await openReporting();
	here = await test.practice({ sharing: { ...sharing, othersMayShare: false } });
	there = await test.practice({ sharing: { ...sharing, othersMayShare: true } });
	study = await here.signed();
});

const person = (practice: ReportingPractice, role: UserActor['roles'][number]) =>
	buildPerson(test.services, { practiceId: practice.practiceId, roles: [role] });
const countOf = async (reportId: ReportId) =>
	(await test.services.db.select().from(grants).where(eq(grants.reportId, reportId))).length;

describe('a secret (C1, T02, T16)', () => {
	it('is in no table and in no line of the log, nor are the passcode and the session', async () => {
		const link = await share(test.services, here, study, { passcode: 'blue cormorant' });
		await codeOf(openGrant(test.services, { ...link, passcode: 'wrong cormorant' }));
		const { cookie, actor } = await openGrant(test.services, {
			...link,
			passcode: 'blue cormorant'
		});
		await sharedView(test.services, actor);
		const session = cookie.slice(cookie.indexOf('.') + 1);

		const dump = await dumpOfDatabase();
		// The dump does hold what it should: the search below is no search in nothing.
		expect(dump).toContain(link.id);
		expect(dump).toContain(actor.sessionId);
		const logged = test.logged.join('\n');
		for (const secret of [link.secret, session, 'blue cormorant', 'wrong cormorant']) {
			expect(dump).not.toContain(secret);
			expect(logged).not.toContain(secret);
			expect(dump).not.toContain(Buffer.from(secret).toString('base64'));
			expect(dump).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
		}
		// What is stored opens nothing.
		const [row] = await test.services.db.select().from(grants).where(eq(grants.id, link.id));
		for (const secret of [row?.secretHash ?? '', row?.passcodeHash ?? '']) {
			expect(
				await codeOf(openGrant(test.services, { id: link.id, secret, passcode: secret }))
			).toBe('not_found');
		}
	});

	it('has 256 bits, is never the same twice, and the public id does not hold it', async () => {
		const links = await Promise.all(
			Array.from({ length: 20 }, () => share(test.services, here, study))
		);
		expect(new Set(links.map(({ secret }) => secret)).size).toBe(20);
		for (const { id, secret } of links) {
			expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
			expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
			expect(secret).not.toContain(id);
		}
	});

	async function dumpOfDatabase(): Promise<string> {
		const { db } = test.services;
		const { rows } = (await db.execute(
			sql`select table_name as name from information_schema.tables where table_schema = 'public'`
		)) as unknown as { rows: { name: string }[] };
		expect(rows.length).toBeGreaterThan(20);
		const texts: string[] = [];
		for (const { name } of rows) {
			const all = (await db.execute(
				sql`select to_jsonb(t)::text as text from ${sql.identifier(name)} t`
			)) as unknown as { rows: { text: string }[] };
			texts.push(...all.rows.map(({ text }) => text));
		}
		return texts.join('\n');
	}
});

describe('making a link', () => {
	it('takes final reports only', async () => {
		const draft = await here.arrive();
		expect(await codeOf(share(test.services, here, draft))).toBe('conflict');
		expect(await countOf(draft.reportId)).toBe(0);
	});

	it('takes an end that is to come and within the longest that the practice allows (C4)', async () => {
		const own = await here.signed();
		const now = test.time.clock().getTime();
		for (const [expiresAt, code] of [
			[now - 1, 'invalid_input'],
			[now, 'invalid_input'],
			[now + days(30) + 1, 'invalid_input'],
			[now + days(30), 'ok'],
			[now + 1, 'ok']
		] as const) {
			const made = share(test.services, here, own, { expiresAt: new Date(expiresAt) });
			expect(await codeOf(made), String(expiresAt - now)).toBe(code);
		}
		expect(await countOf(own.reportId)).toBe(2);
	});

	it('takes no picture of another study, and none that does not exist (B2, T11)', async () => {
		const own = await here.signed();
		const [mine] = own.sopUids;
		for (const instanceUids of [[study.sopUids[0]], [mine, study.sopUids[0]], ['9.9.9']]) {
			expect(await codeOf(share(test.services, here, own, { instanceUids }))).toBe('not_found');
		}
		expect(await countOf(own.reportId)).toBe(0);
		expect(await codeOf(share(test.services, here, own, { instanceUids: [mine, mine] }))).toBe(
			'ok'
		);
	});

	it('of another practice’s report fails like one of no report (B3, T11)', async () => {
		const foreign = await there.signed();
		const errors = await Promise.all(
			[foreign.reportId, 'no-such-report' as ReportId].map((reportId) =>
				share(test.services, here, { reportId }).catch((e: unknown) => e)
			)
		);
		expect(errors[0]).toMatchObject({ code: 'not_found', detail: undefined });
		expect({ ...(errors[1] as Error) }).toEqual({ ...(errors[0] as Error) });
		expect(await countOf(foreign.reportId)).toBe(0);
	});

	it('keeps what a sender typed as text, and refuses what is too long (T23)', async () => {
		const recipient = '0;url=//x" http-equiv="refresh';
		const message = '<img src=x onerror=alert(1)>\n</script><script>alert(1)</script>{{7*7}}';
		const actor = await opened(test.services, here, study, { recipient, message });
		const view = await sharedView(test.services, actor);
		expect(view).toMatchObject({ recipient, message });
		const list = await listGrants(test.services, here.physician, { reportId: study.reportId });
		expect(list.find(({ id }) => id === actor.grantId)?.recipient).toBe(recipient);

		const input = {
			reportId: study.reportId,
			recipient: 'x',
			passcode: null,
			expiresAt: new Date(),
			switches: {
				images: true,
				report: true,
				download: false,
				measure: false,
				newerVersions: false
			}
		};
		const passes = (change: object) => createGrantSchema.safeParse({ ...input, ...change }).success;
		expect(passes({})).toBe(true);
		for (const change of [
			{ recipient: 'x'.repeat(201) },
			{ recipient: '   ' },
			{ recipient: 'a\0b' },
			{ message: 'x'.repeat(10_000) },
			{ message: 'a\0b' },
			{ passcode: '12345' },
			{ maxOpenings: 0 },
			{ maxOpenings: 1.5 },
			{ switches: { ...input.switches, images: false, report: false } },
			{ switches: { ...input.switches, everything: true } },
			{ practiceId: there.practiceId },
			{ origin: 'api' }
		]) {
			expect(passes(change), JSON.stringify(change)).toBe(false);
		}
	});

	it('stands in the log with what it opens, and without what it says', async () => {
		const link = await share(test.services, here, study, { passcode: 'blue cormorant' });
		const [event] = await test.services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.object, `grant:${link.id}`));
		expect(event).toMatchObject({
			action: 'grant.created',
			actor: `user:${here.physician.userId}`,
			detail: {
				version: study.versionId,
				studies: [study.studyUid],
				switches: ['images', 'report', 'download'],
				passcode: true
			}
		});
	});

	it('is for physicians, and for others where the practice says so and the report is released (c8)', async () => {
		for (const practice of [here, there]) {
			const own = await practice.signed();
			const switchedOn = practice === there;
			for (const role of ['fellow', 'sonographer', 'admin'] as const) {
				const by = await person(practice, role);
				const make = () => codeOf(share(test.services, practice, own, { by }));
				expect(await make(), `${role}, not released`).not.toBe('ok');
			}
			await decideRelease(test.services, practice.physician, {
				reportId: own.reportId,
				decision: 'release',
				visibleFrom: null,
				reason: ''
			});
			for (const role of ['fellow', 'sonographer', 'admin'] as const) {
				const by = await person(practice, role);
				const code = await codeOf(share(test.services, practice, own, { by }));
				expect(code === 'ok', `${role}, released: ${code}`).toBe(switchedOn);
			}
			for (const role of ['referrer'] as const) {
				const by = await person(practice, role);
				expect(await codeOf(share(test.services, practice, own, { by }))).toBe('not_found');
			}
			expect(await countOf(own.reportId)).toBe(switchedOn ? 3 : 0);
		}
	});

	it('is for patients where the practice says so, of their own released report (c9)', async () => {
		const own = await there.signed();
		const by = await there.account(own.patientId);
		const make = () => codeOf(share(test.services, there, own, { by, origin: 'patient' }));
		expect(await make()).toBe('not_found');
		await decideRelease(test.services, there.physician, {
			reportId: own.reportId,
			decision: 'release',
			visibleFrom: null,
			reason: ''
		});
		expect(await make()).toBe('ok');
		const other = await there.signed();
		expect(await codeOf(share(test.services, there, other, { by }))).toBe('not_found');
	});
});

describe('the list of links (C7, C10, T24)', () => {
	it('holds every link of any origin, each with what was done with it, and revokes each', async () => {
		const own = await here.signed();
		const origins = ['button', 'patient', 'cli', 'demo', 'api'];
		for (const origin of origins) await share(test.services, here, own, { origin });
		const list = () => listGrants(test.services, here.physician, { reportId: own.reportId });
		expect((await list()).map(({ origin }) => origin).sort()).toEqual([...origins].sort());
		for (const { id, mayRevoke } of await list()) {
			expect(mayRevoke).toBe(true);
			await revokeGrant(test.services, here.physician, { id: id as GrantId });
		}
		expect((await list()).map(({ state }) => state)).toEqual(origins.map(() => 'revoked'));
		// Twice is once.
		await revokeGrant(test.services, here.physician, { id: (await list())[0]!.id as GrantId });
		expect((await list())[0]!.events.map(({ action }) => action)).toEqual([
			'grant.revoked',
			'grant.created'
		]);
	});

	it('holds a live link however many newer ones have ended', async () => {
		const own = await here.signed();
		const live = await share(test.services, here, own);
		const [row] = await test.services.db.select().from(grants).where(eq(grants.id, live.id));
		if (!row) throw new Error('no link');
		const later = new Date(test.time.clock().getTime() + 1000);
		await test.services.db.insert(grants).values(
			Array.from({ length: 520 }, (_, n) => ({
				...row,
				id: `old-${n}` as GrantId,
				revokedAt: later,
				createdAt: later
			}))
		);
		const list = await listGrants(test.services, here.physician, {});
		expect(list.map(({ id }) => id)).toContain(live.id);
		await test.services.db.delete(grants).where(eq(grants.revokedAt, later));
	});

	it('says how each link stands', async () => {
		const own = await here.signed();
		const soon = new Date(test.time.clock().getTime() + 1000);
		const used = await share(test.services, here, own, { maxOpenings: 1 });
		await openGrant(test.services, { ...used, passcode: null });
		const paused = await share(test.services, here, own, { passcode: 'blue cormorant' });
		for (let n = 0; n < 5; n++)
			await codeOf(openGrant(test.services, { ...paused, passcode: 'no' }));
		const expired = await share(test.services, here, own, { expiresAt: soon });
		const live = await share(test.services, here, own, { passcode: 'blue cormorant' });
		test.time.set(soon);
		const list = await listGrants(test.services, here.physician, { reportId: own.reportId });
		const stateOf = (id: string) => list.find((one) => one.id === id)?.state;
		expect([used, paused, expired, live].map(({ id }) => stateOf(id))).toEqual([
			'used-up',
			'paused',
			'expired',
			'live'
		]);
		const events = list.find(({ id }) => id === paused.id)?.events ?? [];
		expect(events.filter(({ outcome }) => outcome === 'refused')).toHaveLength(5);
		expect(JSON.stringify(list)).not.toMatch(/secret|hash/i);
	});

	it('shows others only their own, and lets them revoke only those', async () => {
		const own = await there.signed();
		await decideRelease(test.services, there.physician, {
			reportId: own.reportId,
			decision: 'release',
			visibleFrom: null,
			reason: ''
		});
		const [fellow, sonographer] = [
			await person(there, 'fellow'),
			await person(there, 'sonographer')
		];
		const mine = await share(test.services, there, own, { by: fellow });
		const theirs = await share(test.services, there, own, { by: sonographer });
		const list = await listGrants(test.services, fellow, {});
		expect(list.map(({ id }) => id)).toEqual([mine.id]);
		expect(await codeOf(revokeGrant(test.services, fellow, { id: theirs.id }))).not.toBe('ok');
		expect(await codeOf(resumeGrant(test.services, fellow, { id: theirs.id }))).not.toBe('ok');
		expect(await codeOf(revokeGrant(test.services, fellow, { id: mine.id }))).toBe('ok');
	});

	it('shows nothing of another practice, whose links cannot be revoked from here', async () => {
		const foreign = await share(test.services, there, await there.signed());
		expect((await listGrants(test.services, here.physician, {})).map(({ id }) => id)).not.toContain(
			foreign.id
		);
		for (const id of [foreign.id, 'no-such-link' as GrantId]) {
			expect(await codeOf(revokeGrant(test.services, here.physician, { id }))).toBe('not_found');
			expect(await codeOf(resumeGrant(test.services, here.physician, { id }))).toBe('not_found');
		}
	});

	it('is asked and changed through the procedures alike', async () => {
		const own = await here.signed();
		const practice = await loadPractice(test.services.db, here.practiceId);
		const caller = createCaller(
			createInnerContext({ services: test.services, actor: here.physician, practice })
		);
		const made = await caller.grants.create({
			reportId: own.reportId,
			recipient: ' Dr Holm ',
			passcode: null,
			expiresAt: new Date(test.time.clock().getTime() + days(1)),
			switches: {
				images: true,
				report: true,
				download: false,
				measure: false,
				newerVersions: false
			}
		});
		expect(Object.keys(made).sort()).toEqual(['expiresAt', 'id', 'secret']);
		expect(await caller.grants.list({ reportId: own.reportId })).toMatchObject([
			{ id: made.id, recipient: 'Dr Holm', origin: 'button', state: 'live' }
		]);
		await caller.grants.revoke({ id: made.id, reason: 'wrong person' });
		const [event] = await test.services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.object, `grant:${made.id}`))
			.orderBy(desc(auditEvents.sequence))
			.limit(1);
		expect(event).toMatchObject({ action: 'grant.revoked', detail: { reason: 'wrong person' } });
		await expect(caller.grants.resume({ id: made.id })).rejects.toMatchObject({ code: 'CONFLICT' });
	});
});
