import { and, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import type { Actor } from '$lib/access/actor.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { openThings } from '$lib/server/access-registry.ts';
import type { Archive } from '$lib/server/archive/archive.ts';
import { auditEvents, grants, orders, practiceStudies } from '$lib/server/db/schema/index.ts';
import { withOurAddresses } from '$lib/server/dicomweb/metadata.ts';
import { buildPerson } from '../../support/people.ts';
import { tinyLoop, tinyReport } from '../../support/tiny-dicom.ts';
import { openDoor, openLink, type DoorTest, type PracticeParts } from './setup.ts';

let test: DoorTest;
let here: PracticeParts;
let there: PracticeParts;

const loop = 'studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1';
const second = 'studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.2';
const report = 'studies/1.2.3/series/1.2.3.88/instances/1.2.3.88.1';
const foreign = 'studies/1.2.77/series/1.2.77.1/instances/1.2.77.1.1';
const bare = { accept: 'application/dicom' };

beforeAll(async () => {
	test = await openDoor();
	here = await test.practice();
	there = await test.practice();
	await here.receive(tinyLoop(), tinyLoop({ sopUid: '1.2.3.1.2', frames: 3 }), tinyReport());
	await there.receive(
		tinyLoop(),
		tinyLoop({ studyUid: '1.2.77', seriesUid: '1.2.77.1', sopUid: '1.2.77.1.1' })
	);
});
beforeEach(() => {
	here.calls.length = 0;
	there.calls.length = 0;
});

const status = async (actor: Actor, path: string, headers: Record<string, string> = {}) => {
	const response = await test.get(actor, path, headers);
	await response.arrayBuffer();
	return response.status;
};
const json = async (actor: Actor, path: string) =>
	(await (await test.get(actor, path)).json()) as DicomJson[];
const first = (dataset: DicomJson | undefined, tag: string) => dataset?.[tag]?.Value?.[0];

describe('what reaches an archive', () => {
	it('is no address that is none of ours (T28)', async () => {
		const port = Number(new URL(test.origin).port);
		const raw = (path: string) =>
			new Promise<number>((done, fail) => {
				const headers = test.as(here.reader);
				const sent = httpRequest({ port, host: '127.0.0.1', path, headers }, (res) => {
					res.resume();
					done(res.statusCode ?? 0);
				});
				sent.on('error', fail);
				sent.end();
			});
		for (const uid of [
			'%2e%2e',
			'..%2f',
			'%2f%2fh',
			'http:%2f%2fh',
			'1.2@h',
			'1.2%0d%0aX:y',
			'1'.repeat(65),
			'1..2',
			'1.2%00',
			''
		]) {
			for (const path of [
				`studies/${uid}/metadata`,
				`studies/1.2.3/series/${uid}/metadata`,
				`studies/1.2.3/series/1.2.3.1/instances/${uid}/metadata`
			]) {
				expect(await raw(`/dicom-web/${path}`), path).toBe(400);
			}
		}
		expect(here.calls).toEqual([]);
	});

	it('is no key and no type that is not on a list', async () => {
		expect(await status(here.reader, `${loop}?url=http://evil`)).toBe(400);
		expect(await status(here.reader, 'studies?NotATag=1')).toBe(400);
		expect(await status(here.reader, 'studies?__proto__=1')).toBe(400);
		expect(await status(here.reader, `${loop}/rendered?viewport=99999,1`)).toBe(400);
		expect(await status(here.reader, loop, { accept: 'text/html' })).toBe(406);
		expect(await status(here.reader, `${loop}/metadata`, { accept: 'application/dicom+xml' })).toBe(
			406
		);
		expect(await status(here.reader, `${loop}/rendered`, { accept: 'image/svg+xml' })).toBe(406);
		expect(here.calls).toEqual([]);
	});

	it('is nothing that the index does not know', async () => {
		for (const path of [
			foreign,
			'studies/9.9',
			`studies/1.2.3/series/1.2.77.1/instances/1.2.77.1.1`,
			`studies/1.2.3/series/1.2.3.88/instances/1.2.3.1.1`,
			`${loop}/frames/99`,
			`${loop}/frames/99/rendered`
		]) {
			expect(await status(here.reader, path), path).toBe(404);
		}
		expect(here.calls).toEqual([]);
		expect(there.calls).toEqual([]);
	});
});

describe('the practice’s cut', () => {
	it('answers for another practice’s study as for one that does not exist (T10)', async () => {
		const answers = await Promise.all(
			[foreign, foreign.replaceAll('1.2.77', '1.2.78')].map(async (path) => {
				const response = await test.get(here.reader, path);
				const headers = Object.fromEntries(response.headers);
				delete headers.date;
				return [response.status, await response.text(), headers];
			})
		);
		expect(answers[0]).toEqual(answers[1]);
	});

	it('holds for searches at every level', async () => {
		const uids = async (path: string, tag: string) =>
			(await json(here.reader, path)).map((d) => first(d, tag));
		expect(await uids('studies', '0020000D')).toEqual(['1.2.3']);
		expect(await uids('studies?StudyInstanceUID=1.2.77', '0020000D')).toEqual([]);
		expect(await uids('series', '0020000E')).toEqual(['1.2.3.1', '1.2.3.88']);
		expect(await uids('instances?StudyInstanceUID=1.2.77', '00080018')).toEqual([]);
		expect(await uids('studies/1.2.77/series', '0020000E')).toEqual([]);
		expect(await uids('studies/1.2.3/instances?Modality=SR', '00080018')).toEqual(['1.2.3.88.1']);
	});

	it('shows each practice its own copy of the same study', async () => {
		const count = async (actor: Actor) =>
			first((await json(actor, 'studies?StudyInstanceUID=1.2.3'))[0], '00201208');
		expect([await count(here.reader), await count(there.reader)]).toEqual([3, 1]);
		expect(await status(there.reader, loop)).toBe(200);
		expect(await status(there.reader, second)).toBe(404);
	});

	it('pages exactly', async () => {
		const pages = await Promise.all(
			[0, 1, 2, 3].map((offset) => json(here.reader, `instances?limit=1&offset=${offset}`))
		);
		const seen = pages.flat().map((d) => first(d, '00080018'));
		expect(seen).toEqual(['1.2.3.1.1', '1.2.3.1.2', '1.2.3.88.1']);
		const some = await test.get(here.reader, 'instances?limit=2');
		expect(some.headers.get('warning')).toMatch(/^299 /);
	});

	it('gives fields beyond the index when one study is asked about', async () => {
		const [found] = await json(
			here.reader,
			'studies/1.2.3/instances?SOPInstanceUID=1.2.3.1.1&includefield=Manufacturer'
		);
		expect(first(found, '00080070')).toBe('Tiny Machines');
	});
});

describe('other people', () => {
	it('nobody gets nothing, and learns of no address', async () => {
		for (const path of ['studies', loop, 'studies/../x', 'nonsense', foreign]) {
			expect(await status({ kind: 'nobody' }, path), path).toBe(401);
		}
	});

	it('an administrator sees the columns of the list and no picture', async () => {
		const admin = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['admin']
		});
		expect(await json(admin, 'studies')).toHaveLength(1);
		for (const path of ['studies/1.2.3/series', loop, `${loop}/rendered`, `${loop}/metadata`]) {
			expect(await status(admin, path), path).toBe(404);
		}
		expect(here.calls).toEqual([]);
	});

	it('a referrer sees pictures of named patients, never documents (T14)', async () => {
		const { services } = test;
		const { practiceId } = here;
		const referrer = await buildPerson(services, { practiceId, roles: ['referrer'] });
		expect(await json(referrer, 'studies')).toEqual([]);
		expect(await status(referrer, loop)).toBe(404);
		const [study] = await services.db
			.select()
			.from(practiceStudies)
			.where(eq(practiceStudies.practiceId, practiceId));
		await services.db.insert(orders).values({
			id: services.newId() as never,
			practiceId,
			patientId: study?.patientId ?? null,
			accession: 'R-1',
			referrerUserId: referrer.userId,
			createdAt: services.clock()
		});
		expect(await json(referrer, 'studies')).toHaveLength(1);
		expect(await status(referrer, loop)).toBe(200);
		expect(await status(referrer, report)).toBe(404);
		expect((await json(referrer, 'instances')).map((d) => first(d, '00080060'))).toEqual([
			'US',
			'US'
		]);
		expect(await json(referrer, 'studies/1.2.3/metadata')).toHaveLength(2);
	});

	it('a patient sees nothing before release', async () => {
		const { services } = test;
		const [study] = await services.db
			.select()
			.from(practiceStudies)
			.where(eq(practiceStudies.practiceId, here.practiceId));
		const patient = await buildPerson(services, {
			practiceId: here.practiceId,
			roles: ['patient'],
			patientId: study?.patientId ?? null
		});
		expect(await json(patient, 'studies')).toEqual([]);
		expect(await status(patient, loop)).toBe(404);
	});

	it('a token has its scopes and no more', async () => {
		const token = {
			kind: 'token',
			tokenId: 'x',
			userId: here.reader.userId,
			practiceId: here.practiceId,
			roles: ['physician']
		} as const;
		expect(await status({ ...token, scopes: ['dicom:store'] }, 'studies')).toBe(403);
		expect(await status({ ...token, scopes: ['dicom:store'] }, loop)).toBe(404);
		const read: Actor = { ...token, scopes: ['dicom:read'] };
		expect(await status(read, loop)).toBe(200);
		const stored = await test.post(read, 'studies', tinyLoop().slice(), 'application/dicom');
		expect(stored.status).toBe(403);
	});
});

