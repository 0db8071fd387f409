/**
 * Whether the golden cases of a section or a worksheet are of every kind that is asked of it, and
 * whether each is of the kind that it says. Rules L1–L4 in docs/worksheet-spec.md.
 */
import { alone, definedIn, entriesOf, readCases } from './cases.ts';
import type { CaseKind, GoldenCase } from './cases.ts';
import type { ResolvedWorksheet } from './definition.ts';
import type { EntryValue } from './entry.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { parseExpression, partsIn } from './expression.ts';
import type { Library } from './read-library.ts';
import { resolveLocated } from './resolve.ts';
import type { Problem } from './source-files.ts';

/** What a section, the last of its sheet, decides by itself. */
export interface Decides {
	/** It computes a number. */
	computes: boolean;
	/** It says what is abnormal: by a grade, a normal range, or a limit in a condition. */
	judges: boolean;
}

export function decidesIn(sheet: ResolvedWorksheet): Decides {
	const own = new Set(sheet.sections.flatMap(({ fields }) => fields.map(({ id }) => id)));
	const conditions = sheet.statements.flatMap(({ when, abnormalWhen, conclusionWhen }) =>
		[when, abnormalWhen, conclusionWhen].filter((each) => each !== null)
	);
	return {
		computes: sheet.formulas.some(({ output }) => own.has(output)),
		judges: sheet.grades.length + sheet.normals.length > 0 || conditions.some(hasLimit)
	};
}

/** A number in a comparison, or one number compared with another. */
function hasLimit(condition: string): boolean {
	return partsIn(parseExpression(condition)).some(
		(part) =>
			part.kind === 'comparison' &&
			(!['==', '!='].includes(part.operator) ||
				[part.left, part.right].some(
					(side) => side.kind === 'literal' && typeof side.value === 'number'
				))
	);
}

/** L2: what judges needs all four; what only computes has no abnormal side and no border. */
export function kindsAsked({ computes, judges }: Decides): CaseKind[] {
	if (judges) return ['normal', 'abnormal', 'borderline', 'missing'];
	return computes ? ['normal', 'missing'] : [];
}

/** Sections and worksheets of maturity A without a kind of case that they need, and false kinds. */
export function lackingKinds(library: Library, files: ReadonlyMap<string, string>): Problem[] {
	const sheets = [...library.worksheets.values()]
		.filter(({ value }) => value.maturity === 'A')
		.flatMap((sheet) => {
			const file = `${sheet.value.group}/${sheet.value.id}.cases.yaml`;
			return lackingIn(file, files.get(file), () => resolveLocated(library, sheet), true);
		});
	const sections = [...library.sections].flatMap(([path, template]) => {
		const file = `sections/${path}.cases.yaml`;
		const sheetOf = (beside: readonly string[]) => alone(library, path, template, beside);
		return lackingIn(file, files.get(file), sheetOf, false);
	});
	return [...sheets, ...sections];
}

function lackingIn(
	file: string,
	text: string | undefined,
	sheetOf: (beside: readonly string[]) => ResolvedWorksheet,
	isWhole: boolean
): Problem[] {
	const asked = kindsAsked(isWhole ? { computes: true, judges: true } : decidesIn(sheetOf([])));
	const { cases, line } = readCases(file, text);
	const has = new Set(cases.map(({ kind }) => kind));
	const lacking = asked.filter((kind) => !has.has(kind));
	const remedy = `Add one with "kind: ${lacking[0]}"; what it expects comes from the publication.`;
	const absent =
		lacking.length === 0
			? []
			: [{ file, line: 1, what: `has no case of the kind ${lacking.join(', ')}`, remedy }];
	const untrue = cases.flatMap((golden, index) =>
		contradicting(golden, sheetOf(golden.beside), isWhole).map((why) => ({
			file,
			line: line(index),
			what: `${golden.title}: ${why}`,
			remedy: 'Correct the kind, or the values.'
		}))
	);
	return [...absent, ...untrue];
}

