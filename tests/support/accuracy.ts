/** The page that says what the engine was tried against: counts, failures, and what was not there. */
import { readWorksheetFiles } from '$lib/server/worksheets/library.ts';
import { runCases } from '$lib/worksheet/cases.ts';
import { tryCalculations, tryFormulas, tryGrades } from '$lib/worksheet/examples.ts';
import type { Tried } from '$lib/worksheet/examples.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { compareFormulas, compareRules, hasCollection, otherwise } from './collection.ts';
import type { Compared } from './collection.ts';
import { hasCorpus } from './corpus-path.ts';
import { judge, read, truthOf } from './sr-truth.ts';
import { worksheetFolder } from './worksheet-folder.ts';

interface Part {
	title: string;
	/** What was tried: "105 formulas, 180 examples". */
	tried: string;
	failures: string[];
	notes: string[];
}

const reports = [
	['tte-20260312', null],
	['tte-20250304', null],
	['carotid-20260315', null],
	['stress-20260318', 'SR-wall-motion.dcm'],
	['extras', 'SR-TID5300-simplified-echo.dcm'],
	['extras', 'SR-TID1500.dcm']
] as const;

export function accuracy(): { page: string; failures: number } {
	const files = readWorksheetFiles(worksheetFolder);
	const { library, problems } = readLibrary(files);
	if (problems.length > 0) throw new Error('the library does not read: worksheets check');
	const formulas = tryFormulas(library);
	const calculations = tryCalculations(library);
	const grades = tryGrades(library);
	const golden = countCases(files);
	const parts: Part[] = [
		ofTried('Formulas against their worked examples', 'formulas', formulas),
		ofTried('Calculations of sections against their examples', 'calculations', calculations),
		ofTried('Decisions against their tests', 'decisions', grades),
		{
			title: 'Golden cases',
			tried: `${golden.cases} cases in ${golden.files} files`,
			failures: runCases(library, files).map(({ file, line, what }) => `${file}:${line}: ${what}`),
			notes: []
		},
		...(hasCollection
			? [
					ofCompared('Formulas gathered independently', compareFormulas(library)),
					ofCompared('Rules gathered independently', compareRules(library))
				]
			: [notThere('Formulas and rules gathered independently')]),
		hasCorpus
			? ofReports()
			: notThere('Structured reports of machines, of which every item is known')
	];
	const failures = parts.reduce((sum, part) => sum + part.failures.length, 0);
	return { page: pageOf(parts), failures };
}

function ofTried(title: string, what: string, tried: readonly Tried[]): Part {
	const count = tried.reduce((sum, each) => sum + each.count, 0);
	const unconfirmed = tried.filter(({ verified }) => !verified).length;
	return {
		title,
		tried: `${tried.length} ${what}, ${count} examples`,
		failures: tried.flatMap(({ id, file, failures }) =>
			failures.map((each) => `${file}: ${id} ${each}`)
		),
		notes: [`${unconfirmed} rest on a publication that was not at hand and are marked unconfirmed.`]
	};
}

function ofCompared(title: string, compared: readonly Compared[]): Part {
	const count = compared.reduce((sum, each) => sum + each.count, 0);
	const own = compared.filter((each) => each.own !== null).length;
	const absent = compared.filter((each) => each.own === null).map(({ id }) => id);
	return {
		title,
		tried: `${compared.length} items, ${count} tests in the engine's language; ${own} of them also by our own item of that name`,
		failures: compared.flatMap(({ id, failures }) => failures.map((each) => `${id}: ${each}`)),
		notes: absent.map((id) => `${id}: ${otherwise[id] ?? 'we have none'}.`)
	};
}

function ofReports(): Part {
	let items = 0;
	const failures: string[] = [];
	for (const [folder, file] of reports) {
		const truth = truthOf(folder).find((one) => file === null || one.file === file);
		if (!truth) {
			failures.push(`${folder}: has no truth`);
			continue;
		}
		const { named, wrong } = judge(read(`${folder}/${truth.file}`), truth.items);
		items += named;
		failures.push(...wrong.map((each) => `${folder}/${truth.file} ${each}`));
	}
	return {
		title: 'Structured reports of machines, of which every item is known',
		tried: `${reports.length} reports, ${items} items: the field, the value and the unit`,
		failures,
		notes: []
	};
}

function notThere(title: string): Part {
	const notes = ['Not tried: the files are not there. READROOM_CORPUS names their folder.'];
	return { title, tried: 'nothing', failures: [], notes };
}

function countCases(files: ReadonlyMap<string, string>) {
	const cases = [...files].filter(([path]) => path.endsWith('.cases.yaml'));
	const count = cases.reduce((sum, [, text]) => sum + (text.match(/^- title:/gm)?.length ?? 0), 0);
	return { files: cases.length, cases: count };
}

function pageOf(parts: readonly Part[]): string {
	const rows = parts.map(
		({ title, tried, failures }) => `| ${title} | ${tried} | ${failures.length} |`
	);
	const details = parts
		.filter(({ failures, notes }) => failures.length + notes.length > 0)
		.map(({ title, failures, notes }) =>
			[
				`## ${title}\n`,
				...failures.map((each) => `- **fails**: ${each}`),
				...notes.map((each) => `- ${each}`)
			].join('\n')
		);
	return [
		'# Accuracy\n',
		'Written by `npm run accuracy`; `npm test` fails when any of it does. An example shows that an expression computes what its author meant, not that the author is right: what was not confirmed against its publication is marked so in the sheet.\n',
		'| tried | how much | failures |\n|---|---|---|',
		rows.join('\n'),
		'',
		details.join('\n\n'),
		''
	].join('\n');
}
