// The embedded database, in its own thread: awaited queries never yield to the event loop.
// Plain JavaScript outside `src`, started by path, so that development and build run the same file.
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { parentPort, workerData } from 'node:worker_threads';

const db = await PGlite.create(workerData.dir);
const server = new PGLiteSocketServer({
	db,
	path: workerData.path,
	maxConnections: workerData.max
});
await server.start();
parentPort.postMessage('ready');

parentPort.once('message', async () => {
	await server.stop();
	await db.close();
	parentPort.close();
});
