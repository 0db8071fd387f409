/** Golden cases: what a worksheet must say for given values. They lie beside it as `<id>.cases.yaml`. */
import { z } from 'zod';
import { editions } from './editions.ts';
import type { Entries, Entry, EntryValue } from './entry.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation, EvaluationOptions, PatientFacts } from './evaluation.ts';
import { roundHalfUp } from './numbers.ts';
import type { Library } from './read-library.ts';
import type { ResolvedWorksheet } from './definition.ts';
import { worksheetSchema } from './file-schemas.ts';
import type { RawTemplate } from './file-schemas.ts';
import { resolveLocated } from './resolve.ts';
import { parseFile } from './source-files.ts';
import type { Located, Problem } from './source-files.ts';

const value = z.union([z.number(), z.string(), z.array(z.string())]);
/** L1: what a case is there for. */
const caseKinds = ['normal', 'abnormal', 'borderline', 'missing'] as const;
export type CaseKind = (typeof caseKinds)[number];
export const casesSchema = z.array(
	z.strictObject({
		title: z.string(),
		kind: z.enum(caseKinds).optional(),
		/** Of a section: other sections whose fields it reads stand on the same sheet. */
		beside: z.array(z.string()).default([]),
		patient: z.strictObject({
			sex: z.enum(['female', 'male', 'unknown']),
			ageYears: z.number().nullable()
		}),
		options: z
			.strictObject({
				diastology: z.enum(editions.diastology).optional(),
				carotid: z.enum(editions.carotid).optional(),
				profile: z.enum(editions.profile).optional(),
				rightHeart: z.enum(editions.rightHeart).optional(),
				bsaFormula: z.enum(['dubois', 'mosteller', 'haycock', 'gehan_george']).optional(),
				language: z.string().optional()
			})
			.default({}),
		/** By field, in its canonical unit. */
		entries: z.record(z.string(), value),
		expect: z.strictObject({
			/** By field, at print precision; null: no value. */
			values: z.record(z.string(), z.union([value, z.null()])).default({}),
			/** Missing inputs by result: `[height]`. */
			missing: z.record(z.string(), z.array(z.string())).default({}),
			flags: z.record(z.string(), z.string().nullable()).default({}),
			/** By grade, the answers that matter; null: not assessable or not given. */
			grades: z.record(z.string(), z.record(z.string(), z.string()).nullable()).default({}),
			/** By table, the grade of each parameter that matters. */
			parameters: z.record(z.string(), z.record(z.string(), z.string())).default({}),
			statements: z.array(z.string()).default([]),
			absent: z.array(z.string()).default([]),
			conclusion: z.array(z.string()).optional(),
			/** Text by statement. */
			texts: z.record(z.string(), z.string()).default({}),
			findings: z.array(z.string()).default([])
		})
	})
);
export type GoldenCase = z.infer<typeof casesSchema>[number];

/**
 * Runs all golden cases: those of every worksheet of maturity A, which must have some, those of any
 * other that has them, and those of sections, each tried as a worksheet of its own.
 */
export function runCases(library: Library, files: ReadonlyMap<string, string>): Problem[] {
	const sheets = [...library.worksheets.values()].flatMap((sheet) => {
		const file = `${sheet.value.group}/${sheet.value.id}.cases.yaml`;
		const text = files.get(file);
		if (text !== undefined) return casesIn(file, text, () => resolveLocated(library, sheet));
		if (sheet.value.maturity !== 'A') return [];
		const what = `"${sheet.value.id}" has no golden cases`;
		return [{ file: sheet.file, line: sheet.line(), what, remedy: `Add ${file}.` }];
	});
	const sections = [...library.sections].flatMap(([path, template]) => {
		const file = `sections/${path}.cases.yaml`;
		const text = files.get(file);
		const sheetOf = (beside: readonly string[]) => alone(library, path, template, beside);
		return text === undefined ? [] : casesIn(file, text, sheetOf);
	});
	return [...sheets, ...sections];

	function casesIn(
		file: string,
		text: string,
		sheetOf: (beside: readonly string[]) => ResolvedWorksheet
	): Problem[] {
		const { cases, line, problems } = readCases(file, text);
		if (problems.length > 0) return problems;
		return cases.flatMap((golden, index) => {
			const worksheet = sheetOf(golden.beside);
			const evaluation = evaluate(
				worksheet,
				entriesOf(golden),
				golden.patient,
				definedIn(golden.options)
			);
			return differences(golden, evaluation, decimalsOf(worksheet)).map((what) => ({
				file,
				line: line(index),
				what: `${golden.title}: ${what}`,
				remedy: 'Either the case or the rule is wrong: find out which.'
			}));
		});
	}

	function decimalsOf(worksheet: { measurements: Record<string, { decimals: number | null }> }) {
		return (field: string) => worksheet.measurements[field]?.decimals ?? 2;
	}
}

