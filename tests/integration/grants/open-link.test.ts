import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { resumeGrant, revokeGrant } from '$lib/server/commands/change-grant.ts';
import { openGrant } from '$lib/server/commands/open-grant.ts';
import { auditEvents, grants, grantSessions } from '$lib/server/db/schema/index.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import type { GrantId } from '$lib/ids.ts';
import { openPostgresDatabase } from '../../support/database.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { codeOf, share } from './setup.ts';

let test: ReportingTest;
let here: ReportingPractice;
let study: SignedStudy;

// Races need PostgreSQL: the embedded database has one connection.
beforeAll(async () => {
	test = await openReporting(await openPostgresDatabase());
	here = await test.practice();
	study = await here.signed();
});

const open = (link: { id: GrantId; secret: string }, passcode: string | null = null) =>
	openGrant(test.services, { id: link.id, secret: link.secret, passcode });
const rowOf = async (id: GrantId) => {
	const [row] = await test.services.db.select().from(grants).where(eq(grants.id, id));
	if (!row) throw new Error('no such link');
	return row;
};
const sessionsOf = (id: GrantId) =>
	test.services.db.select().from(grantSessions).where(eq(grantSessions.grantId, id));
const eventsOf = async (id: GrantId) => {
	const rows = await test.services.db
		.select()
		.from(auditEvents)
		.where(eq(auditEvents.object, `grant:${id}`))
		.orderBy(auditEvents.sequence);
	return rows.map(({ action, detail }) =>
		'reason' in (detail as object) ? `${action}: ${(detail as { reason: string }).reason}` : action
	);
};

describe('opening', () => {
	it('trades the secret for a session of this link, and says so to the sender (C2, C10)', async () => {
		const link = await share(test.services, here, study);
		const opened = await open(link);
		expect(opened.actor).toMatchObject({ kind: 'grant', grantId: link.id });
		expect(opened.cookie.startsWith(`${link.id}.`)).toBe(true);
		expect(opened.cookie).not.toContain(link.secret);
		expect((await rowOf(link.id)).openings).toBe(1);
		expect(await sessionsOf(link.id)).toHaveLength(1);
		expect(await eventsOf(link.id)).toEqual(['grant.created', 'grant.opened']);
	});

	it('answers an unknown link, a wrong secret and an empty one alike, and counts nothing', async () => {
		const link = await share(test.services, here, study, { passcode: 'open sesame' });
		const other = await share(test.services, here, study);
		for (const input of [
			{ id: 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId, secret: link.secret },
			{ id: link.id, secret: other.secret },
			{ id: link.id, secret: `${link.secret}x` },
			{ id: link.id, secret: link.secret.slice(0, -1) },
			{ id: link.id, secret: '' }
		]) {
			const error = await open(input, 'guess').catch((e: unknown) => e);
			expect(error).toMatchObject({ code: 'not_found', detail: undefined });
		}
		const row = await rowOf(link.id);
		expect([row.openings, row.passcodeTries]).toEqual([0, 0]);
	});

	it('works until the last second, and not at the end (C4, T19)', async () => {
		const expiresAt = new Date(test.time.clock().getTime() + 60_000);
		const link = await share(test.services, here, study, { expiresAt });
		test.time.set(new Date(expiresAt.getTime() - 1000));
		const { actor, expiresAt: ends } = await open(link);
		expect(ends).toEqual(expiresAt);
		expect(await codeOf(sharedView(test.services, actor))).toBe('ok');
		test.time.set(expiresAt);
		expect(await codeOf(open(link))).toBe('grant_expired');
		expect(await codeOf(sharedView(test.services, actor))).toBe('not_found');
		// A clock that is set back revives nothing that was revoked, and expiry is the server's own.
		expect((await eventsOf(link.id)).at(-1)).toBe('grant.open-failed: grant_expired');
	});

	it('lets exactly one of twenty at once use up a link for one opening (C4, T19)', async () => {
		const link = await share(test.services, here, study, { maxOpenings: 1 });
		const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(open(link))));
		expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
		expect(codes.filter((code) => code === 'grant_used_up')).toHaveLength(19);
		expect((await rowOf(link.id)).openings).toBe(1);
		expect(await sessionsOf(link.id)).toHaveLength(1);
	});

	it('gives a link up to three times when three were agreed, one after another', async () => {
		const link = await share(test.services, here, study, { maxOpenings: 3 });
		for (const expected of ['ok', 'ok', 'ok', 'grant_used_up', 'grant_used_up']) {
			expect(await codeOf(open(link))).toBe(expected);
		}
	});

	it('says that a link was withdrawn, only to who holds its secret', async () => {
		const link = await share(test.services, here, study);
		await revokeGrant(test.services, here.physician, { id: link.id });
		expect(await codeOf(open(link))).toBe('grant_revoked');
		expect(await codeOf(open({ ...link, secret: 'x' }))).toBe('not_found');
	});
});

