#!/usr/bin/env node
// Starts the command line on the pinned Node 24, whatever Node called us.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
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
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
