import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { DestinationId } from '$lib/ids.ts';
import {
	addDestination,
	changeDestination,
	setDestinationDisabled,
	testDestination,
	type Credential
} from '$lib/server/commands/change-destination.ts';
import { resendToDestination } from '$lib/server/commands/resend-to-destination.ts';
import { destinations, outbox, reportVersions } from '$lib/server/db/schema/index.ts';
import { workOnce } from '$lib/server/outbox/worker.ts';
import { listDestinations } from '$lib/server/queries/list-destinations.ts';
import { hours } from '../../support/clock.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { codeOf } from '../grants/setup.ts';

interface Call {
	line: string;
	authorization: string | undefined;
	body: Buffer;
}
let calls: Call[] = [];
let answer: (call: Call, response: ServerResponse) => void;
const server = createServer((request: IncomingMessage, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', () => {
		const { method = '', url = '', headers } = request;
		const { authorization } = headers;
		const call = { line: `${method} ${url}`, authorization, body: Buffer.concat(chunks) };
		calls.push(call);
		answer(call, response);
	});
});

let test: ReportingTest;
let practice: ReportingPractice;
let admin: UserActor;
let url: string;

beforeAll(async () => {
	test = await openReporting();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	url = `http://127.0.0.1:${port}/dicom-web`;
	test.services.env = { ...test.services.env, ARCHIVE_ALLOW_HOSTS: [`127.0.0.1:${port}`] };
});
afterAll(() => void server.close());
beforeEach(async () => {
	await test.services.db.update(outbox).set({ state: 'done' }).where(eq(outbox.state, 'pending'));
	practice = await test.practice();
	const { practiceId } = practice;
	admin = await buildPerson(test.services, { practiceId, roles: ['admin'] });
	calls = [];
	answer = keeps;
});

const dicomJson = { 'content-type': 'application/dicom+json' };
const sequence = (uid: string, reason?: number) => [
	{
		'00081155': { vr: 'UI', Value: [uid] },
		...(reason === undefined ? {} : { '00081197': { vr: 'US', Value: [reason] } })
	}
];
/** The SOP Instance UID stands in the object's own bytes. */
const uidIn = (body: Buffer) => uids.find((uid) => body.includes(uid)) ?? 'none';
let uids: string[] = [];
const keeps = ({ body }: Call, response: ServerResponse) => {
	const kept = { '00081199': { vr: 'SQ', Value: sequence(uidIn(body)) } };
	response.writeHead(200, dicomJson).end(JSON.stringify(kept));
};
const refuses =
	(reason: number, status = 409) =>
	({ body }: Call, response: ServerResponse) => {
		const failed = { '00081198': { vr: 'SQ', Value: sequence(uidIn(body), reason) } };
		response.writeHead(status, dicomJson).end(JSON.stringify(failed));
	};

const password: Credential = { kind: 'password', user: 'readroom', password: 'tide & moon' };
const add = (parts: { name?: string; url?: string; credential?: Credential } = {}) =>
	addDestination(
		test.services,
		admin,
		{ name: 'Region', url, credential: password, ...parts },
		true
	);
async function signed(): Promise<SignedStudy> {
	const study = await practice.signed();
	const [version] = await test.services.db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.id, study.versionId));
	uids = [version?.exportUids.srInstance ?? '', version?.exportUids.pdfInstance ?? ''];
	return study;
}
const rowsTo = (study: SignedStudy, id: DestinationId) =>
	test.services.db
		.select()
		.from(outbox)
		.where(and(eq(outbox.versionId, study.versionId), eq(outbox.destination, id)))
		.orderBy(outbox.id);

