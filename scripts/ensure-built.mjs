// Builds the application when there is no build, or when the sources are newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const built = 'build/handler.js';
const sources = ['src', 'static', 'messages', 'worksheets', 'drizzle'];
const files = ['package-lock.json', 'svelte.config.js', 'vite.config.ts'];
// Written by the build itself.
const generated = join('src', 'lib', 'paraglide');

function newest(path) {
	if (!existsSync(path) || path === generated) return 0;
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), 0);
}

const latest = Math.max(...[...sources, ...files].map(newest));
if (!existsSync(built) || statSync(built).mtimeMs < latest) {
	console.log('Building Readroom (about half a minute) …');
	const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
	if (status !== 0) process.exit(status ?? 1);
}
