// `npm test`: every suite on real parts, one closing line over all of them.
// `--long` runs the random and fault tests with their full counts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTools, temporaryFolder } from './ensure-tools.mjs';
import { run } from './run.mjs';

const long = process.argv.includes('--long');
const reports = temporaryFolder('readroom-test-');
const total = { passed: 0, failed: 0, skipped: 0 };
const began = Date.now();

const add = (name, passed, failed, skipped, seconds) => {
	total.passed += passed;
	total.failed += failed;
	total.skipped += skipped;
	console.log(
		`\n== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds.toFixed(0)} s)\n`
	);
};

/** A step that is no suite: it counts only when it fails. */
async function step(name, command, args, env) {
	console.log(`\n-- ${name}`);
	const { status, output, seconds } = await run(command, args, { env, quiet: true });
	if (status === 0) return true;
	console.log(output);
	add(name, 0, 1, 0, seconds);
	return false;
}

async function vitest(name, projects, env = {}) {
	console.log(`\n-- ${name}`);
	const file = join(reports, `${name.replace(/\W+/g, '-')}.json`);
	const { status, seconds } = await run(
		'vitest',
		[
			'run',
			...projects.flatMap((project) => ['--project', project]),
			'--reporter=dot',
			'--reporter=json',
			`--outputFile.json=${file}`
		],
		{ env: { ...env, ...(long ? { READROOM_LONG: '1' } : {}) }, timeoutMinutes: long ? 120 : 20 }
	);
	if (!existsSync(file)) return add(name, 0, 1, 0, seconds);
	const result = JSON.parse(readFileSync(file, 'utf8'));
	// A file that does not load has no tests, and would otherwise count as nothing.
	const unloaded = result.testResults.filter(
		(suite) => suite.status === 'failed' && suite.assertionResults.length === 0
	).length;
	const failed = result.numFailedTests + unloaded;
	const skipped = result.numPendingTests + (result.numTodoTests ?? 0);
	add(name, result.numPassedTests, status !== 0 && failed === 0 ? 1 : failed, skipped, seconds);
}

async function playwright(demo) {
	console.log('\n-- journeys in Chromium');
	const file = join(reports, 'playwright.json');
	const { status, output, seconds } = await run('playwright', ['test'], {
		env: {
			PLAYWRIGHT_JSON_OUTPUT_NAME: file,
			PLAYWRIGHT_REPORTERS: 'list,json',
			READROOM_E2E_DATA: demo
		}
	});
	if (!existsSync(file)) {
		console.log(output);
		return add('journeys', 0, 1, 0, seconds);
	}
	const { stats, errors } = JSON.parse(readFileSync(file, 'utf8'));
	const failed = stats.unexpected + stats.flaky + errors.length;
	add(
		'journeys',
		stats.expected,
		status !== 0 && failed === 0 ? 1 : failed,
		stats.skipped,
		seconds
	);
}

ensureTools();
if (!existsSync(process.env.READROOM_CORPUS ?? '../shared/data')) {
	console.log(
		'The file corpus is absent (READROOM_CORPUS, default ../shared/data): its tests are skipped.'
	);
}

const ready = await step('texts and types generated', 'node', ['scripts/generate.mjs'], {});
if (ready) {
	await vitest('unit', ['node', 'reactive']);
	await vitest('forms in Chromium', ['forms']);
	await vitest('integration on PGlite', ['integration'], { READROOM_TEST_DATABASE: 'pglite' });
	await vitest('integration on PostgreSQL', ['integration'], {
		READROOM_TEST_DATABASE: 'postgres'
	});
	const demo = temporaryFolder('readroom-demo-');
	// Each of the two keeps one core busy.
	const [built, seeded] = await Promise.all([
		step('production build', 'node', ['scripts/build.mjs'], {}),
		step('demo data', 'node', ['tests/e2e/seed.mjs', demo], {})
	]);
	if (built && seeded) await playwright(demo);
}

console.log(`\nTook ${((Date.now() - began) / 60_000).toFixed(1)} minutes.`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
