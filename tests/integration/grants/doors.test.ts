import { readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SharedView } from '$lib/share/view.ts';
import { createSession } from '$lib/server/auth/sessions.ts';
import { sessionCookieName } from '$lib/server/auth/cookies.ts';
import { auditEvents, grants, grantSessions } from '$lib/server/db/schema/index.ts';
import { createInnerContext } from '$lib/server/trpc/context.ts';
import { createCaller } from '$lib/server/trpc/router.ts';
import { setSecurityHeaders } from '$lib/server/hooks/security-headers.ts';
import { fallback } from '../../../src/routes/(share)/s/[id]/dicom-web/[...path]/+server.ts';
import { GET as live } from '../../../src/routes/(share)/s/[id]/live/+server.ts';
import { POST as open } from '../../../src/routes/(share)/s/[id]/open/+server.ts';
import { GET as pdf } from '../../../src/routes/(share)/s/[id]/pdf/+server.ts';
import { GET as view } from '../../../src/routes/(share)/s/[id]/view/+server.ts';
import * as page from '../../../src/routes/(share)/s/[id]/+page.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { share, Visitor } from './setup.ts';

let test: ReportingTest;
let here: ReportingPractice;
let study: SignedStudy;

beforeAll(async () => {
	test = await openReporting();
	here = await test.practice();
	study = await here.signed();
});

const body = (secret: string, passcode: string | null = null): RequestInit => ({
	method: 'POST',
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify({ secret, passcode })
});
const statusOf = async (answer: Promise<{ response: Response }>) => {
	const { response } = await answer;
	if (!response.headers.get('content-type')?.includes('event-stream')) await response.text();
	else await response.body?.cancel();
	return response.status;
};
const openingsOf = async (id: string) => {
	const [row] = await test.services.db
		.select()
		.from(grants)
		.where(eq(grants.id, id as typeof grants.$inferSelect.id));
	return row?.openings;
};

/** The GET doors of a link. */
const gets = () =>
	[
		['view', view],
		['pdf', pdf],
		['live', live],
		[`dicom-web/${study.paths.loop}`, fallback]
	] as const;

/** The name of a vocabulary is no address: nothing is fetched from it. */
const withoutNamespaces = (file: string) =>
	readFileSync(file, 'utf8').replaceAll('http://www.w3.org/2000/svg', '');

describe('looking at the address of a link (C2, T17)', () => {
	it('is drawn in the browser alone, from a page that loads nothing', () => {
		expect(page).toMatchObject({ ssr: false, prerender: false });
		expect('load' in page).toBe(false);
		const source = readFileSync('src/routes/(share)/s/[id]/+page.svelte', 'utf8');
		expect(source).toContain('share_neutral_title');
		// No title, preview tag or link that names anything.
		expect(source).not.toMatch(/og:|twitter:|\bview\.patient\b/);
	});

	it('counts nothing, sets no cookie and shows nothing, however often and to whomever', async () => {
		const link = await share(test.services, here, study);
		const before = await test.services.db.select().from(auditEvents);
		for (const agent of ['Slackbot', 'TeamsBot', 'Outlook', 'WhatsApp', 'Googlebot', 'Mozilla']) {
			for (const method of ['GET', 'HEAD']) {
				const visitor = new Visitor(test.services);
				const headers = { 'user-agent': agent, 'sec-purpose': 'prefetch' };
				for (const [door, handler] of gets()) {
					const { response } = await visitor.ask(handler, link.id, door, { method, headers });
					expect([401, 404, 405], `${method} ${door}`).toContain(response.status);
					expect(await response.text()).not.toMatch(/Person|Ada|Normal/);
				}
				expect(visitor.set).toEqual([]);
			}
		}
		expect(await openingsOf(link.id)).toBe(0);
		expect(await test.services.db.select().from(auditEvents)).toHaveLength(before.length);
		const sessions = await test.services.db
			.select()
			.from(grantSessions)
			.where(eq(grantSessions.grantId, link.id));
		expect(sessions).toEqual([]);
	});
});

