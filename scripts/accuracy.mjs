// `npm run accuracy`: writes docs/ACCURACY.md, what the engine was tried against and what came out.
// `--check` only says whether anything fails. READROOM_CORPUS names the folder of known reports.
import './ts-hooks.mjs';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const { accuracy } = await import('../tests/support/accuracy.ts');

const { page, failures } = accuracy();
if (!process.argv.includes('--check')) {
	writeFileSync(resolve(import.meta.dirname, '../docs/ACCURACY.md'), page);
	console.log('docs/ACCURACY.md is written.');
}
console.log(failures === 0 ? 'Everything came out.' : `${failures} did not come out.`);
process.exitCode = failures === 0 ? 0 : 1;
