import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { embeddedConnections } from './client.ts';
import { lockFolder } from './lock.ts';

export interface EmbeddedDatabase {
	url: string;
	close(): Promise<void>;
}

/** PostgreSQL in WebAssembly on files in `folder`, served on a socket that only this user may open. */
export async function openEmbedded(folder: string): Promise<EmbeddedDatabase> {
	const dir = resolve(folder);
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const unlock = lockFolder(`${dir}.lock`);
	// A socket's path is limited to 107 bytes, so it cannot live in the data folder. Mode 0700.
	const sockets = mkdtempSync(join(tmpdir(), 'rr-'));
	const tidy = () => {
		rmSync(sockets, { recursive: true, force: true });
		unlock();
	};
	process.once('exit', tidy);
	try {
		const worker = new Worker(
			resolve(process.env.READROOM_ROOT ?? process.cwd(), 'scripts/embedded-db-worker.mjs'),
			{ workerData: { dir, path: join(sockets, '.s.PGSQL.5432'), max: embeddedConnections + 3 } }
		);
		await once(worker, 'message');
		return {
			url: `postgresql://postgres@/postgres?host=${encodeURIComponent(sockets)}`,
			async close() {
				const exited = once(worker, 'exit');
				worker.postMessage('stop');
				await exited;
				process.off('exit', tidy);
				tidy();
			}
		};
	} catch (e) {
		process.off('exit', tidy);
		tidy();
		throw e;
	}
}
