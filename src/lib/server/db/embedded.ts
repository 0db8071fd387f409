import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { embeddedConnections } from './client.ts';
import { isAlive, lockFolder } from './lock.ts';

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
	sweepSockets();
	const sockets = mkdtempSync(join(tmpdir(), `rr-${process.pid}-`));
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

/** Folders of sockets whose process was killed before it could tidy up. */
function sweepSockets(): void {
	for (const name of readdirSync(tmpdir())) {
		const pid = Number(/^rr-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
		if (Number.isNaN(pid) || isAlive(pid)) continue;
		try {
			rmSync(join(tmpdir(), name), { recursive: true, force: true });
		} catch {
			// Somebody else's, or being removed by another process.
		}
	}
}
