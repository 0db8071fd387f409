import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { WebSocketServer } from 'ws';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { mayEditAnything } from './rights.ts';
import { openThings } from '../access-registry.ts';
import { inTransaction } from '../db/client.ts';
import { inRequest } from '../request-context.ts';
import { running } from '../start.ts';
import { judgeUpgrade, type Admitted } from './authenticate.ts';
import type { LiveHub } from './hub.ts';
import { subjectOf } from './judge-change.ts';
import { messageOf } from './machine.ts';

/** Takes an HTTP upgrade; false when the address is none of ours. */
export type UpgradeHandler = (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

/** The handler over a hub: given by tests, and by `handleUpgrade` for the running process. */
export function createUpgradeHandler(getHub: () => Promise<LiveHub>): UpgradeHandler {
	let server: WebSocketServer | null = null;
	return (req, socket, head) => {
		if (!req.url?.startsWith('/ws/')) return false;
		// Until the handshake nobody else listens, and an error without a listener ends the process.
		socket.on('error', () => undefined);
		getHub()
			.then(async (hub) => {
				server ??= createServer(hub);
				await admit(hub, server, { req, socket, head });
			})
			.catch(() => refuse(socket, 500));
		return true;
	};
}

/** For the production server and Vite's. */
export const handleUpgrade: UpgradeHandler = createUpgradeHandler(
	async () => (await running()).services.live
);

/** At the end of the process: `server.close()` waits for upgraded sockets. */
export function closeSockets(): void {
	openThings.closeAll(closeCodes.goingAway, 'restarting');
}

function createServer(hub: LiveHub): WebSocketServer {
	return new WebSocketServer({
		noServer: true,
		clientTracking: false,
		// Compressed messages cost memory before they are judged.
		perMessageDeflate: false,
		maxPayload: hub.machine.limits.messageBytes,
		maxFragments: 64,
		maxBufferedChunks: 4096
	});
}

interface Upgrade {
	req: IncomingMessage;
	socket: Duplex;
	head: Buffer;
}

async function admit(hub: LiveHub, server: WebSocketServer, upgrade: Upgrade): Promise<void> {
	const { req, socket, head } = upgrade;
	const { log, limits } = hub.machine;
	try {
		const admitted = await judgeUpgrade(hub.machine, req);
		if (typeof admitted === 'number') return refuse(socket, admitted);
		if (hub.socketsOn(`user:${admitted.actor.userId}`) >= limits.socketsPerUser) {
			return refuse(socket, 429);
		}
		if (admitted.generation !== admitted.report.generation) {
			// A browser learns nothing from a refused handshake, and this it must learn (K10).
			server.handleUpgrade(req, socket, head, (ws) => {
				ws.on('error', () => undefined);
				ws.close(closeCodes.otherGeneration, 'another generation');
			});
			return;
		}
		await recordOpening(hub, admitted);
		const document = await hub.open(admitted);
		if (socket.destroyed) return hub.release(document);
		let attached = false;
		server.handleUpgrade(req, socket, head, (ws) => {
			attached = true;
			hub.attach(ws, admitted, document);
		});
		// `ws` answers a broken handshake itself and does not call back.
		if (!attached) hub.release(document);
	} catch (e) {
		log.error({ err: messageOf(e) }, 'a live document could not be opened');
		refuse(socket, 503);
	}
}

/** A read that cannot be recorded is refused (M3). */
function recordOpening(hub: LiveHub, { actor, report, request }: Admitted): Promise<void> {
	return inRequest(request, () =>
		inTransaction(hub.machine.db, (tx) =>
			hub.machine.audit.record(tx, actor, {
				action: 'report.document-opened',
				object: `report:${report.id}`,
				detail: { write: mayEditAnything(actor, subjectOf(report)) }
			})
		)
	);
}

function refuse(socket: Duplex, status: number): void {
	if (socket.destroyed) return;
	socket.end(
		`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
	);
	// A client that keeps its side open is not waited for.
	setTimeout(() => socket.destroy(), 1000).unref();
}
