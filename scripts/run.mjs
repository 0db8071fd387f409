// Runs a step with its words on screen and its output kept for the case of failure.
import { spawn } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** The environment of every step: the pinned Node 24 and the installed tools come first. */
export const stepEnv = (extra = {}) => ({
	...process.env,
	PATH: [resolve(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
	...extra
});

/**
 * Runs a command from the project's root.
 * @returns {Promise<{status: number, output: string, seconds: number}>}
 */
export function run(command, args, { env = {}, quiet = false, timeoutMinutes = 20 } = {}) {
	const began = Date.now();
	return new Promise((done) => {
		const child = spawn(command, args, {
			cwd: root,
			env: stepEnv(env),
			stdio: ['ignore', 'pipe', 'pipe']
		});
		let output = '';
		const timer = setTimeout(() => {
			output += `\n${command} took longer than ${timeoutMinutes} minutes and was stopped.\n`;
			child.kill('SIGKILL');
		}, timeoutMinutes * 60_000);
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (chunk) => {
				output += chunk;
				if (!quiet) process.stdout.write(chunk);
			});
		}
		child.on('error', (error) => (output += `${error.message}\n`));
		child.on('close', (code) => {
			clearTimeout(timer);
			done({ status: code ?? 1, output, seconds: (Date.now() - began) / 1000 });
		});
	});
}
