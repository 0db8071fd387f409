import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { DomainError } from '$lib/errors.ts';
import { describeProblem } from '$lib/server/worksheets/files.ts';
import { openWorksheetLibrary } from '$lib/server/worksheets/library.ts';
import { checkSource } from '$lib/worksheet/check-source.ts';
import { exportQuestionnaire } from '$lib/worksheet/exchange/export-questionnaire.ts';
import { importTemplate } from '$lib/worksheet/exchange/import-template.ts';
import { leftText } from './left-behind-text.ts';

/** `readroom worksheets import|export`. */
export function registerExchange(worksheets: Command): void {
	worksheets
		.command('import')
		.description('make a worksheet of an MRRT template or a FHIR Questionnaire')
		.argument('<file>')
		.requiredOption('--out <file>', 'where the worksheet is written, as YAML')
		.action((file: string, { out }: { out: string }) => {
			const imported = importTemplate(readFileSync(file, 'utf8'));
			if ('wrong' in imported) throw new DomainError('invalid_input', `${file}: ${imported.wrong}`);
			const { problems } = checkSource(openWorksheetLibrary().parts, imported.source, out);
			writeFileSync(out, imported.source);
			print(`${imported.title}: ${imported.fields} fields, written to ${out}`);
			for (const one of imported.left) print(`  left behind: ${leftText(one)}`);
			for (const problem of problems) print(`  ${describeProblem(problem)}`);
			if (problems.length > 0) process.exitCode = 1;
		});

	worksheets
		.command('export')
		.description('write a worksheet as a FHIR R4 Questionnaire')
		.argument('<id>')
		.requiredOption('--questionnaire <file>', 'where it is written, as JSON')
		.action((id: string, { questionnaire: out }: { questionnaire: string }) => {
			const worksheet = openWorksheetLibrary().resolve(id);
			if (!worksheet) throw new DomainError('not_found', `There is no worksheet "${id}".`);
			const { questionnaire, left } = exportQuestionnaire(worksheet);
			writeFileSync(out, `${JSON.stringify(questionnaire, null, '\t')}\n`);
			print(`${worksheet.title}, written to ${out}`);
			for (const one of left) print(`  left behind: ${leftText(one)}`);
		});
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}