describe('a share link (T21)', () => {
	it('opens exactly its pictures, and everything else is not there', async () => {
		const link = await openLink(test, here.reader, '1.2.3', { instanceUids: ['1.2.3.1.1'] });
		expect(await status(link, loop, bare)).toBe(200);
		expect(await status(link, `${loop}/frames/1`)).toBe(200);
		expect(await status(link, `${loop}/rendered`)).toBe(200);
		expect(await json(link, 'studies/1.2.3/metadata')).toHaveLength(1);
		here.calls.length = 0;
		for (const path of [
			second,
			`${second}/rendered`,
			`${second}/thumbnail`,
			`${second}/frames/1`,
			report,
			`${report}/metadata`,
			`${loop}/bulk/00420011`,
			'studies',
			'studies?includefield=all',
			'series',
			'studies/1.2.3/series',
			'studies/1.2.3/instances?includefield=all',
			'studies/1.2.3',
			'studies/1.2.3/series/1.2.3.1',
			foreign
		]) {
			expect(await status(link, path), path).toBe(404);
		}
		expect(here.calls).toEqual([]);
	});

	it('hands over a study only when downloads are on, and never its documents', async () => {
		const link = await openLink(test, here.reader, '1.2.3', {}, { download: true });
		const response = await test.get(link, 'studies/1.2.3');
		expect(response.status).toBe(200);
		const parts = (await response.text()).match(/Content-Type: application\/dicom/g);
		expect(parts).toHaveLength(2);
		expect(await status(link, report)).toBe(404);
	});

	it('shows no picture when pictures are off', async () => {
		const link = await openLink(test, here.reader, '1.2.3', {}, { images: false });
		for (const path of [loop, `${loop}/rendered`, `${loop}/metadata`, 'studies/1.2.3/thumbnail']) {
			expect(await status(link, path), path).toBe(404);
		}
	});

	it('is over when it is revoked, paused, expired, or the patient is another', async () => {
		const { db, clock } = test.services;
		const now = clock();
		for (const change of [
			{ revokedAt: now },
			{ pausedAt: now },
			{ expiresAt: now },
			{ patientId: 'someone-else' as never }
		]) {
			const link = await openLink(test, here.reader, '1.2.3');
			expect(await status(link, loop, bare)).toBe(200);
			await db.update(grants).set(change).where(eq(grants.id, link.grantId));
			const etag = { ...bare, 'if-none-match': '*' };
			expect(await status(link, loop, etag), JSON.stringify(change)).toBe(404);
		}
	});
});

