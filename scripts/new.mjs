// `npm run new worksheet`: asks what is not given by flags and writes a file that passes the check.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

const { newWorksheetFiles } = await import('../src/lib/worksheet/new-worksheet.ts');
const { openWorksheetLibrary } = await import('../src/lib/server/worksheets/library.ts');
const { checkSource } = await import('../src/lib/worksheet/check-source.ts');

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: {
		title: { type: 'string' },
		group: { type: 'string' },
		modality: { type: 'string' },
		procedure: { type: 'string', multiple: true },
		frame: { type: 'string' },
		extends: { type: 'string' },
		folder: { type: 'string', default: 'worksheets' }
	}
});
const [kind, givenId] = positionals;
if (kind !== 'worksheet') {
	console.error(
		'npm run new worksheet [id] -- [--title T] [--group G] [--modality M] [--procedure P] [--frame F] [--extends ID]'
	);
	process.exit(1);
}

const asked = process.stdin.isTTY
	? createInterface({ input: process.stdin, output: process.stdout })
	: null;
async function ask(words, given, otherwise) {
	if (given !== undefined) return given;
	const answer = (await asked?.question(`${words}${otherwise ? ` (${otherwise})` : ''}: `))?.trim();
	const found = answer || otherwise;
	if (found) return found;
	console.error(`“${words}” is not given.`);
	process.exit(1);
}

const library = openWorksheetLibrary();
const title = await ask('Title', values.title);
const id = await ask('Id', givenId, title.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
const group = await ask('Group', values.group, 'echo');
const modality = await ask('Modality', values.modality, 'US');
const procedures = values.procedure ?? [await ask('Procedure text', undefined, title)];
asked?.close();

if (library.list().some((sheet) => sheet.id === id)) {
	console.error(`There is a worksheet "${id}" already.`);
	process.exit(1);
}
const files = newWorksheetFiles({
	id,
	title,
	group,
	modalities: modality.split(/[\s,]+/),
	procedures,
	frame: values.frame,
	base: values.extends
});
const [[path, text]] = Object.entries(files);
const { problems } = checkSource(library.parts, text, path);
for (const { file, line, what, remedy } of problems)
	console.error(`${file}:${line}: ${what}. ${remedy}`);
if (problems.length > 0) process.exit(1);
for (const [name, content] of Object.entries(files)) {
	const target = join(values.folder, name);
	if (existsSync(target)) {
		console.error(`${target} is there already.`);
		process.exit(1);
	}
	mkdirSync(dirname(target), { recursive: true });
	writeFileSync(target, content);
	console.log(target);
}
console.log('Now `npm run readroom worksheets check`.');
