// `npm run check`: format, lint, types, unit tests. Every step runs, so that one round shows all.
import { run } from './run.mjs';

const format = ['format', 'prettier', ['--check', '.', '--log-level', 'warn']];
const texts = ['texts', 'node', ['scripts/pseudo-locale.mjs', '--check']];
const generate = ['generate', 'node', ['scripts/generate.mjs']];
const lint = ['lint', 'eslint', ['.', '--max-warnings', '0']];
const types = [
	'types',
	'svelte-check',
	['--tsconfig', './tsconfig.json', '--threshold', 'error', '--output', 'human']
];
const unit = [
	'unit',
	'vitest',
	['run', '--project', 'node', '--project', 'reactive', '--reporter=dot']
];

const failed = [];
async function steps(...list) {
	for (const [name, command, args] of list) {
		const { status, output, seconds } = await run(command, args, { quiet: true });
		console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
		if (status !== 0) {
			failed.push(name);
			console.log(output);
		}
	}
}

await steps(texts, generate);
// Each of these keeps one core busy, and needs what was generated.
await Promise.all([steps(lint), steps(types, format)]);
if (process.env.UNIT_TESTS_FOLLOW) console.log('--   unit: run by what follows');
else await steps(unit);
if (failed.length) {
	console.error(`check failed: ${failed.join(', ')}`);
	process.exit(1);
}
