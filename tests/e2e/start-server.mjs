// Serves the built application with demo data for the journeys: those of READROOM_E2E_DATA, else a fresh
// folder's, which is filled first and goes with the server.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { seed } from './seed.mjs';

const root = resolve(import.meta.dirname, '../..');
const given = process.env.READROOM_E2E_DATA;
const folder = given || mkdtempSync(join(tmpdir(), 'rr-e2e-'));
const env = {
	...process.env,
	READROOM_ROOT: root,
	DATA_DIR: folder,
	PORT: process.env.READROOM_E2E_PORT ?? '3100',
	HOST: '127.0.0.1',
	EMBEDDED_DB: 'accept',
	DIMSE_PORT: process.env.READROOM_E2E_DIMSE ?? '11199',
	LOG_LEVEL: 'warn'
};
const clean = () => given || rmSync(folder, { recursive: true, force: true });

const seeded = given ? 0 : seed(folder);
if (seeded !== 0) {
	clean();
	process.exit(seeded);
}
// The journeys read who can sign in, and the share link, from here.
copyFileSync(join(folder, 'demo.json'), join(root, 'test-results-demo.json'));

const server = spawn(join(root, 'node_modules/.bin/node'), ['server.js'], {
	cwd: root,
	env,
	stdio: 'inherit'
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => {
	clean();
	process.exit(code ?? 0);
});
