import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Services } from '../services.ts';
import { dimse } from './library.ts';
import { PduGuard } from './pdu-guard.ts';
import { createScp, maxPduLength } from './scp.ts';

export interface DimseDoor {
	port: number;
	close(): Promise<void>;
}

/** Machines that hold more connections than this at once are told to come back. */
const mostConnections = 64;

/**
 * The door for machines: C-ECHO and C-STORE. Listens where `DIMSE_HOST` and `DIMSE_PORT` say; the
 * caller decides whether there is a door at all. Port 0 takes a free one.
 */
export async function startDimse(services: Services): Promise<DimseDoor> {
	const { DIMSE_HOST: host, DIMSE_PORT: port = 0 } = services.env;
	// The library logs names and bytes of what passes; our own log says what happened.
	dimse.log.setLevel('silent');
	dimse.Implementation.setMaxPduLength(maxPduLength);
	const Scp = createScp(services);
	const open = new Set<Socket>();
	const server = createServer((socket) => {
		if (open.size >= mostConnections) return void socket.destroy();
		open.add(socket);
		socket.on('close', () => open.delete(socket));
		const guard = new PduGuard(maxPduLength + 6);
		// Before the library's own listener, so that it never sees what is too large.
		socket.on('data', (chunk: Buffer) => {
			if (!guard.accepts(chunk)) socket.destroy();
		});
		const scp = new Scp(socket, {
			associationTimeout: 10_000,
			pduTimeout: 60_000,
			connectTimeout: 60_000
		});
		// What the library's own server sets on an accepted connection; its timers depend on it.
		Object.assign(scp, { connected: true, connectedTime: Date.now() });
		scp.on('networkError', () => socket.destroy());
	});
	server.on('error', (error) => services.log.error({ err: error }, 'DIMSE door'));
	await new Promise<void>((done, fail) => {
		server.once('error', fail);
		server.listen(port, host, () => {
			server.off('error', fail);
			done();
		});
	});
	const bound = (server.address() as AddressInfo).port;
	services.log.info({ host, port: bound }, 'DIMSE door open');
	return {
		port: bound,
		async close() {
			for (const socket of open) socket.destroy();
			await new Promise<void>((done) => server.close(() => done()));
		}
	};
}