/** The cases of a file in its order, and on which line each begins. */
export function readCases(
	file: string,
	text: string | undefined
): { cases: GoldenCase[]; line: (index: number) => number; problems: Problem[] } {
	if (text === undefined) return { cases: [], line: () => 1, problems: [] };
	const { located, problems } = parseFile(file, text, casesSchema);
	return {
		cases: located?.value ?? [],
		line: (index) => located?.line([index]) ?? 1,
		problems
	};
}

/**
 * A worksheet of one section, with the parameters that the first worksheet that has it gives, after
 * those beside which it is tried.
 */
export function alone(
	library: Library,
	path: string,
	template: Located<RawTemplate>,
	beside: readonly string[] = []
): ResolvedWorksheet {
	const key = [path, ...beside].join(' ');
	const known = tried.get(library) ?? new Map<string, ResolvedWorksheet>();
	tried.set(library, known);
	const before = known.get(key);
	if (before) return before;
	const uses = [...library.worksheets.values()].flatMap(({ value }) => value.sections);
	const given = (wanted: string) => {
		const use = uses.find(
			(each) => typeof each === 'object' && 'use' in each && each.use === wanted
		);
		return { use: wanted, with: typeof use === 'object' && 'use' in use ? use.with : {} };
	};
	const value = worksheetSchema.parse({
		id: 'section-alone',
		version: '0.0.0',
		title: path,
		group: 'section',
		modalities: ['OT'],
		maturity: 'C',
		procedures: [],
		sections: [...beside, path].map(given)
	});
	const sheet = resolveLocated(library, { value, file: template.file, line: () => 1 });
	known.set(key, sheet);
	return sheet;
}

/** A library does not change once it is read. */
const tried = new WeakMap<Library, Map<string, ResolvedWorksheet>>();

export function definedIn(options: GoldenCase['options']): Partial<EvaluationOptions> {
	return Object.fromEntries(Object.entries(options).filter(([, each]) => each !== undefined));
}

/** One entry a field, as a person would have typed it. */
export function entriesOf({ entries }: Pick<GoldenCase, 'entries'>): Entries {
	const entry = (field: string, given: EntryValue): Entry => ({
		id: field,
		value: given,
		unit: null,
		asSent: null,
		samples: [],
		derivation: 'single',
		range: null,
		status: 'given',
		source: { kind: 'person' },
		by: null,
		at: '2026-01-01T00:00:00.000Z',
		suggestion: false
	});
	return Object.fromEntries(
		Object.entries(entries).map(([field, given]) => [field, [entry(field, given)]])
	);
}

/** In words, what the evaluation says otherwise than the case. */
export function differences(
	{ expect }: { expect: GoldenCase['expect']; patient?: PatientFacts },
	evaluation: Evaluation,
	decimalsOf: (field: string) => number
): string[] {
	const found: string[] = [];
	const compare = (what: string, wanted: unknown, got: unknown) => {
		const [a, b] = [JSON.stringify(wanted), JSON.stringify(got)];
		if (a !== b) found.push(`${what} is ${b}, not ${a}`);
	};
	for (const [field, wanted] of Object.entries(expect.values)) {
		const got = evaluation.values[field]?.value ?? null;
		compare(field, wanted, typeof got === 'number' ? roundHalfUp(got, decimalsOf(field)) : got);
	}
	for (const [field, wanted] of Object.entries(expect.missing)) {
		compare(
			`what ${field} misses`,
			wanted,
			evaluation.results.find(({ id }) => id === field)?.missing
		);
	}
	for (const [field, wanted] of Object.entries(expect.flags)) {
		compare(`the flag of ${field}`, wanted, evaluation.flags[field]?.severity ?? null);
	}
	const grades = new Map(evaluation.grades.map((grade) => [grade.id, grade]));
	for (const [id, wanted] of Object.entries(expect.grades)) {
		const got = grades.get(id)?.grade ?? null;
		if (!wanted || !got) compare(id, wanted, got);
		else
			for (const [key, answer] of Object.entries(wanted)) compare(`${id}.${key}`, answer, got[key]);
	}
	for (const [id, wanted] of Object.entries(expect.parameters)) {
		for (const [field, grade] of Object.entries(wanted)) {
			const parameters = grades.get(id)?.parameters ?? [];
			compare(`${field} in ${id}`, grade, parameters.find((each) => each.field === field)?.grade);
		}
	}
	const said = new Map(evaluation.statements.map((statement) => [statement.id, statement]));
	for (const id of expect.statements) if (!said.has(id)) found.push(`"${id}" is not stated`);
	for (const id of expect.absent) if (said.has(id)) found.push(`"${id}" is stated`);
	for (const [id, text] of Object.entries(expect.texts)) compare(id, text, said.get(id)?.text);
	if (expect.conclusion) {
		const concluded = evaluation.statements.filter(({ conclusion }) => conclusion);
		compare(
			'the conclusion',
			expect.conclusion,
			concluded.map(({ id }) => id)
		);
	}
	for (const kind of expect.findings) {
		const has = evaluation.findings.some((each) => kind === `${each.kind} ${each.field}`);
		if (!has) found.push(`the finding "${kind}" is missing`);
	}
	return found;
}
