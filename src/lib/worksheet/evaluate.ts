/**
 * The engine: what stands in the fields → everything that follows from it.
 *
 * Pure and total. The same worksheet, entries, patient and options give the same evaluation in the
 * browser, the server, the command line and a test; no entry can make it throw; every number in it
 * is finite. The rules have ids in docs/worksheet-spec.md, which the tests quote.
 */
import type { ResolvedWorksheet } from './definition.ts';
import type { Entries } from './entry.ts';
import { defaultOptions } from './evaluation.ts';
import type {
	Conflict,
	Evaluation,
	EvaluationOptions,
	Flag,
	PatientFacts,
	Resolved,
	Result,
	Statement
} from './evaluation.ts';
import type { Lookup, Value } from './expression.ts';
import { makeFindings } from './findings.ts';
import { labelOf, programOf } from './program.ts';
import { createScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { makeStatements } from './statement.ts';

/** Changes whenever the same input could give another answer; printed into every version. */
export const engineVersion = '1.1.0';

export function evaluate(
	worksheet: ResolvedWorksheet,
	entries: Entries,
	patient: PatientFacts,
	options: Partial<EvaluationOptions> = {}
): Evaluation {
	const scope = createScope({
		program: programOf(worksheet),
		entries,
		patient,
		options: { ...defaultOptions, ...options }
	});
	const fields = [...scope.program.fields.keys()];
	const flags = fields.flatMap((field) => scope.flag(field) ?? []);
	const conflicts = fields.flatMap((field) => conflictIn(scope, field));
	const unseen = fields.filter((field) => scope.reading(field).isUnseen);
	const labels = unseen.map((field) => labelOf(scope.program, field));
	const study = (statements: readonly Statement[]): Lookup =>
		studyFacts({ statements, flags, conflicts, unseen: labels });
	return {
		values: byField(fields.flatMap((field) => scope.resolve(field) ?? [])),
		results: fields.flatMap((field) => resultWorthShowing(scope, field)),
		flags: byField(flags),
		grades: worksheet.grades.flatMap(({ id }) => scope.grade(id) ?? []),
		statements: makeStatements(scope, study),
		conflicts,
		findings: makeFindings(scope, entries),
		unseen
	};
}

function byField<T extends Resolved | Flag>(items: readonly T[]): Record<string, T> {
	return Object.fromEntries(items.map((item) => [item.field, item]));
}

function conflictIn(scope: Scope, field: string): Conflict[] {
	const { conflict } = scope.reading(field);
	return conflict ? [{ field, entries: conflict }] : [];
}

/**
 * R8: a number, or a reason why there is none: "not calculable: no height". A reason is given where
 * only facts about the person are missing, and for the core fields of the sheet; of what nobody set
 * out to measure in this study, nothing is said.
 */
function resultWorthShowing(scope: Scope, field: string): Result[] {
	const result = scope.result(field);
	if (!result) return [];
	if (result.value !== null || result.machine) return [result];
	if (scope.reading(field).own || result.missing.length === 0) return [];
	const wasStarted = Object.entries(result.inputs).some(
		([input, value]) => value !== null && !isAboutThePerson(scope, input)
	);
	const isCore = scope.program.fields.get(field)?.core === true;
	const lacksThePerson = result.missing.every((input) => isAboutThePerson(scope, input));
	return wasStarted && (isCore || lacksThePerson) ? [result] : [];
}

/** Height, age and sex are known in every study and start no calculation. */
function isAboutThePerson(scope: Scope, field: string): boolean {
	if (field.startsWith('patient.') || field === 'bsa') return true;
	return scope.program.measurementOf(field)?.kind === 'demographic';
}

function studyFacts(study: {
	statements: readonly Statement[];
	flags: readonly Flag[];
	conflicts: readonly Conflict[];
	unseen: readonly string[];
}): Lookup {
	const facts: Record<string, Value> = {
		'study.abnormal': study.statements.filter(({ abnormal }) => abnormal).length,
		'study.flags': study.flags.filter(isAbnormal).length,
		'study.conflicts': study.conflicts.length,
		'study.unseen': study.unseen.length,
		'study.unseen_fields': study.unseen.length > 0 ? study.unseen : null
	};
	return (name) => (Object.hasOwn(facts, name) ? (facts[name] ?? null) : null);
}

/** Counts as abnormal on paper and on the referrer's page. A grey zone does not. */
export function isAbnormal({ severity }: Pick<Flag, 'severity'>): boolean {
	return severity !== 'normal' && severity !== 'borderline';
}
