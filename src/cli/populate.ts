import type { Command } from 'commander';
import { readSr } from '$lib/dicom/sr/read.ts';
import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import { text } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { DomainError } from '$lib/errors.ts';
import { populate, type Population } from '$lib/report/populate.ts';
import { isStructuredReport } from '$lib/server/arrival/documents.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { readStudy } from './populate-files.ts';
import { viewOf, type PopulateView } from './populate-json.ts';
import { subjectOf, type Subject } from './populate-subject.ts';
import { printExplanation, printTable } from './populate-table.ts';
import { chooseWorksheet } from './populate-worksheet.ts';

interface Options {
	worksheet?: string;
	json?: boolean;
	explain?: boolean;
}

/**
 * `readroom populate <paths…>`: what a worksheet would hold for a study, from its files alone; needs
 * no server and no database. Exit 0 when it was filled, also with warnings; 1, with one line on
 * standard error, for no such file, not DICOM, several studies, an unknown worksheet.
 */
export function register(program: Command): void {
	program
		.command('populate <paths...>')
		.description('fill a worksheet from a study’s files and print it; no server needed')
		.option('--worksheet <id>', 'instead of the one chosen by procedure')
		.option('--json', 'print one JSON object')
		.option('--explain', 'by which rule each value was recognised, and what was left out')
		.action(run);
}

function run(paths: string[], options: Options): void {
	const filled = fillFromFiles(paths, options.worksheet ?? null);
	if (options.json) console.log(JSON.stringify(filled.view, null, '\t'));
	else printTable(filled.worksheet, filled.view);
	if (options.explain) printExplanation(filled);
}

export interface Filled {
	worksheet: ResolvedWorksheet;
	population: Population;
	view: PopulateView;
	/** Files and reports that were not used, in words. */
	notes: string[];
}

/** @throws DomainError `invalid_input`, `not_found` with words for the person. */
export function fillFromFiles(paths: readonly string[], worksheetId: string | null): Filled {
	const study = readStudy(paths);
	const subject = subjectOf(study.datasets);
	const notes = study.skipped.map(({ path, reason }) => `${path}: ${reason}`);
	const documents = study.datasets.flatMap((dataset) => readDocument(dataset, notes));
	const worksheet = chooseWorksheet(subject, documents, worksheetId);
	const population = populate({
		worksheet,
		documents,
		headers: subject.headers,
		patient: subject.patient,
		at: timeOf(subject)
	});
	const evaluation = evaluate(worksheet, population.entries, subject);
	return { worksheet, population, notes, view: viewOf(worksheet, subject, population, evaluation) };
}

/** The same files give the same output, whenever it is asked for. */
const timeOf = (subject: Subject): string => `${subject.studyDate ?? '1970-01-01'}T00:00:00.000Z`;

function readDocument(dataset: DicomJson, notes: string[]): SrDocument[] {
	if (!isStructuredReport(text(dataset, tags.SOPClassUID))) return [];
	try {
		return [readSr(dataset)];
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
		notes.push(`${text(dataset, tags.SOPInstanceUID)}: ${error.detail ?? error.code}`);
		return [];
	}
}