describe('a passcode (C3, T18)', () => {
	const passcode = 'grey heron';

	it('is asked for, and the right one opens', async () => {
		const link = await share(test.services, here, study, { passcode });
		expect(await codeOf(open(link))).toBe('passcode_required');
		expect(await codeOf(open(link, 'wrong one'))).toBe('passcode_wrong');
		expect((await rowOf(link.id)).passcodeTries).toBe(1);
		expect(await codeOf(open(link, passcode))).toBe('ok');
		expect((await rowOf(link.id)).passcodeTries).toBe(0);
	});

	it('pauses the link at the fifth wrong one; the right one is then refused until it is resumed', async () => {
		const link = await share(test.services, here, study, { passcode });
		const before = await open(link, passcode);
		for (let n = 0; n < 5; n++)
			expect(await codeOf(open(link, `wrong ${n}`))).toBe('passcode_wrong');
		expect(await codeOf(open(link, passcode))).toBe('grant_paused');
		expect((await rowOf(link.id)).pausedReason).toBe('wrong passcodes');
		expect(await codeOf(sharedView(test.services, before.actor))).toBe('not_found');
		expect(await eventsOf(link.id)).toContain('grant.paused: wrong passcodes');

		await resumeGrant(test.services, here.physician, { id: link.id });
		expect(await codeOf(open(link, passcode))).toBe('ok');
		expect(await codeOf(sharedView(test.services, before.actor))).toBe('not_found');
	});

	it('takes ten wrong ones at once for ten, and looks at five of them at most', async () => {
		const link = await share(test.services, here, study, { passcode });
		const codes = await Promise.all(
			Array.from({ length: 10 }, (_, n) => codeOf(open(link, `wrong ${n}`)))
		);
		expect(codes.filter((code) => code === 'passcode_wrong')).toHaveLength(5);
		expect(codes.filter((code) => code === 'grant_paused')).toHaveLength(5);
		expect((await rowOf(link.id)).pausedAt).not.toBeNull();
		expect((await eventsOf(link.id)).filter((e) => e.startsWith('grant.paused'))).toHaveLength(1);
		expect(await codeOf(open(link, passcode))).toBe('grant_paused');
	});

	it('still opens as the fifth try', async () => {
		const link = await share(test.services, here, study, { passcode });
		for (let n = 0; n < 4; n++) await codeOf(open(link, `wrong ${n}`));
		expect(await codeOf(open(link, passcode))).toBe('ok');
	});

	it('can be tried anew after a resume when the process died before it could pause the link', async () => {
		const link = await share(test.services, here, study, { passcode });
		await test.services.db.update(grants).set({ passcodeTries: 5 }).where(eq(grants.id, link.id));
		expect(await codeOf(open(link, passcode))).toBe('grant_paused');
		expect((await rowOf(link.id)).pausedAt).not.toBeNull();
		await resumeGrant(test.services, here.physician, { id: link.id });
		expect(await codeOf(open(link, passcode))).toBe('ok');
	});

	it('is not resumed when it is not paused, nor ever after it was revoked', async () => {
		const link = await share(test.services, here, study, { passcode });
		const resume = () => codeOf(resumeGrant(test.services, here.physician, { id: link.id }));
		expect(await resume()).toBe('conflict');
		for (let n = 0; n < 5; n++) await codeOf(open(link, `wrong ${n}`));
		await revokeGrant(test.services, here.physician, { id: link.id });
		expect(await resume()).toBe('conflict');
		expect(await codeOf(open(link, passcode))).toBe('grant_revoked');
	});
});