describe('opening by POST', () => {
	it('answers with the view and one cookie that is for this link alone', async () => {
		const link = await share(test.services, here, study);
		const visitor = new Visitor(test.services);
		const { response } = await visitor.ask(open, link.id, 'open', body(link.secret));
		expect(response.status).toBe(200);
		expect(((await response.json()) as SharedView).report?.signedBy).toBe('Ada Reader');
		expect(visitor.set).toHaveLength(1);
		const [cookie] = visitor.set;
		expect(cookie?.name).toBe(`__Host-readroom-s-${link.id}`);
		expect(cookie?.options).toMatchObject({
			path: '/',
			httpOnly: true,
			sameSite: 'strict',
			secure: true
		});
		expect(cookie?.options.domain).toBeUndefined();
		expect(cookie?.value).not.toContain(link.secret);
		for (const [door, handler] of gets()) {
			expect(await statusOf(visitor.ask(handler, link.id, door)), door).toBe(200);
		}
		expect(await openingsOf(link.id)).toBe(1);
	});

	it('does nothing with what it does not understand', async () => {
		const link = await share(test.services, here, study);
		const visitor = new Visitor(test.services);
		const json = { 'content-type': 'application/json' };
		for (const sent of [
			'',
			'null',
			'[]',
			'{"secret":1,"passcode":null}',
			`{"secret":"${link.secret}"}`,
			`{"secret":"${link.secret}","passcode":null,"actor":"x"}`,
			`{"secret":"${'x'.repeat(200)}","passcode":null}`
		]) {
			const init = { method: 'POST', headers: json, body: sent };
			expect(await statusOf(visitor.ask(open, link.id, 'open', init)), sent).toBe(400);
		}
		expect(visitor.set).toEqual([]);
		expect(await openingsOf(link.id)).toBe(0);
	});

	it('answers an unknown link and a wrong secret with the same bytes', async () => {
		const link = await share(test.services, here, study, { passcode: 'blue cormorant' });
		const visitor = new Visitor(test.services);
		const answers = await Promise.all(
			[link.id, 'A'.repeat(22)].map(async (id) => {
				const { response } = await visitor.ask(open, id, 'open', body('x'.repeat(43), 'guess'));
				return { status: response.status, text: await response.text() };
			})
		);
		expect(answers[0]).toEqual(answers[1]);
		expect(answers[0]?.status).toBe(404);
	});

	it('tells each way in which a link is over by its own word and status', async () => {
		const wrong = await share(test.services, here, study, { passcode: 'blue cormorant' });
		const used = await share(test.services, here, study, { maxOpenings: 1 });
		const visitor = new Visitor(test.services);
		const ask = async (link: typeof used, passcode: string | null = null) => {
			const { response } = await visitor.ask(open, link.id, 'open', body(link.secret, passcode));
			const { code } = (await response.json()) as { code?: string };
			return [response.status, code];
		};
		expect(await ask(wrong)).toEqual([403, 'passcode_required']);
		expect(await ask(wrong, 'nope')).toEqual([403, 'passcode_wrong']);
		expect(await ask(used)).toEqual([200, undefined]);
		expect(await ask(used)).toEqual([410, 'grant_used_up']);
		test.time.set(used.expiresAt);
		expect(await ask(used)).toEqual([410, 'grant_expired']);
	});
});

