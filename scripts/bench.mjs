// `npm run bench`: everything in `bench/`, one after the other, and a table at the end.
// `npm run bench -- pdf` runs one. `BENCH_SHARE` names a share link of a running server, with
// `BENCH_PASSCODE` where it asks for one; without it the demo is looked for on PORT (3000).
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './run.mjs';

const root = resolve(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const typed = ['--disable-warning=ExperimentalWarning', '--import', './scripts/ts-hooks.mjs'];

const benches = {
	pdf: () => measured('pdf'),
	evaluate: () => measured('evaluate'),
	typing: () => measured('typing'),
	'proxy-frames': async () => {
		await run('node', ['scripts/ensure-built.mjs']);
		return measured('proxy-frames');
	},
	'share-page': sharePage
};

for (const name of wanted) {
	if (!Object.hasOwn(benches, name)) {
		console.error(`There is no bench "${name}"; there are ${Object.keys(benches).join(', ')}.`);
		process.exit(2);
	}
}

const rows = [];
for (const [name, bench] of Object.entries(benches)) {
	if (wanted.length && !wanted.includes(name)) continue;
	console.log(`\n-- ${name}`);
	rows.push(...(await bench()));
}
const width = Math.max(...rows.map((row) => row.name.length));
console.log('');
for (const { name, value, target, met } of rows) {
	const verdict = met === null ? 'not run' : met ? 'met' : 'MISSED';
	console.log(`${name.padEnd(width)}  ${value.padStart(12)}  ${target.padEnd(10)}  ${verdict}`);
}
process.exit(rows.every(({ met }) => met !== false) ? 0 : 1);

/** A bench that ends with a line of results. */
async function measured(name) {
	const { output, status } = await run('node', [...typed, `bench/${name}.mjs`]);
	const line = /^RESULT (.*)$/m.exec(output)?.[1];
	return line
		? JSON.parse(line)
		: [{ name, value: `ended with ${status}`, target: '', met: false }];
}

async function sharePage() {
	const link = shareLink();
	const target = '≤ 256 KiB, ≤ 12';
	const name = 'share page to its first picture';
	if (!link) {
		console.log('No share link: start `npm run demo` beside this, or set BENCH_SHARE.');
		return [{ name, value: '', target, met: null }];
	}
	const { output, status } = await run('node', ['bench/share-page.mjs', ...link]);
	const found = /first picture: ([\d.]+ KiB) \(.*?\), (\d+) requests/.exec(output);
	const value = found ? `${found[1]}, ${found[2]}` : `ended with ${status}`;
	return [{ name, value, target, met: status === 0 }];
}

function shareLink() {
	const { BENCH_SHARE, BENCH_PASSCODE, DATA_DIR, PORT } = process.env;
	if (BENCH_SHARE) return [BENCH_SHARE, ...(BENCH_PASSCODE ? [BENCH_PASSCODE] : [])];
	const facts = join(DATA_DIR || join(root, 'data', 'demo'), 'demo.json');
	if (!existsSync(facts)) return null;
	const { sharePath, passcode } = JSON.parse(readFileSync(facts, 'utf8'));
	return [`http://localhost:${PORT || 3000}${sharePath}`, passcode];
}
