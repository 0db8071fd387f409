import type { Cookies } from '@sveltejs/kit';
import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { GrantId, PatientId, ReportId, VersionId } from '$lib/ids.ts';
import type { VersionContent } from '$lib/report/version.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { sessionCookieName } from '$lib/server/auth/cookies.ts';
import { grantCookieName, namedGrant } from '$lib/server/auth/grant-cookie.ts';
import { hashSecret, newPublicId, newSecret } from '$lib/server/auth/secret.ts';
import { createSession } from '$lib/server/auth/sessions.ts';
import { createToken } from '$lib/server/commands/change-token.ts';
import {
	grants,
	grantSessions,
	patients,
	reports,
	reportVersions,
	resolvedWorksheets
} from '$lib/server/db/schema/index.ts';
import { identify } from '$lib/server/hooks/identify.ts';
import { minutes } from '../../support/clock.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

describe('who asks', () => {
	let test: TestServices;
	let person: UserActor;
	let session: string;
	let token: string;
	const opened: { id: GrantId; cookie: string }[] = [];

	beforeAll(async () => {
		test = await createTestServices();
		const { services } = test;
		const practiceId = await buildPractice(services);
		person = await buildPerson(services, { practiceId, roles: ['physician'] });
		const made = await createSession(services.db, services, { userId: person.userId, practiceId });
		session = made.value;
		const parts = { userId: person.userId, name: 'x', scopes: ['dicom:read' as const], days: 1 };
		token = (await createToken(services, person, parts)).value;
		await buildReport();
		opened.push(await openLink(), await openLink());
	});

	async function buildReport() {
		const { db, clock } = test.services;
		const { practiceId } = person;
		const createdAt = clock();
		const patientId = 'pat' as PatientId;
		const reportId = 'rep' as ReportId;
		await db
			.insert(patients)
			.values({ id: patientId, practiceId, name: 'A^B', sex: 'unknown', createdAt });
		const worksheet = {
			hash: 'h',
			worksheetId: 'w',
			version: '1',
			content: {} as ResolvedWorksheet
		};
		await db.insert(resolvedWorksheets).values({ ...worksheet, createdAt });
		await db.insert(reports).values({
			id: reportId,
			practiceId,
			patientId,
			worksheetHash: 'h',
			state: 'final',
			createdAt
		});
		await db.insert(reportVersions).values({
			id: 'ver' as VersionId,
			reportId,
			practiceId,
			number: 1,
			kind: 'final',
			content: {} as VersionContent,
			contentHash: 'c',
			pdf: new Uint8Array(),
			pdfHash: 'p',
			exportUids: { srSeries: '1', srInstance: '2', pdfSeries: '3', pdfInstance: '4' },
			createdAt
		});
	}

	async function openLink() {
		const { db, clock } = test.services;
		const now = clock();
		const id = newPublicId() as GrantId;
		const secret = newSecret();
		const later = new Date(now.getTime() + minutes(60));
		await db.insert(grants).values({
			id,
			practiceId: person.practiceId,
			reportId: 'rep' as ReportId,
			versionId: 'ver' as VersionId,
			patientId: 'pat' as PatientId,
			scope: { studyUids: ['1.2'], instanceUids: null },
			switches: {
				images: true,
				report: true,
				download: true,
				measure: false,
				newerVersions: false
			},
			recipient: 'Dr. X',
			origin: 'button',
			secretHash: 's',
			expiresAt: later,
			createdBy: person.userId,
			createdAt: now
		});
		await db.insert(grantSessions).values({
			id: hashSecret(secret),
			grantId: id,
			lastActiveAt: now,
			expiresAt: later,
			absoluteExpiresAt: later,
			openedAt: now
		});
		return { id, cookie: `${id}.${secret}` };
	}

	const ask = async (
		path: string,
		jar: Record<string, string> = {},
		headers: Record<string, string> = {}
	) => {
		const { actor } = await identify(test.services, {
			url: new URL(path, 'https://echo.example.org'),
			headers: new Headers(headers),
			cookies: { get: (name: string) => jar[name] } as Cookies
		});
		return actor;
	};
	const jarOf = (...links: { id: GrantId; cookie: string }[]) => ({
		[sessionCookieName(true)]: session,
		...Object.fromEntries(links.map(({ id, cookie }) => [grantCookieName(id, true), cookie]))
	});
	const nobody = { kind: 'nobody' };

	it('is the person of the session on a page of members, whatever links are open', async () => {
		const [a, b] = opened;
		expect(await ask('/', jarOf(a!, b!))).toMatchObject({ kind: 'user', userId: person.userId });
	});

	it('is the visitor alone where a link is named, whoever is signed in', async () => {
		const [a, b] = opened;
		expect(await ask(`/s/${a!.id}/view`, jarOf(a!, b!))).toMatchObject({
			kind: 'grant',
			grantId: a!.id
		});
		for (const named of [`/dicom-web/studies?grant=${b!.id}`, `/api/trpc/x?grant=${b!.id}`]) {
			expect(await ask(named, jarOf(a!, b!))).toMatchObject({ kind: 'grant', grantId: b!.id });
		}
		expect(await ask('/dicom-web/studies', jarOf(a!), { 'x-readroom-grant': a!.id })).toMatchObject(
			{
				kind: 'grant',
				grantId: a!.id
			}
		);
	});

	it('is nobody where a link is named that this browser did not open', async () => {
		const [a, b] = opened;
		expect(await ask(`/s/${b!.id}`, jarOf(a!))).toEqual(nobody);
		const swapped = { [grantCookieName(b!.id, true)]: a!.cookie };
		expect(await ask(`/s/${b!.id}`, swapped)).toEqual(nobody);
		const renamed = { [grantCookieName(b!.id, true)]: `${b!.id}.${a!.cookie.split('.')[1]}` };
		expect(await ask(`/s/${b!.id}`, renamed)).toEqual(nobody);
	});

	it('is nobody where two links are named at once', async () => {
		const [a, b] = opened;
		expect(await ask(`/s/${a!.id}?grant=${b!.id}`, jarOf(a!, b!))).toEqual(nobody);
	});

	it('is the token alone where one is sent, and nobody when it does not fit', async () => {
		const [a] = opened;
		const authorization = `Bearer ${token}`;
		expect(await ask('/dicom-web/studies', jarOf(a!), { authorization })).toMatchObject({
			kind: 'token'
		});
		expect(await ask('/dicom-web/studies', jarOf(a!), { authorization: 'Bearer x' })).toEqual(
			nobody
		);
	});

	it('takes a session only under the name that belongs to its transport', async () => {
		expect(await ask('/', { [sessionCookieName(false)]: session })).toEqual(nobody);
	});

	it('is nobody once the link is revoked, paused or ended', async () => {
		const { db, clock } = test.services;
		const { eq } = await import('drizzle-orm');
		const revoked = await openLink();
		await db.update(grants).set({ revokedAt: clock() }).where(eq(grants.id, revoked.id));
		expect(await ask(`/s/${revoked.id}`, jarOf(revoked))).toEqual(nobody);
		const paused = await openLink();
		await db.update(grants).set({ pausedAt: clock() }).where(eq(grants.id, paused.id));
		expect(await ask(`/s/${paused.id}`, jarOf(paused))).toEqual(nobody);
		const ended = await openLink();
		test.time.advance(minutes(60));
		expect(await ask(`/s/${ended.id}`, jarOf(ended))).toEqual(nobody);
	});
});

describe('naming a link', () => {
	it.each([
		['/s/abc', {}, 'abc'],
		['/s/abc/dicom-web/studies', {}, 'abc'],
		['/studies', {}, null],
		['/studies?grant=abc', {}, 'abc'],
		['/s/abc?grant=abc', { 'x-readroom-grant': 'abc' }, 'abc'],
		['/s/abc', { 'x-readroom-grant': 'abd' }, 'invalid'],
		['/studies?grant=', {}, 'invalid'],
		['/studies?grant=a%00b', {}, 'invalid'],
		[`/studies?grant=${'a'.repeat(65)}`, {}, 'invalid']
	])('%s %o', (path, headers, expected) => {
		expect(
			namedGrant(new URL(path, 'http://h'), new Headers(headers as Record<string, string>))
		).toBe(expected);
	});
});
