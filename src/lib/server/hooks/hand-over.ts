import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { running, stopRunning } from '../start.ts';

/** What `server.js` needs of the application: one module graph, one database, one set of rooms. */
export interface AppServer {
	handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
	closeSockets(): void;
	/** Closes the database and everything else that was started. */
	close(): Promise<void>;
}

/** Live documents are a part of their own; without it no socket is taken. */
const parts = import.meta.glob<Pick<AppServer, 'handleUpgrade' | 'closeSockets'>>(
	'../collab/upgrade.ts'
);

export async function handOver(): Promise<void> {
	await running();
	const sockets = await Object.values(parts)[0]?.();
	const app: AppServer = {
		handleUpgrade: sockets?.handleUpgrade ?? (() => false),
		closeSockets: sockets?.closeSockets ?? (() => {}),
		close: stopRunning
	};
	(globalThis as Record<symbol, unknown>)[Symbol.for('app.server')] = app;
}
