import * as encoding from 'lib0/encoding';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { personEntry, readEntries, setField } from '$lib/collab/doc-fields.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { conclusionText, openRoots } from '$lib/collab/report-doc.ts';
import {
	decodeMessage,
	decodePresence,
	encodePresence,
	encodeSyncStep1,
	encodeSyncStep2,
	encodeUpdate,
	messageKinds
} from '$lib/collab/wire.ts';
import type { ReportId } from '$lib/ids.ts';
import type { LiveLimits } from '$lib/server/collab/limits.ts';
import { buildPractice } from '../../support/people.ts';
import { seededRandom } from '../../support/random.ts';
import {
	closeClients,
	openClient,
	openLiveRoom,
	openSocket,
	until,
	type LiveRoom,
	type Member
} from './live-room.ts';

let room: LiveRoom;
let reader: Member;
let sonographer: Member;
beforeAll(async () => {
	room = await openLiveRoom({ limits: { firstMessageMs: 300, retryMs: [] } });
	reader = await room.member(['physician']);
	sonographer = await room.member(['sonographer']);
});
afterEach(closeClients);

const at = '2026-03-02T09:00:00.000Z';
const entryOf = (member: Member, id: string, value: number) =>
	personEntry({ id, by: member.actor.userId, at }, value, 'cm');
const open = (member: Pick<Member, 'cookie'> | null, reportId: string, headers = {}) =>
	openSocket(room, member, `/ws/${reportId}?g=1`, headers);
const hello = encodeSyncStep1(Y.encodeStateVector(new Y.Doc()));

/** An update made by `write` on a document that starts as a copy of the report's. */
async function updateOf(reportId: ReportId, write: (doc: Y.Doc) => void): Promise<Uint8Array> {
	const { doc } = await room.hub.snapshot(reportId);
	const before = Y.encodeStateVector(doc);
	write(doc);
	return Y.encodeStateAsUpdate(doc, before);
}

