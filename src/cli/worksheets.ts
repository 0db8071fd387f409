import type { Command } from 'commander';
import { openWorksheetLibrary, verifiedFrom } from '$lib/server/worksheets/library.ts';
import {
	describeProblem,
	readWorksheetFiles,
	worksheetFolder
} from '$lib/server/worksheets/files.ts';
import { fingerprintOf, remember } from '$lib/server/worksheets/verified.ts';
import { runCases } from '$lib/worksheet/cases.ts';
import { checkLibrary } from '$lib/worksheet/check.ts';
import type { Field, ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { unconfirmedIn } from '$lib/worksheet/unconfirmed.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { registerExchange } from './worksheets-exchange.ts';

/** `readroom worksheets list|check|show`. */
export function register(program: Command): void {
	const worksheets = program
		.command('worksheets')
		.description('the worksheets of this installation');

	worksheets
		.command('list')
		.description('what there is to report on')
		.option('--json', 'print as JSON')
		.action(({ json }: { json?: boolean }) => {
			const all = openLibrary().list();
			if (json) print(JSON.stringify(all, null, '\t'));
			else
				for (const each of all)
					print(`${each.id}\t${each.version}\t${each.maturity}\t${each.title}`);
		});

	worksheets
		.command('check')
		.description('tell everything that is wrong, with file and line, and run the golden cases')
		.argument('[folder]', 'folder of worksheets', worksheetFolder())
		.action((folder: string) => {
			const files = readWorksheetFiles(folder);
			const { library, problems: unreadable } = readLibrary(files);
			const problems = [...unreadable, ...checkLibrary(library)];
			if (problems.length === 0) remember(fingerprintOf(files), verifiedFrom(library));
			const wrong =
				problems.length > 0
					? problems.map(describeProblem)
					: runCases(library, files).map(describeProblem);
			for (const line of wrong) print(line);
			const count = library.worksheets.size;
			print(wrong.length > 0 ? `${wrong.length} problems` : `${count} worksheets are in order`);
			if (wrong.length > 0) process.exitCode = 1;
		});

	registerExchange(worksheets);

	worksheets
		.command('show')
		.description('the fields of a worksheet, or all of it as JSON')
		.argument('<id>')
		.option('--json', 'print the resolved worksheet as JSON')
		.action((id: string, { json }: { json?: boolean }) => {
			const library = openLibrary();
			const worksheet = library.resolve(id);
			if (!worksheet) {
				const known = library.list().map((each) => each.id);
				process.stderr.write(`There is no worksheet "${id}". There are: ${known.join(', ')}.\n`);
				process.exitCode = 1;
			} else if (json) {
				print(JSON.stringify({ hash: library.hashOf(worksheet), ...worksheet }, null, '\t'));
			} else show(worksheet, library.hashOf(worksheet));
		});
}

function show(worksheet: ResolvedWorksheet, hash: string): void {
	const { id, version, maturity } = worksheet;
	print(`${worksheet.title} (${id} ${version}, ${maturity}, ${hash.slice(0, 12)})`);
	for (const section of worksheet.sections) {
		print(`\n${section.title}`);
		for (const field of section.fields) print(`  ${field.id}\t${describeField(worksheet, field)}`);
	}
	const unconfirmed = unconfirmedIn(worksheet);
	if (unconfirmed.length === 0) return;
	print('\nUnconfirmed: not compared with the publication that is named');
	for (const { part, id: fact, name, source } of unconfirmed)
		print(`  ${fact}\t${part}  ${name}  (${source.join(', ')})`);
}

function describeField(worksheet: ResolvedWorksheet, field: Field): string {
	const measurement = field.measurementId ? worksheet.measurements[field.measurementId] : undefined;
	const formulas = worksheet.formulas.filter(({ output }) => output === field.id);
	const parts = [
		field.label ?? measurement?.name ?? '',
		measurement?.unit ? `[${measurement.unit}]` : '',
		field.options.map(({ code }) => code).join('|'),
		...new Set(formulas.map(({ expression }) => `= ${expression}`))
	];
	return parts.filter(Boolean).join('  ');
}

/** A first check of all worksheets takes a while: without a word it would look like a standstill. */
function openLibrary() {
	return openWorksheetLibrary(worksheetFolder(), () =>
		process.stderr.write('Checking all worksheets, once after each change of them …\n')
	);
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}
