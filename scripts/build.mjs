// A production build under a name of its own, so that clients of the build before notice it.
import { run } from './run.mjs';

const { status, output, seconds } = await run('vite', ['build', '--logLevel', 'error'], {
	env: { BUILD_ID: Date.now().toString(36), NODE_ENV: 'production' },
	quiet: true
});
if (status !== 0) {
	console.error(output);
	console.error('The build failed; its messages are above.');
	process.exit(status);
}
// Checked once here, and not again at every start.
const check = await run(
	'node',
	['--import', './scripts/ts-hooks.mjs', 'scripts/verify-worksheets.mjs'],
	{ quiet: true }
);
if (check.status !== 0) {
	console.error(check.output);
	process.exit(check.status);
}
console.log(`Built in ${seconds.toFixed(0)} s.`);