describe('two credentials in one browser (B5, T25)', () => {
	it('a link’s cookie opens that link, and no other', async () => {
		const [a, b] = [
			await share(test.services, here, study),
			await share(test.services, here, study)
		];
		const visitor = new Visitor(test.services);
		await visitor.ask(open, a.id, 'open', body(a.secret));
		visitor.jar.set(`__Host-readroom-s-${b.id}`, visitor.cookieOf(a.id) ?? '');
		for (const [door, handler] of gets()) {
			expect([401, 404], door).toContain(await statusOf(visitor.ask(handler, b.id, door)));
			expect(await statusOf(visitor.ask(handler, a.id, door)), door).toBe(200);
		}
		const query = `view?grant=${b.id}`;
		expect(await statusOf(visitor.ask(view, a.id, query))).toBe(404);
		const headers = { 'x-readroom-grant': a.id };
		expect(await statusOf(visitor.ask(view, b.id, 'view', { headers }))).toBe(404);
	});

	it('a member under /s/ is the holder of the link or nobody, never both', async () => {
		const link = await share(test.services, here, study, { switches: { report: false } });
		const { value } = await createSession(test.services.db, test.services, {
			userId: here.physician.userId,
			practiceId: here.practiceId
		});
		const visitor = new Visitor(test.services);
		const name = sessionCookieName(true);
		visitor.jar.set(name, value);
		const closed = await visitor.ask(view, link.id, 'view');
		expect([closed.response.status, closed.actor.kind]).toEqual([404, 'nobody']);
		await visitor.ask(open, link.id, 'open', body(link.secret));
		const shown = await visitor.ask(view, link.id, 'view');
		expect(shown.actor.kind).toBe('grant');
		expect(((await shown.response.json()) as SharedView).report).toBeNull();
		// The physician could read it; through the link nobody can.
		expect(await statusOf(visitor.ask(pdf, link.id, 'pdf'))).toBe(404);
		expect(await statusOf(visitor.ask(fallback, link.id, `dicom-web/${study.paths.sr}`))).toBe(404);
	});

	it('a link reaches no procedure of members', async () => {
		const link = await share(test.services, here, study);
		const visitor = new Visitor(test.services);
		await visitor.ask(open, link.id, 'open', body(link.secret));
		const { actor } = await visitor.ask(view, link.id, 'view');
		expect(actor.kind).toBe('grant');
		const caller = createCaller(
			createInnerContext({ services: test.services, actor, practice: null })
		);
		const { reportId } = study;
		for (const call of [
			() => caller.grants.list({}),
			() => caller.grants.revoke({ id: link.id }),
			() => caller.my.reports(),
			() => caller.my.report({ reportId }),
			() => caller.reports.get({ reportId }),
			() => caller.releases.ofReport({ reportId })
		]) {
			await expect(call()).rejects.toMatchObject({
				code: expect.stringMatching(/UNAUTHORIZED|FORBIDDEN|NOT_FOUND/) as string
			});
		}
	});
});

describe('what every door of a link says (C8, T22)', () => {
	it('no cache, no index, no referrer: with and without right', async () => {
		const link = await share(test.services, here, study);
		const [visitor, stranger] = [new Visitor(test.services), new Visitor(test.services)];
		const doors = [['open', open, body(link.secret)], ...gets().map((d) => [...d, {}])] as const;
		for (const [door, handler, init] of doors as unknown as [string, unknown, RequestInit][]) {
			for (const [who, sent] of [
				[visitor, init],
				[stranger, door === 'open' ? body('x') : {}]
			] as const) {
				const { response } = await who.ask(handler, link.id, door, sent);
				await response.body?.cancel();
				expect(response.status === 200, door).toBe(who === visitor);
				// As `handle` sends it on.
				const headers = new Headers(response.headers);
				setSecurityHeaders(headers, new URL(`https://echo.example.org/s/${link.id}/${door}`));
				expect(headers.get('cache-control'), door).toMatch(/no-store/);
				expect(headers.get('referrer-policy'), door).toBe('no-referrer');
				expect(headers.get('x-robots-tag'), door).toBe('noindex, nofollow, noarchive');
				expect(headers.get('x-content-type-options'), door).toBe('nosniff');
				expect(headers.get('access-control-allow-origin'), door).toBeNull();
				expect(headers.get('set-cookie'), door).toBeNull();
			}
		}
	});

	it('pages and parts of a link name no other host', () => {
		for (const file of [
			'src/routes/(share)/s/[id]/+page.svelte',
			'src/lib/share/ui/SharedReport.svelte',
			'src/lib/share/ui/SharedClosed.svelte',
			'src/lib/share/ui/SharedEnded.svelte',
			'src/lib/share/ui/SharedStudy.svelte',
			'src/lib/share/ui/AbnormalValues.svelte',
			'src/lib/share/ui/share-session.svelte.ts',
			'src/app.html'
		]) {
			expect(withoutNamespaces(file), file).not.toMatch(/https?:\/\/|src="\/\//);
			expect(readFileSync(file, 'utf8'), file).not.toMatch(/\{@html|innerHTML/);
		}
	});
});