describe('a body on its way', () => {
	/** Replaces what an archive gives for an instance. */
	function give(parts: PracticeParts, body: () => Readable, length: number | null = null): void {
		test.archives.watch(parts.archive.id, (inner) => with_(inner, body, length));
	}
	const with_ = (inner: Archive, body: () => Readable, length: number | null): Archive =>
		new Proxy(inner, {
			get(target, key) {
				if (key !== 'instance') {
					const value: unknown = Reflect.get(target, key);
					return typeof value === 'function' ? value.bind(target) : value;
				}
				return async () => ({ contentType: 'x/y', length, etag: null, body: body() });
			}
		});

	async function fresh(): Promise<PracticeParts> {
		const practice = await test.practice();
		await practice.receive(tinyLoop());
		return practice;
	}

	it('has a preamble of zeros, whatever the archive holds there (T36)', async () => {
		const practice = await fresh();
		const evil = Buffer.from(tinyLoop());
		evil.write('MZ<script>', 0);
		give(practice, () => Readable.from([evil.subarray(0, 50), evil.subarray(50)]));
		const response = await test.get(practice.reader, loop, bare);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(bytes.equals(Buffer.from(tinyLoop()))).toBe(true);
	});

	it('carries only our headers, and is kept by nobody (G3, T31)', async () => {
		for (const path of [loop, 'studies', `${loop}/rendered`, 'studies/9.9', `${loop}/metadata`]) {
			const response = await test.get(here.reader, path);
			await response.arrayBuffer();
			expect(response.headers.get('cache-control'), path).toBe('private, no-store');
			expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
			expect(response.headers.get('set-cookie')).toBe(null);
		}
	});

	it('breaks off when the archive fails in the middle, so that nobody takes it for whole', async () => {
		const practice = await fresh();
		give(practice, () =>
			Readable.from(
				(async function* () {
					yield Buffer.from(tinyLoop()).subarray(0, 300);
					throw new Error('archive reset');
				})()
			)
		);
		const response = await test.get(practice.reader, loop, bare);
		await expect(response.arrayBuffer()).rejects.toThrow();
	});

	it('is cut when the link is revoked, within the same moment (T20)', async () => {
		const practice = await fresh();
		let closed = false;
		give(practice, () => {
			const endless = new Readable({
				read() {
					setImmediate(() => this.push(Buffer.alloc(1000, 1)));
				},
				destroy(error, done) {
					closed = true;
					done(error);
				}
			});
			return endless;
		});
		const link = await openLink(test, practice.reader, '1.2.3');
		const response = await test.get(link, loop, bare);
		const reader = response.body?.getReader();
		expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
		expect(openThings.countFor(`grant:${link.grantId}`)).toBe(1);
		openThings.closeFor(`grant:${link.grantId}`, 4403, 'revoked');
		await expect(
			(async () => {
				for (;;) if ((await reader?.read())?.done) return;
			})()
		).rejects.toThrow();
		expect(closed).toBe(true);
	});

	it('stops at the archive when the client leaves', async () => {
		const practice = await fresh();
		const left = new Promise<void>((done) => {
			give(
				practice,
				() =>
					new Readable({
						read() {
							setImmediate(() => this.push(Buffer.alloc(1000, 1)));
						},
						destroy(error, callback) {
							done();
							callback(error);
						}
					})
			);
		});
		const abort = new AbortController();
		const response = await fetch(`${test.origin}/dicom-web/${loop}`, {
			headers: { ...test.as(practice.reader), ...bare },
			signal: abort.signal
		});
		await response.body?.getReader().read();
		abort.abort();
		await left;
		expect(openThings.countFor(`user:${practice.reader.userId}`)).toBe(0);
	});

	it('says 503 while the archive is away, and searches still work', async () => {
		const practice = await fresh();
		const { DomainError } = await import('$lib/errors.ts');
		test.archives.watch(
			practice.archive.id,
			(inner) =>
				new Proxy(inner, {
					get: (target, key) =>
						typeof Reflect.get(target, key) === 'function'
							? () => Promise.reject(new DomainError('archive_unavailable'))
							: Reflect.get(target, key)
				})
		);
		for (const path of [loop, `${loop}/metadata`, `${loop}/rendered`, `${loop}/frames/1`]) {
			expect(await status(practice.reader, path), path).toBe(503);
		}
		expect(await status(practice.reader, 'studies/1.2.3/series')).toBe(200);
		const sent = await test.post(
			practice.reader,
			'studies',
			tinyLoop().slice(),
			'application/dicom'
		);
		expect(sent.status).toBe(503);
	});
});

