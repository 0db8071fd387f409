// Seeds a fresh data folder and serves the built application for the journeys; everything goes with it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rr-e2e-'));
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
const node = join(root, 'node_modules/.bin/node');
const clean = () => rmSync(folder, { recursive: true, force: true });

const seeded = spawnSync(
	node,
	[
		'--disable-warning=ExperimentalWarning',
		'--import',
		join(root, 'scripts/ts-hooks.mjs'),
		join(root, 'src/lib/server/seed/main.ts')
	],
	{ cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }
);
if (seeded.status !== 0) {
	clean();
	process.exit(seeded.status ?? 1);
}
// The journeys read who can sign in, and the share link, from here.
spawnSync('cp', [join(folder, 'demo.json'), join(root, 'test-results-demo.json')]);

const server = spawn(node, ['server.js'], { cwd: root, env, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => {
	clean();
	process.exit(code ?? 0);
});
