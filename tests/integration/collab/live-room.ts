import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Role, UserActor } from '$lib/access/actor.ts';
import { openRoots } from '$lib/collab/report-doc.ts';
import type { PatientId, PracticeId, ReportId } from '$lib/ids.ts';
import type { ReportState } from '$lib/report/states.ts';
import { createAccessRegistry } from '$lib/server/access-registry.ts';
import { createSession } from '$lib/server/auth/sessions.ts';
import { createLiveHub, type HubParts, type LiveHub } from '$lib/server/collab/hub.ts';
import { defaultLimits, type LiveLimits } from '$lib/server/collab/limits.ts';
import { createUpgradeHandler } from '$lib/server/collab/upgrade.ts';
import { patients } from '$lib/server/db/schema/patients.ts';
import { reports, resolvedWorksheets } from '$lib/server/db/schema/reports.ts';
import type { Services } from '$lib/server/services.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { TestDatabase } from '../../support/database.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';

export interface Member {
	actor: UserActor;
	/** Value of the `Cookie` header. */
	cookie: string;
}

export interface LiveRoom {
	services: Services;
	/** The hub that new sockets reach. */
	readonly hub: LiveHub;
	/** A wall clock that can be moved. */
	time: { ahead(ms: number): void };
	origin: string;
	practiceId: PracticeId;
	logged: string[];
	member(roles: Role[], practiceId?: PracticeId): Promise<Member>;
	report(state?: ReportState, practiceId?: PracticeId): Promise<ReportId>;
	/** Replaces the hub. `kill`: without a goodbye, as when the process dies. */
	restart(how: 'close' | 'kill'): Promise<void>;
	/** Ends all TCP connections, as a network does. */
	cut(): void;
	/** Another process on the same database, with other limits. */
	beside(limits: Partial<LiveLimits>): Promise<LiveRoom>;
}