describe('conditional requests', () => {
	it('answer 304 without the archive, after the same judgement and witnessed (D8)', async () => {
		const response = await test.get(here.reader, loop, bare);
		const etag = response.headers.get('etag') ?? '';
		await response.arrayBuffer();
		expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
		here.calls.length = 0;
		expect(await status(here.reader, loop, { ...bare, 'if-none-match': `"x", W/${etag}` })).toBe(
			304
		);
		expect(here.calls).toEqual([]);
		const admin = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['admin']
		});
		expect(await status(admin, loop, { ...bare, 'if-none-match': etag })).toBe(404);
		expect(await status({ kind: 'nobody' }, loop, { ...bare, 'if-none-match': etag })).toBe(401);
	});
});

describe('the audit log (M1, M3)', () => {
	const openings = (actor: Actor & { kind: 'user' }) =>
		test.services.db
			.select()
			.from(auditEvents)
			.where(
				and(eq(auditEvents.actor, `user:${actor.userId}`), eq(auditEvents.action, 'study.opened'))
			);

	it('holds one event for an actor, a study and a quarter of an hour', async () => {
		const reader = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['fellow']
		});
		await Promise.all([1, 2].map((n) => status(reader, `${loop}/frames/${n}`)));
		await status(reader, `${loop}/rendered`);
		expect(await openings(reader)).toHaveLength(1);
		test.time.advance(15 * 60_000);
		await status(reader, loop, { ...bare, 'if-none-match': '*' });
		expect(await openings(reader)).toHaveLength(2);
	});

	it('must take the event before anything is read, or the read is refused', async () => {
		const reader = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['physician']
		});
		const { audit } = test.services;
		test.services.audit = {
			record: () => Promise.reject(new Error('disk full'))
		};
		try {
			expect(await status(reader, loop, bare)).toBe(500);
			expect(here.calls).toEqual([]);
		} finally {
			test.services.audit = audit;
		}
		expect(await status(reader, loop, bare)).toBe(200);
	});

	it('holds refusals too', async () => {
		const admin = await buildPerson(test.services, {
			practiceId: here.practiceId,
			roles: ['admin']
		});
		await status(admin, loop);
		const [event] = await test.services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.actor, `user:${admin.userId}`));
		expect(event).toMatchObject({ action: 'access.refused', outcome: 'refused' });
	});
});

