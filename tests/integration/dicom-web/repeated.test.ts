import { eq } from 'drizzle-orm';
import pg from 'pg';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { PracticeId, UserId } from '$lib/ids.ts';
import { createToken } from '$lib/server/commands/change-token.ts';
import { receiveObjects } from '$lib/server/commands/receive-objects.ts';
import { apiTokens, memberships, users } from '$lib/server/db/schema/people.ts';
import { createNodeDoor } from '$lib/server/dicomweb/node-door.ts';
import { createTestArchives } from '../../support/archives.ts';
import { serveNode } from '../../support/http-door.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';
import { tinyLoop } from '../../support/tiny-dicom.ts';

const loop = 'studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1';

let test: TestServices;
let origin: string;
let practiceId: PracticeId;
let userId: UserId;
let token: string;
/** How often a connection to the database was taken: every query and transaction takes one. */
let visits = 0;

beforeAll(async () => {
	const archives = createTestArchives();
	test = await createTestServices({ archives: archives.port });
	const { services } = test;
	({ origin } = await serveNode((req, res) => {
		if (!door(req, res)) res.writeHead(418).end();
	}));
	const door = createNodeDoor(async () => services, { PROTOCOL_HEADER: 'x-forwarded-proto' });
	practiceId = await buildPractice(services);
	await archives.addEmbedded(services, practiceId);
	const reader = await buildPerson(services, { practiceId, roles: ['physician'] });
	({ userId } = reader);
	await receiveObjects(services, reader, { objects: [tinyLoop({ frames: 3 })], origin: 'stow' });
	const { $client } = services.db as unknown as { $client: { connect(...a: unknown[]): unknown } };
	const connect = $client.connect.bind($client);
	$client.connect = (...args) => {
		visits++;
		return connect(...args);
	};
});

beforeEach(async () => {
	const operator = { kind: 'job', name: 'test', practiceId, onBehalfOf: null } as const;
	const { value } = await createToken(test.services, operator, {
		userId,
		name: randomUUID(),
		scopes: ['dicom:read'],
		days: 1
	});
	token = value;
});

async function frame(number = 1, headers: Record<string, string> = {}): Promise<Response> {
	const answer = await fetch(`${origin}/dicom-web/${loop}/frames/${number}`, {
		headers: { authorization: `Bearer ${token}`, 'x-forwarded-proto': 'http', ...headers }
	});
	await answer.arrayBuffer();
	return answer;
}
const status = async (number?: number) => (await frame(number)).status;

describe('frames that are asked for one after the other', () => {
	it('do not reach the database at all, while nothing is written', async () => {
		// The first is written into the log, which is a change; the second looks once more.
		expect([await status(1), await status(2)]).toEqual([200, 200]);
		visits = 0;
		expect(await Promise.all([1, 2, 3, 1, 2, 3].map(status))).toEqual(Array(6).fill(200));
		test.time.advance(999);
		expect(await status(1)).toBe(200);
		expect(visits).toBe(0);
	});

	it('share one look when they come at the same time', async () => {
		const look = async (asked: number[]) => {
			test.time.advance(1000);
			visits = 0;
			expect(await Promise.all(asked.map(status))).toEqual(asked.map(() => 200));
			return visits;
		};
		await status(1);
		const [six, one] = [await look([1, 2, 3, 1, 2, 3]), await look([1])];
		// A slow one may come after the note that the token was used, which is a change: it looks again.
		expect(six).toBeLessThan(2 * one);
	});

	it('are looked up again after a second, as another process may have changed something', async () => {
		await status(1);
		await status(2);
		const elsewhere = new pg.Client(test.database.url);
		await elsewhere.connect();
		await elsewhere.query('update api_tokens set revoked_at = now() where user_id = $1', [userId]);
		await elsewhere.end();
		expect(await status(3)).toBe(200);
		test.time.advance(1000);
		expect(await status(3)).toBe(401);
	});

	it('end with the very next one when the token is revoked (A5)', async () => {
		expect([await status(1), await status(2)]).toEqual([200, 200]);
		const { db, clock } = test.services;
		await db.update(apiTokens).set({ revokedAt: clock() });
		expect(await status(2)).toBe(401);
	});

	it('end with the very next one when a role is taken away (B4)', async () => {
		expect([await status(1), await status(2)]).toEqual([200, 200]);
		const { db } = test.services;
		const whose = eq(memberships.userId, userId);
		await db.transaction((tx) =>
			tx
				.update(memberships)
				.set({ roles: ['admin'] })
				.where(whose)
		);
		expect(await status(2)).toBe(404);
		await db
			.update(memberships)
			.set({ roles: ['physician'] })
			.where(whose);
		expect(await status(2)).toBe(200);
	});

	it('end with the very next one when the person is disabled (A5)', async () => {
		expect([await status(1), await status(2)]).toEqual([200, 200]);
		const { db, clock } = test.services;
		await db.update(users).set({ disabledAt: clock() }).where(eq(users.id, userId));
		expect(await status(2)).toBe(401);
		await db.update(users).set({ disabledAt: null }).where(eq(users.id, userId));
	});

	it('end when the token’s time is over, to the moment', async () => {
		const { db, clock } = test.services;
		const end = new Date(clock().getTime() + 500);
		await db.update(apiTokens).set({ expiresAt: end });
		expect([await status(1), await status(2)]).toEqual([200, 200]);
		test.time.advance(499);
		expect(await status(2)).toBe(200);
		test.time.advance(1);
		expect(await status(2)).toBe(401);
	});
});

describe('the door before the framework', () => {
	it('sends the headers that every answer of ours has (G1, G3)', async () => {
		for (const answer of [await frame(), await frame(99)]) {
			expect(Object.fromEntries(answer.headers)).toMatchObject({
				'cache-control': 'private, no-store',
				'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
				'cross-origin-opener-policy': 'same-origin',
				'cross-origin-resource-policy': 'same-origin',
				'referrer-policy': 'same-origin',
				'x-content-type-options': 'nosniff',
				'x-frame-options': 'DENY'
			});
		}
	});

	it('leaves to the framework what changes something, has a body, or is opened as a page', async () => {
		const headers = { authorization: `Bearer ${token}`, 'x-forwarded-proto': 'http' };
		const ask = async (path: string, init: RequestInit = {}) =>
			(await fetch(origin + path, { headers, ...init })).status;
		expect(await ask('/dicom-web/studies', { method: 'POST', body: 'x' })).toBe(418);
		expect(await ask('/dicom-web/studies', { method: 'HEAD' })).toBe(418);
		expect(await ask('/studies')).toBe(418);
		expect(await ask('/api/x/dicom-web/studies')).toBe(418);
		expect(await ask('/dicom-web/studies')).toBe(200);
	});

	it('knows nobody without a credential, and tells them nothing', async () => {
		token = 'nonsense';
		expect(await status(1)).toBe(401);
		expect(await status(99)).toBe(401);
	});
});