describe('a signed report', () => {
	it('goes to every enabled destination beside the archive, with its credential, once', async () => {
		const { id } = await add();
		const off = await add({ name: 'Off' });
		await setDestinationDisabled(test.services, admin, { id: off.id, disabled: true }, true);
		const study = await signed();
		expect(await workOnce(test.services)).toBe(4);
		expect((await rowsTo(study, id)).map(({ state }) => state)).toEqual(['done', 'done']);
		expect(await rowsTo(study, off.id)).toEqual([]);
		expect(calls.map(({ line }) => line)).toEqual([
			'POST /dicom-web/studies',
			'POST /dicom-web/studies'
		]);
		const basic = `Basic ${btoa('readroom:tide & moon')}`;
		expect(new Set(calls.map(({ authorization }) => authorization))).toEqual(new Set([basic]));
		expect(calls.map(({ body }) => uidIn(body)).sort()).toEqual([...uids].sort());
		expect(await workOnce(test.services)).toBe(0);
	});

	it('counts as delivered when it is there already, as after a lost answer', async () => {
		const { id } = await add();
		const study = await signed();
		answer = (_, response) => void response.destroy();
		await workOnce(test.services);
		expect((await rowsTo(study, id)).map(({ state }) => state)).toEqual(['pending', 'pending']);
		answer = refuses(0x0111);
		test.time.advance(hours(1));
		await workOnce(test.services);
		expect((await rowsTo(study, id)).map(({ state }) => state)).toEqual(['done', 'done']);
	});

	it('is given up with the reason when the destination will not have it, and tried again when asked', async () => {
		const { id } = await add();
		const study = await signed();
		answer = refuses(0xa900);
		await workOnce(test.services);
		const [row] = await rowsTo(study, id);
		expect(row).toMatchObject({
			state: 'dead',
			attempts: 1,
			lastError: 'The destination did not keep it (reason a900 hex).'
		});
		const listed = await listDestinations(test.services.db, practice.practiceId);
		expect(listed.destinations[0]).toMatchObject({ dead: 2, waiting: 0, delivered: 0 });
		expect(listed.archives[0]).toMatchObject({ dead: 0, delivered: 2 });
		expect(listed.undelivered.map(({ state, reportId }) => [state, reportId])).toEqual([
			['dead', study.reportId],
			['dead', study.reportId]
		]);
		answer = keeps;
		const again = await resendToDestination(test.services, admin, { destination: id }, true);
		expect(again).toEqual({ count: 2 });
		await workOnce(test.services);
		expect((await rowsTo(study, id)).map(({ state }) => state)).toEqual(['done', 'done']);
	});

	it('waits while the destination is full or failing, and holds up no other', async () => {
		const { id } = await add();
		const study = await signed();
		answer = refuses(0xa700);
		await workOnce(test.services);
		expect((await rowsTo(study, id)).map(({ state }) => state)).toEqual(['pending', 'pending']);
		answer = (_, response) => void response.writeHead(503).end();
		test.time.advance(hours(1));
		await workOnce(test.services);
		const rows = await test.services.db
			.select()
			.from(outbox)
			.where(eq(outbox.versionId, study.versionId));
		expect(rows.map(({ state }) => state).sort()).toEqual(['done', 'done', 'pending', 'pending']);
	});

	it('does not follow where a destination sends it', async () => {
		const { id } = await add();
		const study = await signed();
		answer = (_, response) =>
			void response.writeHead(307, { location: 'http://169.254.169.254/' }).end();
		await workOnce(test.services);
		expect((await rowsTo(study, id)).map(({ state }) => state)).toEqual(['pending', 'pending']);
		expect(calls).toHaveLength(2);
	});
});

describe('a destination', () => {
	it('keeps its credential sealed, and never sends it to another server', async () => {
		const { id } = await add();
		const [row] = await test.services.db.select().from(destinations).where(eq(destinations.id, id));
		expect(row?.credential).toMatch(/^v1\./);
		expect(
			JSON.stringify(await listDestinations(test.services.db, practice.practiceId))
		).not.toMatch(/tide|v1\./);
		const keep = { id, name: 'Region', credential: { kind: 'keep' as const } };
		const elsewhere = 'https://pacs.example.org/dicom-web';
		const moved = changeDestination(test.services, admin, { ...keep, url: elsewhere }, true);
		expect(await codeOf(moved)).toBe('invalid_input');
		await changeDestination(test.services, admin, { ...keep, url: `${url}/v2` }, true);
		const [after] = await test.services.db
			.select()
			.from(destinations)
			.where(eq(destinations.id, id));
		expect(after).toMatchObject({ url: `${url}/v2`, credential: row?.credential });
	});

	it('is tested without changing anything there, and says what stands in the way', async () => {
		const { id } = await add();
		const finding = async () => (await testDestination(test.services, admin, id, true)).finding;
		answer = (_, response) => void response.writeHead(200, dicomJson).end('[]');
		expect(await finding()).toBe('works');
		expect(calls.map(({ line }) => line)).toEqual(['GET /dicom-web/studies?limit=1']);
		answer = (_, response) => void response.writeHead(401).end();
		expect(await finding()).toBe('credential-refused');
		answer = (_, response) =>
			void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello');
		expect(await finding()).toBe('not-dicomweb');
		answer = (_, response) => void response.writeHead(404).end();
		expect(await finding()).toBe('no-search');
		answer = (_, response) => void response.writeHead(302, { location: '/x' }).end();
		expect(await finding()).toBe('not-dicomweb');
		answer = (_, response) => void response.writeHead(500).end();
		expect(await finding()).toBe('failing');
	});

	it('in a private network is refused unless the environment names it', async () => {
		expect(await codeOf(add({ url: 'https://10.0.0.8/dicom-web' }))).toBe('invalid_input');
		// A name is judged when it is connected to.
		const { id } = await add({ name: 'Loop', url: 'https://localhost.localdomain/dicom-web' });
		const { finding } = await testDestination(test.services, admin, id, true);
		expect(['address-not-allowed', 'unknown-name']).toContain(finding);
	});

	it('is of one practice, and changes only after a fresh proof', async () => {
		const { id } = await add();
		const there = await test.practice();
		const { practiceId } = there;
		const stranger = await buildPerson(test.services, { practiceId, roles: ['admin'] });
		const off = { id, disabled: true };
		expect(await codeOf(setDestinationDisabled(test.services, stranger, off, true))).toBe(
			'not_found'
		);
		expect(await codeOf(testDestination(test.services, stranger, id, true))).toBe('not_found');
		const late = () => setDestinationDisabled(test.services, admin, off, false);
		expect(late).toThrow(expect.objectContaining({ code: 'reauthentication_required' }) as Error);
	});
});
