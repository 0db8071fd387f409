import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** The built application on an empty data folder, as `npm start` runs it; what it printed until `enough`. */
export async function startEmpty(enough: RegExp): Promise<{ said: string; stop(): Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), 'rr-first-'));
	const env: NodeJS.ProcessEnv = {
		...process.env,
		READROOM_ROOT: root,
		DATA_DIR: folder,
		PORT: '0',
		EMBEDDED_DB: 'accept'
	};
	for (const name of ['HOST', 'DATABASE_URL', 'ARCHIVE_URL', 'DIMSE_PORT', 'TLS_KEY', 'ORIGIN']) {
		delete env[name];
	}
	const server = spawn(join(root, 'node_modules/.bin/node'), ['server.js'], {
		cwd: root,
		env,
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const gone = new Promise<void>((done) => server.on('exit', () => done()));
	const said = await new Promise<string>((ready, failed) => {
		let text = '';
		server.stdout.on('data', (chunk: Buffer) => {
			text += chunk.toString();
			if (enough.test(text)) ready(text);
		});
		server.on('exit', () => failed(new Error(`The server ended. It had said: ${text}`)));
	});
	return {
		said,
		async stop() {
			server.kill('SIGTERM');
			await gone;
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
