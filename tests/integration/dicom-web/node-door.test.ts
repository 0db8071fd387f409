import { get as httpGet, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '$lib/access/actor.ts';
import type { PatientId } from '$lib/ids.ts';
import { openThings } from '$lib/server/access-registry.ts';
import type { Archive, FramePart, Payload } from '$lib/server/archive/archive.ts';
import { hashSecret, newSecret } from '$lib/server/auth/secret.ts';
import { createSession, endSession } from '$lib/server/auth/sessions.ts';
import { grants, grantSessions, releases } from '$lib/server/db/schema/grants.ts';
import { patients } from '$lib/server/db/schema/patients.ts';
import { reports } from '$lib/server/db/schema/reports.ts';
import { practiceStudies } from '$lib/server/db/schema/studies.ts';
import { createNodeDoor } from '$lib/server/dicomweb/node-door.ts';
import { eq } from 'drizzle-orm';
import pg from 'pg';
import { serveNode } from '../../support/http-door.ts';
import { tinyLoop } from '../../support/tiny-dicom.ts';
import { openDoor, openLink, type DoorTest, type PracticeParts } from './setup.ts';

const loop = 'studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1';
const MiB = 1024 * 1024;

let test: DoorTest;
/** As production has it: who asks is told by cookies and tokens. */
let origin: string;

beforeAll(async () => {
	test = await openDoor();
	const door = createNodeDoor(async () => test.services, { PROTOCOL_HEADER: 'x-test-scheme' });
	({ origin } = await serveNode((req, res) => {
		req.headers['x-test-scheme'] = 'http';
		if (!door(req, res)) res.writeHead(418).end();
	}));
});

async function fresh(parts: Partial<Archive> = {}): Promise<PracticeParts> {
	const practice = await test.practice();
	await practice.receive(tinyLoop({ frames: 8 }));
	test.archives.watch(
		practice.archive.id,
		(inner) =>
			new Proxy(inner, {
				get(target, key) {
					const value: unknown = Reflect.get(parts, key) ?? Reflect.get(target, key);
					return typeof value === 'function' ? value.bind(target) : value;
				}
			})
	);
	return practice;
}

/** An answer of which nothing is read yet. */
const unread = (actor: Actor, path: string, accept: string): Promise<IncomingMessage> =>
	new Promise((done, fail) => {
		const headers = { ...test.as(actor), accept };
		httpGet(`${test.origin}/dicom-web/${path}`, { headers, agent: false }, done).on('error', fail);
	});

async function bytesOf(answer: IncomingMessage): Promise<number> {
	let bytes = 0;
	for await (const chunk of answer) bytes += (chunk as Buffer).length;
	return bytes;
}

/** Counts what is taken from it, and never ends. */
function endless() {
	const given = { bytes: 0, destroyed: false };
	const body = new Readable({
		highWaterMark: 64 * 1024,
		read() {
			given.bytes += 64 * 1024;
			this.push(Buffer.alloc(64 * 1024, 1));
		},
		destroy(error, done) {
			given.destroyed = true;
			done(error);
		}
	});
	const payload: Payload = { contentType: 'application/dicom', length: null, etag: null, body };
	return { given, instance: async () => payload };
}

describe('who asks', () => {
	const ask = async (path: string, headers: Record<string, string>) => {
		const answer = await fetch(origin + path, { headers });
		await answer.arrayBuffer();
		return answer.status;
	};

	it('is a member by their session, until it ends', async () => {
		const { reader } = await fresh();
		const { db } = test.services;
		const { value, session } = await createSession(db, test.services, reader);
		const headers = { cookie: `other=1; readroom=${value}` };
		expect(await ask(`/dicom-web/${loop}/frames/1`, headers)).toBe(200);
		expect(await ask(`/dicom-web/${loop}/frames/1`, { cookie: 'readroom=x.y' })).toBe(401);
		await endSession(db, session.id);
		expect(await ask(`/dicom-web/${loop}/frames/1`, headers)).toBe(401);
	});

	it('is the visitor of a link at its own address, and never both (B5, T25)', async () => {
		const { reader } = await fresh();
		const { db, clock } = test.services;
		const links = [];
		for (let i = 0; i < 2; i++) {
			const link = await openLink(test, reader, '1.2.3');
			const secret = newSecret();
			const end = new Date(clock().getTime() + 60_000);
			await db.insert(grantSessions).values({
				id: hashSecret(secret),
				grantId: link.grantId,
				lastActiveAt: clock(),
				expiresAt: end,
				absoluteExpiresAt: end,
				openedAt: clock()
			});
			links.push({ ...link, cookie: `readroom-s-${link.grantId}=${link.grantId}.${secret}` });
		}
		const [one, two] = links;
		if (!one || !two) throw new Error('two links');
		const { value } = await createSession(db, test.services, reader);
		const member = `readroom=${value}`;
		const at = (id: string) => `/s/${id}/dicom-web/${loop}/frames/1`;
		expect(await ask(at(one.grantId), { cookie: one.cookie })).toBe(200);
		expect(await ask(at(one.grantId), { cookie: two.cookie })).toBe(401);
		// A member is nobody at a link's address, and a link's visitor nobody at the members'.
		expect(await ask(at(one.grantId), { cookie: member })).toBe(401);
		expect(await ask(`/dicom-web/${loop}/frames/1`, { cookie: one.cookie })).toBe(401);
		expect(await ask(`${at(one.grantId)}?grant=${two.grantId}`, { cookie: one.cookie })).toBe(401);
		const headers = { cookie: `${member}; ${one.cookie}` };
		expect(await ask(at(one.grantId), headers)).toBe(200);
		await db.update(grants).set({ revokedAt: clock() }).where(eq(grants.id, one.grantId));
		expect(await ask(at(one.grantId), headers)).toBe(401);
		expect(await ask(at(two.grantId), { cookie: two.cookie })).toBe(200);
		test.time.advance(60_000);
		expect(await ask(at(two.grantId), { cookie: two.cookie })).toBe(401);
	});

	it('is nobody with a token that is empty, whatever cookie comes with it', async () => {
		const { reader } = await fresh();
		const { value } = await createSession(test.services.db, test.services, reader);
		const cookie = `readroom=${value}`;
		const path = `/dicom-web/${loop}/frames/1`;
		expect(await ask(path, { cookie })).toBe(200);
		expect(await ask(path, { cookie, authorization: '' })).toBe(401);
		expect(await ask(path, { cookie })).toBe(200);
	});

	it('is told apart from others who ask for the same study (c3)', async () => {
		const { reader, practiceId } = await fresh();
		expect((await test.get(reader, `${loop}/frames/1`)).status).toBe(200);
		const visitor: Actor = {
			...reader,
			userId: 'somebody' as typeof reader.userId,
			practiceId,
			roles: ['patient']
		};
		expect((await test.get(visitor, `${loop}/frames/1`)).status).toBe(404);
	});
});

describe('access that ends while an answer is made or sent (A5, C5, T20)', () => {
	it('is refused when the archive was still being asked', async () => {
		const practice = await fresh({
			instance: async () => {
				openThings.closeFor(`user:${practice.reader.userId}`, 4401, 'disabled');
				return endless().instance();
			}
		});
		const answer = await test.get(practice.reader, loop, { accept: 'application/dicom' });
		expect(answer.status).toBe(401);
		expect(await answer.json()).toMatchObject({ code: 'not_signed_in' });
	});

	it('cuts frames that wait for a slow client, though all of them are here', async () => {
		const frames = async (_: unknown, numbers: number[]): Promise<FramePart[]> =>
			numbers.map(() => ({
				contentType: 'application/octet-stream',
				transferSyntax: '1.2.840.10008.1.2.1',
				bytes: Buffer.alloc(4 * MiB)
			}));
		const { reader } = await fresh({ frames });
		const asked = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
		const answer = await unread(reader, `${loop}/frames/1,2,3,4,5,6,7,8`, asked);
		expect(answer.statusCode).toBe(200);
		expect(openThings.closeFor(`user:${reader.userId}`, 4401, 'disabled')).toBe(1);
		await expect(bytesOf(answer)).rejects.toThrow();
	});

	it('leaves nothing on the list when an answer was taken whole', async () => {
		const { reader } = await fresh();
		for (const path of [
			loop,
			`${loop}/frames/1`,
			'studies',
			`${loop}/frames/99`,
			`${loop}/rendered`
		]) {
			await (await test.get(reader, path)).arrayBuffer();
			await expect
				.poll(() => openThings.countFor(`user:${reader.userId}`), { message: path })
				.toBe(0);
		}
	});
});

describe('rights that end while a body is on its way (C5, C6)', () => {
	/** A loop of a signed study that goes on and on, and who may see it. */
	async function playing() {
		const sources: ReturnType<typeof endless>[] = [];
		const instance = () => {
			const source = endless();
			sources.push(source);
			return source.instance();
		};
		const { reader, practiceId } = await fresh({ instance });
		const link = await openLink(test, reader, '1.2.3');
		const { db, clock, newId } = test.services;
		const [report] = await db.select().from(reports).where(eq(reports.practiceId, practiceId));
		if (!report?.currentVersionId) throw new Error('no version');
		const { patientId } = report;
		await db.insert(releases).values({
			id: newId(),
			practiceId,
			patientId,
			reportId: report.id,
			versionId: report.currentVersionId,
			visibleFrom: clock(),
			held: false,
			reason: '',
			by: reader.userId,
			createdAt: clock()
		});
		const patient: Actor = { ...reader, roles: ['patient'], patientIds: [patientId] };
		return { sources, reader, link, patient, reportId: report.id, practiceId };
	}

	async function open(actor: Actor) {
		const answer = await unread(actor, loop, 'application/dicom');
		expect(answer.statusCode).toBe(200);
		const whole = bytesOf(answer);
		whole.catch(() => {});
		return { answer, whole };
	}

	it('cut a patient when the release is withdrawn', async () => {
		const { patient, reportId, sources } = await playing();
		const { whole } = await open(patient);
		const { db, clock } = test.services;
		await db.update(releases).set({ supersededAt: clock() }).where(eq(releases.reportId, reportId));
		await expect(whole).rejects.toThrow();
		expect(sources.map(({ given }) => given.destroyed)).toEqual([true]);
	});

	it('cut a link when the study turns out to be another patient’s, and leave its readers', async () => {
		const { link, reader, practiceId } = await playing();
		const [visitor, member] = [await open(link), await open(reader)];
		const { db, clock, newId } = test.services;
		const other = newId() as PatientId;
		await db
			.insert(patients)
			.values({ id: other, practiceId, name: 'OTHER^ONE', sex: 'unknown', createdAt: clock() });
		await db
			.update(practiceStudies)
			.set({ patientId: other })
			.where(eq(practiceStudies.practiceId, practiceId));
		await expect(visitor.whole).rejects.toThrow();
		expect(member.answer.destroyed).toBe(false);
		member.answer.destroy();
	});

	it('cut what another process ended', async () => {
		const { reader } = await fresh({ instance: endless().instance });
		const { db } = test.services;
		const { value, session } = await createSession(db, test.services, reader);
		const answer = await new Promise<IncomingMessage>((done, fail) => {
			const headers = { cookie: `readroom=${value}`, accept: 'application/dicom' };
			httpGet(`${origin}/dicom-web/${loop}`, { headers, agent: false }, done).on('error', fail);
		});
		const whole = bytesOf(answer);
		whole.catch(() => {});
		const elsewhere = new pg.Client(test.database.url);
		await elsewhere.connect();
		await elsewhere.query('delete from sessions where id = $1', [session.id]);
		await elsewhere.end();
		test.time.advance(1000);
		await expect(whole).rejects.toThrow();
	});
});

describe('a body without an end', () => {
	it.each(['', 'route/'])('is read no faster than the client takes it (%s)', async (prefix) => {
		const source = endless();
		const { reader } = await fresh({ instance: source.instance });
		const answer = await unread(
			reader,
			`${prefix && `../${prefix}dicom-web/`}${loop}`,
			'application/dicom'
		);
		let seen = -1;
		await expect
			.poll(() => [seen, (seen = source.given.bytes)].every((n) => n === seen && n > 0), {
				interval: 200,
				timeout: 10_000
			})
			.toBe(true);
		expect(source.given.bytes).toBeLessThan(16 * MiB);
		answer.destroy();
		await expect.poll(() => source.given.destroyed).toBe(true);
		await expect.poll(() => openThings.countFor(`user:${reader.userId}`)).toBe(0);
	});

	it('is cut through the framework’s route as well', async () => {
		const source = endless();
		const { reader } = await fresh({ instance: source.instance });
		const answer = await fetch(`${test.origin}/route/dicom-web/${loop}`, {
			headers: { ...test.as(reader), accept: 'application/dicom' }
		});
		const body = answer.body?.getReader();
		expect((await body?.read())?.value?.length).toBeGreaterThan(0);
		openThings.closeFor(`user:${reader.userId}`, 4401, 'disabled');
		await expect(
			(async () => {
				for (;;) if ((await body?.read())?.done) return;
			})()
		).rejects.toThrow();
		expect(source.given.destroyed).toBe(true);
	});
});
