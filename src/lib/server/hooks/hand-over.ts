import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { dev } from '$app/environment';
import { firstAdminPath } from '../auth/first-admin.ts';
import { closeSockets, handleUpgrade } from '../collab/upgrade.ts';
import { createNodeDoor } from '../dicomweb/node-door.ts';
import { running, stopRunning } from '../start.ts';

/** What `server.js` needs of the application: one module graph, one database, one set of rooms. */
export interface AppServer {
	handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
	closeSockets(): void;
	/** Takes what is read through `/dicom-web`; false: the framework's. */
	handleImages(request: IncomingMessage, response: ServerResponse): boolean;
	/** Closes the database and everything else that was started. */
	close(): Promise<void>;
	/** Path of the link that makes the first administrator; null once there is anybody. */
	firstAdminPath: string | null;
}

const slot = Symbol.for('app.server');

export async function handOver(): Promise<void> {
	const { services } = await running();
	const shared = globalThis as { [slot]?: AppServer };
	// A reloaded module in development must not replace the link that was printed.
	const before = shared[slot];
	const app: AppServer = {
		handleUpgrade,
		closeSockets,
		handleImages: createNodeDoor(async () => (await running()).services, process.env),
		close: stopRunning,
		firstAdminPath: before ? before.firstAdminPath : await firstAdminPath(services)
	};
	// In production `server.js` prints it, once it knows its address.
	if (dev && !before && app.firstAdminPath)
		console.log(`First administrator: ${app.firstAdminPath}`);
	shared[slot] = app;
}
