// Installs the locked dependencies when they are missing or older than the lock file.
// Plain JavaScript for any Node from 18 on: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const installed = 'node_modules/.package-lock.json';
const fresh =
	existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;

if (!fresh) {
	// Told on standard error: what the command itself prints may go into a file or another program.
	console.error('Installing dependencies (once, about a minute) …');
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		stdio: ['inherit', 2, 2],
		shell: process.platform === 'win32'
	});
	if (status !== 0) {
		console.error('npm ci failed. Is the npm registry reachable? Then run the command again.');
		process.exit(status ?? 1);
	}
}
