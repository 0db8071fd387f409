// Stores one object after the other into a folder and prints each UID once it is acknowledged; for
// tests that kill it. Usage: node tests/support/store-forever.mjs <folder> <first number>
import '../../scripts/ts-hooks.mjs';
import { writeSync } from 'node:fs';

const [folder, first] = process.argv.slice(2);
const { EmbeddedArchive } = await import('../../src/lib/server/archive/embedded-archive.ts');
const { ParsePool } = await import('../../src/lib/server/archive/parse-pool.ts');
const { report } = await import('./dicom-maker.ts');

const archive = new EmbeddedArchive({ id: 'killed', folder, pool: new ParsePool({ size: 1 }) });
for (let n = Number(first); ; n++) {
	const sop = `1.2.${n}`;
	const [outcome] = await archive.store([
		report({ study: '1.1', series: '1.2', sop }, 'x'.repeat(20_000))
	]);
	// Straight to the pipe: what a killed process had buffered was never acknowledged.
	if (outcome.status === 'stored') writeSync(1, `${sop}\n`);
}