/** L3, L4: why a case is not of the kind that it says; of a whole sheet, which has many subjects, less. */
export function contradicting(
	golden: GoldenCase,
	sheet: ResolvedWorksheet,
	isWhole = false
): string[] {
	const { expect, kind } = golden;
	if (kind === undefined) return [];
	const evaluation = evaluationOf(golden, sheet);
	const positive =
		[expect.values, expect.grades].some((each) => Object.values(each).some((v) => v !== null)) ||
		[expect.flags, expect.parameters, expect.texts].some((each) => Object.keys(each).length > 0) ||
		expect.statements.length + expect.findings.length + (expect.conclusion?.length ?? 0) > 0;
	if (kind === 'missing') {
		const nothing =
			[expect.values, expect.grades].some((each) => Object.values(each).includes(null)) ||
			Object.keys(expect.missing).length + expect.absent.length > 0;
		return nothing ? [] : ['expects nothing to be missing'];
	}
	if (!positive && expect.absent.length === 0) return ['expects nothing'];
	if (kind === 'normal') return abnormalIn(evaluation).map((what) => `${what} is abnormal`);
	if (kind === 'abnormal') {
		const isSaid = abnormalIn(evaluation).length > 0;
		return isSaid || isWhole || !canSayAbnormal(sheet) ? [] : ['nothing in it is abnormal'];
	}
	return isAtBorder(golden, sheet, evaluation) ? [] : ['no number in it lies at a limit'];
}

function evaluationOf(golden: GoldenCase, sheet: ResolvedWorksheet): Evaluation {
	return evaluate(sheet, entriesOf(golden), golden.patient, definedIn(golden.options));
}

function abnormalIn({ statements, flags }: Evaluation): string[] {
	const said = statements.filter(({ abnormal }) => abnormal).map(({ id }) => id);
	const flagged = Object.values(flags).filter(
		({ severity }) => severity !== 'normal' && severity !== 'borderline'
	);
	return [...said, ...flagged.map(({ field }) => field)];
}

function canSayAbnormal(sheet: ResolvedWorksheet): boolean {
	return sheet.statements.some(({ abnormal, abnormalWhen }) => abnormal || abnormalWhen !== null);
}

/** One number a little higher or lower, by a printed step or a twentieth, and something else is said. */
function isAtBorder(golden: GoldenCase, sheet: ResolvedWorksheet, now: Evaluation): boolean {
	const numbers = Object.entries(golden.entries).filter(
		(entry): entry is [string, number] => typeof entry[1] === 'number'
	);
	// Of answers alone no distance to a limit can be told.
	if (numbers.length === 0) return true;
	const said = outcome(now);
	const decimalsOf = (field: string) => sheet.measurements[field]?.decimals ?? 0;
	const { ageYears } = golden.patient;
	const older = [-1, 1].map((years) => ({
		...golden,
		patient: { ...golden.patient, ageYears: ageYears === null ? null : ageYears + years }
	}));
	const moved = numbers.flatMap(([field, value]) => {
		const steps = [10 ** -decimalsOf(field), Math.abs(value) / 20];
		return steps.flatMap((step) =>
			[value - step, value + step].map((other) => withEntry(golden, field, other))
		);
	});
	return [...older, ...moved].some((other) => outcome(evaluationOf(other, sheet)) !== said);
}

function withEntry(golden: GoldenCase, field: string, value: Exclude<EntryValue, null>) {
	return { ...golden, entries: { ...golden.entries, [field]: value } };
}

/** What is said, without the numbers in it. */
function outcome({ grades, flags, statements, values }: Evaluation): string {
	const words = (text: string) => text.replace(/[\d.,:–-]+/g, '#');
	return JSON.stringify([
		grades.map(({ id, grade, parameters }) => [id, grade, parameters.map((each) => each.grade)]),
		Object.values(flags).map(({ field, severity, side }) => [field, severity, side]),
		statements.map(({ id, text, abnormal, conclusion }) => [id, words(text), abnormal, conclusion]),
		Object.keys(values)
	]);
}