describe('addresses within an archive’s answer (T29)', () => {
	it('are ours or gone', () => {
		const dataset: DicomJson = {
			'00081190': { vr: 'UR', Value: ['http://169.254.169.254/x'] },
			'00420011': { vr: 'OB', BulkDataURI: 'http://169.254.169.254/latest' },
			'00091010': { vr: 'OB', BulkDataURI: '../../../etc/passwd' },
			'7FE00010': { vr: 'OW', BulkDataURI: 'series/1.2/instances/1.3/bulk/7FE00010' },
			'00081199': {
				vr: 'SQ',
				Value: [
					{ '00081190': { vr: 'UR', Value: ['http://h'] }, '00081155': { vr: 'UI', Value: ['1'] } }
				]
			}
		};
		expect(withOurAddresses(dataset, 'https://we/dicom-web/studies/1.1')).toEqual({
			'00420011': { vr: 'OB' },
			'00091010': { vr: 'OB' },
			'7FE00010': {
				vr: 'OW',
				BulkDataURI: 'https://we/dicom-web/studies/1.1/series/1.2/instances/1.3/bulk/7FE00010'
			},
			'00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1'] } }] }
		});
	});
});

describe('storing', () => {
	const related = (parts: (Uint8Array | string)[], end = true) => {
		const body = parts.flatMap((part) => [
			Buffer.from('\r\n--bb\r\nContent-Type: application/dicom\r\n\r\n'),
			Buffer.from(part as Uint8Array)
		]);
		return new Uint8Array(Buffer.concat([...body, Buffer.from(end ? '\r\n--bb--\r\n' : '')]));
	};
	const type = 'multipart/related; type="application/dicom"; boundary=bb';
	const send = async (practice: PracticeParts, body: Uint8Array, path = 'studies', as = type) => {
		const response = await test.post(practice.reader, path, body.slice(), as);
		return { status: response.status, body: (await response.json()) as DicomJson, response };
	};
	const reasons = (body: DicomJson) =>
		(body['00081198']?.Value as DicomJson[] | undefined)?.map((item) => first(item, '00081197'));

	it('says 200 for all, 202 for some and 409 for none, with decimal reasons', async () => {
		const practice = await test.practice();
		const all = await send(practice, related([tinyLoop(), tinyReport()]));
		expect(all.status).toBe(200);
		expect(all.body['00081199']?.Value).toHaveLength(2);
		expect(first(all.body, '00081190')).toBe(`${test.origin}/dicom-web/studies/1.2.3`);

		const other = tinyLoop({ sopUid: '1.2.3.1.5', patientId: 'P9' });
		const some = await send(practice, related([tinyLoop(), other, 'nonsense']));
		expect(some.status).toBe(202);
		expect(reasons(some.body)).toEqual([0xa900]);
		expect(some.body['0008119A']?.Value).toHaveLength(1);
		expect(some.response.headers.get('warning')).toContain('another patient');

		const none = await send(practice, related([tinyLoop({ frames: 7 })]));
		expect(none.status).toBe(409);
		expect(reasons(none.body)).toEqual([0x0111]);
	});

	it('keeps objects of another study out of a study’s address', async () => {
		const practice = await test.practice();
		const { status: answered } = await send(practice, related([tinyLoop()]), 'studies/1.2.4');
		expect(answered).toBe(409);
		expect(await json(practice.reader, 'studies')).toEqual([]);
	});

	it('keeps what came whole of a body that breaks off', async () => {
		const practice = await test.practice();
		const body = related([tinyLoop(), tinyReport()]);
		const cut = await send(practice, body.subarray(0, body.length - 200));
		expect(cut.status).toBe(202);
		expect(cut.body['00081199']?.Value).toHaveLength(1);
		expect(cut.body['0008119A']?.Value).toHaveLength(1);
	});

	it('refuses other content types and missing boundaries', async () => {
		const practice = await test.practice();
		const as = async (contentType: string) =>
			(await send(practice, related([]), 'studies', contentType)).status;
		expect(await as('application/json')).toBe(415);
		expect(await as('multipart/related; type="application/dicom+json"; boundary=bb')).toBe(415);
		expect(await as('multipart/related; type="application/dicom"')).toBe(400);
		expect(await as(type)).toBe(400);
	});

	it('takes no other method', async () => {
		const response = await fetch(`${test.origin}/dicom-web/${loop}`, {
			method: 'DELETE',
			headers: test.as(here.reader)
		});
		expect(response.status).toBe(405);
	});
});