/** A server with a hub on a real port, over a real database. Call it in `beforeAll`. */
export async function openLiveRoom(
	options: {
		limits?: Partial<LiveLimits>;
		database?: TestDatabase;
		parts?: Partial<HubParts>;
	} = {}
): Promise<LiveRoom> {
	let offset = 0;
	const clock = () => new Date(Date.now() + offset);
	const { services, logged } = await createTestServices({ clock }, options.database);
	const practiceId = await buildPractice(services);
	const worksheetHash = await buildWorksheet(services);
	const closing: (() => Promise<void>)[] = [];
	afterAll(async () => {
		for (const close of closing) await close();
	});

	async function serve(limits: Partial<LiveLimits>): Promise<LiveRoom> {
		const newHub = () =>
			createLiveHub({
				...services,
				limits: { ...defaultLimits, unloadAfterMs: 0, ...limits },
				registry: createAccessRegistry(),
				...options.parts
			});
		let hub = newHub();
		const server = createServer((_, res) => res.writeHead(404).end());
		const handle = createUpgradeHandler(async () => hub);
		server.on('upgrade', (req, socket, head) => {
			if (!handle(req, socket, head)) socket.destroy();
		});
		const sockets = new Set<Socket>();
		server.on('connection', (socket) => {
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		const { port } = server.address() as AddressInfo;
		const cut = () => sockets.forEach((socket) => socket.destroy());
		closing.push(async () => {
			await hub.close();
			cut();
			await new Promise((done) => server.close(done));
		});
		return {
			services,
			get hub() {
				return hub;
			},
			time: { ahead: (ms) => void (offset += ms) },
			origin: `http://127.0.0.1:${port}`,
			practiceId,
			logged,
			async member(roles, practice = practiceId) {
				const actor = await buildPerson(services, { practiceId: practice, roles });
				const { value } = await createSession(services.db, services, {
					userId: actor.userId,
					practiceId: practice
				});
				return { actor, cookie: `readroom=${value}` };
			},
			report: (state = 'in_progress', practice = practiceId) =>
				buildReport(services, { practiceId: practice, worksheetHash, state }),
			async restart(how) {
				const old = hub;
				hub = newHub();
				if (how === 'kill') cut();
				await old.close();
			},
			cut,
			beside: serve
		};
	}
	return serve(options.limits ?? {});
}

async function buildWorksheet(services: Services): Promise<string> {
	const hash = services.newId();
	await services.db.insert(resolvedWorksheets).values({
		hash,
		worksheetId: 'test',
		version: '1.0.0',
		content: {} as ResolvedWorksheet,
		createdAt: services.clock()
	});
	return hash;
}

async function buildReport(
	services: Services,
	parts: { practiceId: PracticeId; worksheetHash: string; state: ReportState }
): Promise<ReportId> {
	const id = services.newId() as ReportId;
	const patientId = services.newId() as PatientId;
	const createdAt = services.clock();
	await services.db.insert(patients).values({
		id: patientId,
		practiceId: parts.practiceId,
		name: 'TEST^ONE',
		sex: 'unknown',
		createdAt
	});
	await services.db.insert(reports).values({ id, patientId, ...parts, createdAt });
	return id;
}

export interface ClientOptions {
	generation?: number;
	connect?: boolean;
	doc?: Y.Doc;
}

/** A stock y-websocket client, as any browser would run it. */
export function openClient(
	room: LiveRoom,
	member: Member,
	reportId: ReportId,
	{ generation = 1, connect = true, doc = new Y.Doc() }: ClientOptions = {}
) {
	openRoots(doc);
	class MemberSocket extends WebSocket {
		constructor(url: string) {
			super(url, { headers: { cookie: member.cookie, origin: room.origin } });
		}
	}
	const closed: { code: number; reason: string }[] = [];
	const provider = new WebsocketProvider(room.origin.replace('http', 'ws') + '/ws', reportId, doc, {
		WebSocketPolyfill: MemberSocket as unknown as typeof globalThis.WebSocket,
		params: { g: String(generation) },
		disableBc: true,
		connect,
		maxBackoffTime: 200
	});
	provider.on('connection-close', (event) => {
		if (event) closed.push({ code: event.code, reason: event.reason });
	});
	provider.on('connection-error', () => undefined);
	const client = {
		doc,
		provider,
		closed,
		awareness: provider.awareness,
		synced: () => until(() => provider.synced, 'the client to sync'),
		close: () => provider.destroy()
	};
	opened.push(client);
	return client;
}
export type Client = ReturnType<typeof openClient>;

const opened: { close(): void }[] = [];

/** In `afterEach`: clients keep timers and reconnect. */
export function closeClients(): void {
	for (const client of opened.splice(0)) client.close();
}

/** Waits for a condition; says what it waited for. */
export async function until(
	condition: () => boolean | Promise<boolean>,
	what: string,
	timeoutMs = 25_000
): Promise<void> {
	const end = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
		await new Promise((done) => setTimeout(done, 5));
	}
}

/** A bare socket, for messages that no honest client sends. */
export async function openSocket(
	room: LiveRoom,
	member: Pick<Member, 'cookie'> | null,
	path: string,
	headers: Record<string, string> = {}
) {
	const ws = new WebSocket(room.origin.replace('http', 'ws') + path, {
		headers: {
			origin: room.origin,
			...(member ? { cookie: member.cookie } : {}),
			...headers
		}
	});
	ws.binaryType = 'nodebuffer';
	const received: Uint8Array[] = [];
	let closed: { code: number; reason: string } | null = null;
	let status: number | null = null;
	ws.on('message', (data) => received.push(new Uint8Array(data as Buffer)));
	ws.on('unexpected-response', (_, res) => {
		status = res.statusCode ?? 0;
		res.resume();
	});
	ws.on('error', () => undefined);
	ws.on('close', (code, reason) => (closed = { code, reason: reason.toString() }));
	await until(
		() => ws.readyState === ws.OPEN || closed !== null || status !== null,
		'the socket to open or be refused'
	);
	return {
		ws,
		received,
		/** HTTP status of a refused handshake. */
		status: () => status,
		closed: async () => {
			await until(() => closed !== null, 'the socket to be closed');
			return closed as unknown as { code: number; reason: string };
		},
		isClosed: () => closed !== null
	};
}