describe('the upgrade is judged before anything exists (T44, K1, K2)', () => {
	it.each([
		['a foreign origin', { origin: 'https://evil.example' }, 403],
		['the origin null', { origin: 'null' }, 403],
		['another port of the same host', { origin: 'http://127.0.0.1:1' }, 403],
		['no origin', { origin: '' }, 403]
	])('refuses %s', async (_, headers, status) => {
		const reportId = await room.report();
		const socket = await open(reader, reportId, headers);
		expect(socket.status()).toBe(status);
		expect(room.hub.stats()).toEqual({ documents: 0, sockets: 0 });
	});

	it('refuses who is not signed in, and a share cookie', async () => {
		const reportId = await room.report();
		for (const who of [null, { cookie: 'readroom=a.b' }, { cookie: 'readroom_share=x.y' }]) {
			expect((await open(who, reportId)).status()).toBe(401);
		}
		expect(room.hub.stats().documents).toBe(0);
	});

	it('answers an unknown, a foreign and a forbidden report alike (T10)', async () => {
		const other = await buildPractice(room.services);
		const foreign = await room.report('in_progress', other);
		const referrer = await room.member(['referrer']);
		const admin = await room.member(['admin']);
		const own = await room.report();
		const answers = [
			await open(reader, foreign),
			await open(reader, 'no-such-report'),
			await open(referrer, own),
			await open(admin, own)
		].map((socket) => socket.status());
		expect(answers).toEqual([404, 404, 404, 404]);
		expect(room.hub.stats().documents).toBe(0);
	});

	it.each(['/ws/', '/ws/../x?g=1', '/ws/%2e%2e?g=1', '/ws/a/b?g=1', `/ws/${'a'.repeat(200)}`])(
		'refuses the name in %s',
		async (path) => {
			// A WebSocket client tidies paths: speak for ourselves.
			const { hostname, port } = new URL(room.origin);
			const answer = await new Promise<string>((done) => {
				const tcp = connectTcp(Number(port), hostname, () => {
					tcp.write(
						`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${room.origin}\r\nCookie: ${reader.cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
					);
				});
				tcp.once('data', (data) => (done(data.toString()), tcp.destroy()));
				tcp.once('error', () => undefined);
			});
			expect(answer).toMatch(/^HTTP\/1\.1 404/);
			expect(room.hub.stats().documents).toBe(0);
		}
	);

	it('does not know a second name in a later message', async () => {
		const reportId = await room.report();
		const socket = await open(reader, reportId);
		socket.ws.send(
			encoding.encode((encoder) => {
				encoding.writeVarString(encoder, 'another-report');
				encoding.writeVarUint(encoder, 0);
			})
		);
		expect((await socket.closed()).code).toBe(closeCodes.badMessage);
	});
});

describe('presence speaks for itself only (T45, K4)', () => {
	it('overwrites the name, ignores other ids, and does not remove others', async () => {
		const reportId = await room.report();
		const victim = openClient(room, reader, reportId);
		await victim.synced();
		await until(() => room.hub.present(reportId).length === 1, 'the victim');
		const socket = await open(sonographer, reportId);
		const victimId = victim.doc.clientID;
		socket.ws.send(
			encodePresence([{ clientId: 4711, clock: 1, state: { user: { name: 'Dr. Evil' }, x: 1 } }])
		);
		socket.ws.send(
			encodePresence([
				{ clientId: victimId, clock: 2 ** 40, state: { user: { name: 'Forged' } } },
				{ clientId: victimId, clock: 2 ** 41, state: null }
			])
		);
		await until(() => victim.awareness.getStates().has(4711), 'the other');
		expect(victim.awareness.getStates().get(4711)).toEqual({
			field: null,
			viewport: null,
			cursor: null,
			following: null,
			user: { id: sonographer.actor.userId, name: sonographer.actor.name, role: 'sonographer' }
		});
		expect(room.hub.present(reportId).map(({ id }) => id)).toContain(reader.actor.userId);
		expect(socket.isClosed()).toBe(false);
		const states = socket.received
			.filter((frame) => frame[0] === messageKinds.awareness)
			.flatMap((frame) => {
				const message = decodeMessage(frame);
				return message.kind === 'presence' ? decodePresence(message.payload, 4096) : [];
			});
		expect(states.some(({ state }) => JSON.stringify(state).includes('Forged'))).toBe(false);
		socket.ws.close();
	});

	it('does not let a first message take the id of somebody who is here', async () => {
		const reportId = await room.report();
		const victim = openClient(room, reader, reportId);
		await victim.synced();
		await until(() => room.hub.present(reportId).length === 1, 'the victim');
		const socket = await open(sonographer, reportId);
		socket.ws.send(encodePresence([{ clientId: victim.doc.clientID, clock: 9, state: {} }]));
		socket.ws.send(encodePresence([{ clientId: victim.doc.clientID, clock: 9, state: null }]));
		socket.ws.send(hello);
		await until(() => socket.received.length > 3, 'an answer');
		expect(room.hub.present(reportId).map(({ id }) => id)).toEqual([reader.actor.userId]);
		socket.ws.close();
	});
});

describe('limits (T46, K7)', () => {
	it('closes on a message that is too large, before it is buffered', async () => {
		const socket = await open(reader, await room.report());
		socket.ws.send(new Uint8Array(8 * 1024 * 1024));
		expect((await socket.closed()).code).toBe(closeCodes.tooBig);
	});

	it('closes on a message in too many pieces', async () => {
		const socket = await open(reader, await room.report());
		for (let i = 0; i < 10_000; i += 1) socket.ws.send(new Uint8Array(1), { fin: false });
		expect([1006, 1008, 1009]).toContain((await socket.closed()).code);
	});

	it('closes on a flood', async () => {
		const socket = await open(reader, await room.report());
		for (let i = 0; i < 10_000; i += 1) socket.ws.send(hello);
		expect((await socket.closed()).code).toBe(closeCodes.tooMany);
	});

	it('closes a socket that says nothing', async () => {
		const socket = await open(reader, await room.report());
		expect((await socket.closed()).code).toBe(closeCodes.tooMany);
	});

	it('closes on text', async () => {
		const socket = await open(reader, await room.report());
		socket.ws.send('hello');
		expect((await socket.closed()).code).toBe(closeCodes.badMessage);
	});

	it('refuses more sockets of one person than allowed', async () => {
		const crowd = await crowdWith({ socketsPerUser: 2 });
		const { member, reportId, where } = crowd;
		const path = `/ws/${reportId}?g=1`;
		const kept = [await openSocket(where, member, path), await openSocket(where, member, path)];
		expect((await openSocket(where, member, path)).status()).toBe(429);
		kept.forEach(({ ws }) => ws.close());
	});

	it('keeps the document within its limit', async () => {
		const small = await crowdWith({ documentBytes: 4096 });
		const client = openClient(small.where, small.member, small.reportId);
		await client.synced();
		editText(client.doc, conclusionText, 'x'.repeat(3000));
		editText(client.doc, conclusionText, 'x'.repeat(3000) + 'y'.repeat(3000));
		await until(() => client.closed.length > 0, 'the close');
		expect(client.closed[0]?.code).toBe(closeCodes.tooBig);
	});

	it('keeps nothing that does not fit yet, and asks for it', async () => {
		const reportId = await room.report();
		const doc = new Y.Doc();
		openRoots(doc);
		setField(doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		const first = Y.encodeStateVector(doc);
		setField(doc, 'ivsd', entryOf(reader, 'e2', 1.1), []);
		const gap = Y.encodeStateAsUpdate(doc, first);
		const socket = await open(reader, reportId);
		socket.ws.send(encodeUpdate(gap));
		await until(
			() => socket.received.filter((f) => f[0] === 0 && f[1] === 0).length === 2,
			'the question'
		);
		const { doc: stored } = await room.hub.snapshot(reportId);
		expect(stored.store.pendingStructs).toBeNull();
		expect(readEntries(stored)).toEqual({});
		socket.ws.send(encodeSyncStep2(Y.encodeStateAsUpdate(doc)));
		await until(async () => {
			const { doc: now } = await room.hub.snapshot(reportId);
			return Object.keys(readEntries(now)).length === 2;
		}, 'both edits');
		socket.ws.close();
	});

	async function crowdWith(limits: Partial<LiveLimits>) {
		return {
			where: await room.beside(limits),
			member: await room.member(['physician']),
			reportId: await room.report()
		};
	}
});

describe('updates that no honest client makes', () => {
	const dishonest: [string, (doc: Y.Doc) => void][] = [
		['a nested type', (doc) => openRoots(doc).fields.set('lvidd/x', new Y.Map() as never)],
		['a list in a map', (doc) => doc.getArray('fields').push([1])],
		[
			'formatting in a text',
			(doc) => doc.getText(conclusionText).insert(0, 'bold', { bold: true })
		],
		['an embed in a text', (doc) => doc.getText(conclusionText).insertEmbed(0, { src: 'x' })],
		['an attribute on a text', (doc) => doc.getText(conclusionText).setAttribute('a', 1)],
		[
			'a key that is no field',
			(doc) => openRoots(doc).fields.set('__proto__/x', entryOf(reader, 'x', 1))
		],
		[
			'a key that names another entry',
			(doc) => openRoots(doc).fields.set('lvidd/y', entryOf(reader, 'x', 1))
		],
		[
			'an unknown key in a value',
			(doc) =>
				openRoots(doc).fields.set('lvidd/x', {
					...entryOf(reader, 'x', 1),
					role: 'admin'
				} as never)
		],
		[
			'a prototype as a key',
			(doc) =>
				openRoots(doc).fields.set(
					'lvidd/x',
					JSON.parse(
						JSON.stringify(entryOf(reader, 'x', 1)).replace('{', '{"__proto__":{"polluted":1},')
					) as never
				)
		]
	];
	it.each(dishonest)('refuses %s', async (_, write) => {
		const reportId = await room.report();
		// A copy whose roots have no type yet: so that any type can be claimed for them.
		const doc = new Y.Doc();
		write(doc);
		const socket = await open(reader, reportId);
		socket.ws.send(encodeUpdate(Y.encodeStateAsUpdate(doc)));
		expect((await socket.closed()).code).toBe(closeCodes.notAllowed);
		const { doc: stored } = await room.hub.snapshot(reportId);
		expect(stored.store.clients.size).toBe(0);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});
});

describe('random and bit-flipped messages (T47, K11)', () => {
	const rounds = process.env.READROOM_LONG === '1' ? 10_000 : 400;

	it(`survives ${rounds} of them with the document unchanged`, async () => {
		const seed = Number(process.env.READROOM_SEED ?? Date.now() % 2 ** 31);
		const random = seededRandom(seed);
		const reportId = await room.report();
		const witness = openClient(room, reader, reportId);
		await witness.synced();
		setField(witness.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		editText(witness.doc, conclusionText, 'A text to aim at.');
		await until(async () => {
			const { doc } = await room.hub.snapshot(reportId);
			return Y.encodeStateVector(doc).length === Y.encodeStateVector(witness.doc).length;
		}, 'the edits');

		// From a sonographer, who may not edit the interpretation: whatever a flip makes of it, no
		// message here may change anything that the physician wrote there.
		const good = [
			hello,
			encodePresence([{ clientId: 5, clock: 1, state: { field: 'lvidd' } }]),
			encodeUpdate(
				await updateOf(reportId, (doc) => editText(doc, conclusionText, 'Another text.'))
			)
		];
		let socket = await open(sonographer, reportId);
		for (let i = 0; i < rounds; i += 1) {
			if (socket.isClosed() || socket.ws.readyState !== socket.ws.OPEN) {
				socket = await open(sonographer, reportId);
			}
			const frame = random.chance(0.5) ? random.bytes(1, 64) : flip(random.pick(good));
			socket.ws.send(frame);
			if (random.chance(0.2)) await new Promise((done) => setImmediate(done));
		}
		socket.ws.close();

		const { doc } = await room.hub.snapshot(reportId);
		expect(doc.getText(conclusionText).toString(), `seed ${seed}`).toBe('A text to aim at.');
		expect(doc.getMap('fields').toJSON(), `seed ${seed}`).toEqual(
			witness.doc.getMap('fields').toJSON()
		);
		expect(witness.closed, `seed ${seed}`).toEqual([]);
		setField(witness.doc, 'ivsd', entryOf(reader, 'e2', 1.2), []);
		await until(async () => {
			const { doc: now } = await room.hub.snapshot(reportId);
			return 'ivsd' in readEntries(now);
		}, `others to be served, seed ${seed}`);

		function flip(bytes: Uint8Array): Uint8Array {
			const copy = bytes.slice();
			for (let n = random.int(1, 4); n > 0; n -= 1) {
				const at = random.int(0, copy.length - 1);
				copy[at] = (copy[at] ?? 0) ^ (1 << random.int(0, 7));
			}
			return copy;
		}
	}, 300_000);

	it('answers noise before sign-in with a refusal', async () => {
		const socket = await open(null, await room.report());
		expect(socket.status()).toBe(401);
	});
});
