#!/usr/bin/env node
// Starts the command line on the pinned Node 24, whatever Node called us.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const pinned = resolve(root, 'node_modules/.bin/node');
const node = existsSync(pinned) ? pinned : process.execPath;

const child = spawn(
	node,
	[
		'--disable-warning=ExperimentalWarning',
		'--import',
		resolve(root, 'scripts/ts-hooks.mjs'),
		resolve(root, 'src/cli/readroom.ts'),
		...process.argv.slice(2)
	],
	{ stdio: 'inherit', env: { READROOM_ROOT: root, ...process.env } }
);
// Asked to stop, as by a time limit, it stops what it started, and says by its code that it did not finish.
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
for (const signal of signals) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
	process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
});
