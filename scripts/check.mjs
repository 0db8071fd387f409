// `npm run check`: format, lint, types, unit tests. Every step runs, so that one round shows all.
import { run } from './run.mjs';

const steps = [
	['format', 'prettier', ['--check', '.', '--log-level', 'warn']],
	['texts', 'node', ['scripts/pseudo-locale.mjs', '--check']],
	['generate', 'node', ['scripts/generate.mjs']],
	['lint', 'eslint', ['.', '--max-warnings', '0']],
	[
		'types',
		'svelte-check',
		['--tsconfig', './tsconfig.json', '--threshold', 'error', '--output', 'human']
	],
	['unit', 'vitest', ['run', '--project', 'node', '--project', 'reactive', '--reporter=dot']]
];

const failed = [];
for (const [name, command, args] of steps) {
	const { status, output, seconds } = await run(command, args, { quiet: true });
	console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
	if (status !== 0) {
		failed.push(name);
		console.log(output);
	}
}
if (failed.length) {
	console.error(`check failed: ${failed.join(', ')}`);
	process.exit(1);
}
