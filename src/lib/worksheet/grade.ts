/** Severities by published rules, with the path taken. Rules G1–G8. */
import { bandOf } from './bands.ts';
import type { Grade, GradeParameter, Input } from './definition.ts';
import type { GradeResult } from './evaluation.ts';
import { explain } from './explain.ts';
import type { Describe } from './explain.ts';
import { evaluateNode, holds } from './expression.ts';
import type { Value } from './expression.ts';
import { formatNumber, roundHalfUp } from './numbers.ts';
import { labelOf } from './program.ts';
import type { Program } from './program.ts';
import type { Scope } from './scope.ts';
import { convert } from './units.ts';

/** Null when the grade does not apply, or when nothing it asks for is known (G1). */
export function gradeBy(scope: Scope, grade: Grade): GradeResult | null {
	if (grade.appliesWhen && !holds(scope.program.node(grade.appliesWhen), scope.lookup)) return null;
	return grade.type === 'decision' ? decide(scope, grade) : tabulate(scope, grade);
}

function blank(grade: Grade): GradeResult {
	const { id, title, verified, source } = grade;
	return {
		id,
		title,
		grade: null,
		path: [],
		missing: [],
		parameters: [],
		disagree: false,
		verified,
		source
	};
}

function decide(scope: Scope, grade: Grade): GradeResult | null {
	const { program } = scope;
	const known = new Map<string, Value>();
	for (const input of grade.inputs) known.set(input.name, asPrinted(scope, input));
	const own = grade.inputs.filter((input) => !input.field.startsWith('patient.'));
	if (own.length > 0 && own.every(({ name }) => known.get(name) === null)) return null;

	const { fired, answer } = answerOf(program, grade, known);
	const missing = grade.inputs.filter(({ name }) => known.get(name) === null);
	return {
		...blank(grade),
		grade: answer,
		path: pathOf(scope, grade, fired?.if ?? null, known),
		missing: missing.map(({ field }) => field)
	};
}

/** G7. Adds the terms of `let` to what is known. */
export function answerOf(program: Program, grade: Grade, known: Map<string, Value>) {
	const lookup = (name: string) => known.get(name) ?? null;
	for (const { name, expr } of grade.let) {
		known.set(name, evaluateNode(program.node(expr), lookup));
	}
	const fired = grade.rules.find((rule) => holds(program.node(rule.if), lookup));
	return { fired, answer: fired ? fired.then : grade.otherwise };
}

/** G3: what is judged is what is printed, so inputs are rounded to their print decimals first. */
export function asPrinted(scope: Scope, input: Input): Value {
	const value = scope.input(input);
	const measurement = scope.program.measurementOf(input.field);
	if (typeof value !== 'number' || !measurement?.unit || measurement.decimals === null)
		return value;
	if (input.unit === null) return value;
	const canonical = convert(value, input.unit, measurement.unit);
	if (canonical === null) return value;
	const rounded = roundHalfUp(canonical, measurement.decimals);
	return convert(rounded, measurement.unit, input.unit);
}

/** G4: the terms that the answer rests on, then the rule that fired, with the values put in. */
function pathOf(
	scope: Scope,
	grade: Grade,
	rule: string | null,
	known: ReadonlyMap<string, Value>
): string[] {
	const { program } = scope;
	const inputs = new Map(grade.inputs.map((input) => [input.name, input]));
	const describe: Describe = (name, withValue) => {
		const input = inputs.get(name);
		const label = input ? inputLabel(scope, input) : name.replaceAll('_', ' ');
		return withValue ? `${label} ${wordOf(known.get(name) ?? null)}` : label;
	};
	// Without a rule that fired, the answer rests on each that did not.
	const rules = rule ? [rule] : grade.rules.map((each) => each.if);
	const needed = termsOf(grade, rules, program.namesOf);
	const terms = grade.let
		.filter(({ name }) => needed.has(name))
		.map(({ name, expr }) => {
			const text = explain(program.node(expr), describe);
			return `${name.replaceAll('_', ' ')}: ${text} → ${wordOf(known.get(name) ?? null)}`;
		});
	const last = rules.map((text) => explain(program.node(text), describe));
	return [...terms, ...(rule ? last : last.map((text) => `not: ${text}`))];
}

function termsOf(grade: Grade, rules: readonly string[], namesOf: Program['namesOf']): Set<string> {
	const needed = new Set(rules.flatMap(namesOf));
	for (const { name, expr } of [...grade.let].reverse()) {
		if (needed.has(name)) for (const inner of namesOf(expr)) needed.add(inner);
	}
	return needed;
}

export function inputLabel(scope: Scope, input: Input): string {
	const field = [input.field, ...input.alternatives].find((id) => scope.resolve(id) !== null);
	return field === undefined && !scope.program.fields.has(input.field)
		? input.name
		: labelOf(scope.program, field ?? input.field);
}

function wordOf(value: Value): string {
	if (value === null) return 'not known';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}

/** G5: a grade for each parameter, and whether they disagree; no overall grade is computed. */
function tabulate(scope: Scope, grade: Grade): GradeResult | null {
	const graded = grade.parameters.flatMap((parameter) => {
		const found = gradeParameter(scope, parameter);
		return found ? [found] : [];
	});
	if (graded.length === 0) return null;
	const isKnown = new Set(graded.map(({ field }) => field));
	const only = grade.parameters.length === 1 ? graded[0] : undefined;
	return {
		...blank(grade),
		grade: only ? { grade: only.grade } : null,
		path: graded.map(
			(each) => `${labelOf(scope.program, each.field)} ${each.text} → ${each.grade}`
		),
		missing: grade.parameters.filter(({ field }) => !isKnown.has(field)).map(({ field }) => field),
		parameters: graded.map(({ field, value, grade: name }) => ({ field, value, grade: name })),
		disagree: doDisagree(graded.map((each) => each.grade)),
		verified: grade.verified && graded.every((each) => each.verified)
	};
}

/** What a parameter shows beside the grades: it grades nothing. */
const signs = new Set(['dilated', 'supports_severe']);

/** G6: moderate I and moderate II are halves of one grade. */
function doDisagree(grades: readonly string[]): boolean {
	const told = grades.filter((each) => !signs.has(each));
	return new Set(told.map((each) => each.replace(/_I+$/, ''))).size > 1;
}

function gradeParameter(scope: Scope, parameter: GradeParameter) {
	const { field, unit, decimals, bands, codes, verified } = parameter;
	const resolved = scope.resolve(field);
	if (!resolved) return null;
	if (codes) {
		const name = typeof resolved.value === 'string' ? codes[resolved.value] : undefined;
		return name ? { field, value: 0, text: String(resolved.value), grade: name, verified } : null;
	}
	if (typeof resolved.value !== 'number' || !resolved.unit || !unit) return null;
	const converted = convert(resolved.value, resolved.unit, unit);
	if (converted === null) return null;
	const value = roundHalfUp(converted, decimals);
	const name = bandOf(value, bands);
	return name ? { field, value, text: formatNumber(value, decimals), grade: name, verified } : null;
}
