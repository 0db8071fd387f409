import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '$lib/server/auth/sessions.ts';
import { sessionCookieName } from '$lib/server/auth/cookies.ts';
import { handle } from '$lib/server/hooks/handle.ts';
import { currentRequest } from '$lib/server/request-context.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';
import { routeDoors } from '../access/doors.ts';
import { minutes } from '../../support/clock.ts';

const slot = Symbol.for('readroom.running');
const shared = globalThis as { [slot]?: unknown };

/** `locals` of the last request that got through, and what its door read of the body. */
interface Seen {
	locals: App.Locals;
	body: string | null;
	requestId: string;
}

describe('every request', () => {
	let test: TestServices;
	let session: string;

	beforeAll(async () => {
		test = await createTestServices();
		shared[slot] = Promise.resolve({ services: test.services });
		const practiceId = await buildPractice(test.services);
		const { userId } = await buildPerson(test.services, { practiceId, roles: ['physician'] });
		session = (await createSession(test.services.db, test.services, { userId, practiceId })).value;
	});
	afterAll(() => {
		delete shared[slot];
	});

	async function send(
		address: string,
		init: RequestInit = {},
		jar: Record<string, string> = {},
		answer = () =>
			new Response('<html lang="%lang%" data-theme="%theme%">', {
				headers: { 'content-type': 'text/html' }
			})
	): Promise<{ response: Response; seen: Seen | null }> {
		const url = new URL(address);
		const request = new Request(url, {
			...init,
			...(init.body ? { duplex: 'half' } : {})
		} as RequestInit);
		let seen: Seen | null = null;
		const event = {
			request,
			url,
			locals: {},
			cookies: { get: (name: string) => jar[name] } as Cookies,
			getClientAddress: () => '10.0.0.7',
			route: { id: url.pathname }
		} as unknown as RequestEvent;
		const response = await handle({
			event,
			resolve: async (e, options) => {
				const body = e.request.body ? await e.request.text() : null;
				seen = { locals: e.locals, body, requestId: currentRequest().requestId };
				const made = answer();
				const html = await options?.transformPageChunk?.({
					html: await made.clone().text(),
					done: true
				});
				return html === undefined ? made : new Response(html, made);
			}
		});
		return { response, seen };
	}

	const paths = Object.keys(routeDoors).map(
		(id) =>
			id
				.replace(/\/\([^)]*\)/g, '')
				.replace(/\[\.\.\.\w+\]/g, 'x')
				.replace(/\[\w+\]/g, 'abc') || '/'
	);

	it.each(paths)('to %s is answered with the headers of a careful site', async (path) => {
		for (const origin of ['http://localhost:3000', 'https://echo.example.org']) {
			const { response } = await send(`${origin}${path}`);
			const { headers } = response;
			expect(headers.get('x-content-type-options')).toBe('nosniff');
			expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
			expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
			expect(headers.get('x-frame-options')).toBe('DENY');
			expect(headers.get('cache-control')).toBe('private, no-store');
			expect(headers.get('reporting-endpoints')).toContain('/api/csp-report');
			const secure = origin.startsWith('https');
			expect(headers.has('strict-transport-security')).toBe(secure);
			const shared = path.startsWith('/s/');
			expect(headers.get('referrer-policy')).toBe(shared ? 'no-referrer' : 'same-origin');
			expect(headers.get('x-robots-tag')).toBe(shared ? 'noindex, nofollow, noarchive' : null);
		}
	});

	it('that is no page may load nothing, should it ever be shown as one', async () => {
		const json = () => Response.json({});
		const { response } = await send('https://h/api/trpc/x', {}, {}, json);
		expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
	});

	it('from another site changes nothing', async () => {
		const form = 'application/x-www-form-urlencoded';
		const attacks: [string, RequestInit][] = [
			[
				'/sign-in',
				{
					method: 'POST',
					body: 'a=b',
					headers: { origin: 'https://evil.example', 'content-type': form }
				}
			],
			[
				'/sign-in',
				{ method: 'POST', body: 'a=b', headers: { origin: 'null', 'content-type': form } }
			],
			['/sign-in', { method: 'POST', body: 'a=b', headers: { 'content-type': form } }],
			[
				'/sign-in',
				{
					method: 'POST',
					body: 'a=b',
					headers: { origin: 'https://h', 'content-type': 'text/plain' }
				}
			],
			['/sign-out', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }],
			[
				'/api/trpc/x',
				{
					method: 'POST',
					body: '{}',
					headers: { origin: 'https://evil.example', 'content-type': 'application/json' }
				}
			],
			[
				'/api/trpc/x',
				{ method: 'POST', body: 'a=b', headers: { origin: 'https://h', 'content-type': form } }
			],
			[
				'/api/trpc/x',
				{ method: 'POST', body: new Blob(['{}']).stream(), headers: { origin: 'https://h' } }
			],
			['/api/trpc/x', { method: 'PUT', headers: { origin: 'https://h.evil.example' } }],
			['/api/trpc/x', { method: 'DELETE', headers: { 'sec-fetch-site': 'same-site' } }],
			[
				'/dicom-web/studies',
				{
					method: 'POST',
					body: 'x',
					headers: { origin: 'https://evil.example', 'content-type': 'multipart/related' }
				}
			],
			// The same name over another transport is another site.
			[
				'/sign-in',
				{ method: 'POST', body: 'a=b', headers: { origin: 'http://h', 'content-type': form } }
			]
		];
		for (const [path, init] of attacks) {
			const { response, seen } = await send(`https://h${path}`, init);
			expect(seen, `${init.method} ${path}`).toBeNull();
			expect(response.status).toBe(403);
		}
	});

	it('of our own pages gets through', async () => {
		const own: [string, RequestInit][] = [
			[
				'/sign-in',
				{
					method: 'POST',
					body: 'a=b',
					headers: { origin: 'https://h', 'content-type': 'application/x-www-form-urlencoded' }
				}
			],
			[
				'/api/trpc/x',
				{
					method: 'POST',
					body: '{}',
					headers: { origin: 'https://h', 'content-type': 'application/json' }
				}
			],
			[
				'/api/trpc/x',
				{
					method: 'POST',
					body: '{}',
					headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
				}
			],
			// A program with a token has no cookie that somebody else could use.
			[
				'/dicom-web/studies',
				{
					method: 'POST',
					body: 'x',
					headers: { authorization: 'Bearer x', 'content-type': 'multipart/related' }
				}
			]
		];
		for (const [path, init] of own) {
			const { seen } = await send(`https://h${path}`, init);
			expect(seen?.body, `${init.method} ${path}`).toBe(init.body);
		}
	});

	it('is refused when its body is larger than its door takes, announced or not', async () => {
		const headers = { origin: 'https://h', 'content-type': 'application/json' };
		const announced = await send('https://h/api/trpc/x', {
			method: 'POST',
			body: '{}',
			headers: { ...headers, 'content-length': '4000000000' }
		});
		expect(announced.response.status).toBe(413);
		const chunk = new Uint8Array(1024 * 1024);
		let sent = 0;
		const endless = new ReadableStream<Uint8Array>({
			pull(controller) {
				sent += chunk.byteLength;
				controller.enqueue(chunk);
			}
		});
		const { response } = await send('https://h/api/trpc/x', {
			method: 'POST',
			body: endless,
			headers
		});
		expect(response.status).toBe(413);
		expect(sent).toBeLessThan(8 * 1024 * 1024);
	});

	it('knows its person, and looking is not activity', async () => {
		const jar = { [sessionCookieName(true)]: session };
		const first = await send('https://h/', {}, jar);
		expect(first.seen?.locals).toMatchObject({ actor: { kind: 'user', roles: ['physician'] } });
		const end = first.seen?.locals.session?.expiresAt.getTime() ?? 0;
		test.time.advance(minutes(5));
		const quiet: HeadersInit[] = [
			{},
			{ 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
			{ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch' },
			{ 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
		];
		for (const headers of quiet) {
			await send('https://h/', { headers }, jar);
			const { seen } = await send('https://h/', {}, jar);
			expect(seen?.locals.session?.expiresAt.getTime()).toBe(end);
		}
		await send(
			'https://h/',
			{ headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } },
			jar
		);
		const { seen } = await send('https://h/', {}, jar);
		expect(seen?.locals.session?.expiresAt.getTime()).toBe(end + minutes(5));
	});

	it('has an id, in the log and for the user', async () => {
		const { seen } = await send('https://h/');
		expect(seen?.requestId).toMatch(/^[0-9a-f]{8}$/);
		expect(seen?.locals.requestId).toBe(seen?.requestId);
	});

	it('of a page has the language and the light or dark of its place', async () => {
		const of = async (path: string) => (await send(`https://h${path}`)).response.text();
		expect(await of('/')).toBe('<html lang="en" data-theme="dark">');
		expect(await of('/s/abc')).toBe('<html lang="en" data-theme="light">');
	});
});
