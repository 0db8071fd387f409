/**
 * Worked examples and rule tests that stand beside formulas, calculations and grades, run through the
 * engine's own parser and evaluator. What does not come out is told in words.
 */
import { partsOf } from './compose.ts';
import { entriesOf } from './cases.ts';
import type { EntryValue } from './entry.ts';
import { evaluate } from './evaluate.ts';
import { ExpressionError, evaluateNode, holds, namesIn, parseExpression } from './expression.ts';
import type { Value } from './expression.ts';
import type { RawGrade } from './file-schemas.ts';
import type { Library } from './read-library.ts';
import { resolveLocated } from './resolve.ts';

export interface Tried {
	id: string;
	file: string;
	verified: boolean;
	/** Examples or tests that were run. */
	count: number;
	failures: string[];
}

export interface Example {
	in: Readonly<Record<string, number | readonly number[]>>;
	out: number;
	tol: number;
}

/** An expression in its own units, by itself: what it makes of the example's inputs. */
export function tryExample(expression: string, example: Example): string | null {
	const given = (name: string): Value => {
		const value = Object.hasOwn(example.in, name) ? example.in[name] : undefined;
		return value === undefined ? null : typeof value === 'number' ? value : [...value];
	};
	return deviation(evaluateNode(parseExpression(expression), given), example);
}

/** Tolerances are those of the example; the rest is the last bit of a binary number. */
function deviation(got: unknown, { out, tol }: Pick<Example, 'out' | 'tol'>): string | null {
	const isRight = typeof got === 'number' && Math.abs(got - out) <= tol + 1e-9;
	return isRight ? null : `gives ${JSON.stringify(got)}, not ${out}`;
}

export function tryFormulas(library: Library): Tried[] {
	return library.formulas.map(({ value, file }) => ({
		id: value.id,
		file,
		verified: value.verified || value.kind === 'definition',
		count: value.examples.length,
		failures: value.examples.flatMap((example) =>
			told(example.in, () => tryExample(value.expression, example))
		)
	}));
}

function told(input: unknown, attempt: () => string | null): string[] {
	try {
		const wrong = attempt();
		return wrong === null ? [] : [`${JSON.stringify(input)} ${wrong}`];
	} catch (error) {
		if (error instanceof ExpressionError) return [`${JSON.stringify(input)}: ${error.message}`];
		throw error;
	}
}

export type RuleTest = {
	in: Readonly<Record<string, number | string>>;
	/** A part of the answer that matters; null: no answer. */
	expect: Readonly<Record<string, string | number>> | null;
};

/** What a decision answers for its inputs by name, in the units that it asks for. */
export function answerTo(
	grade: Pick<RawGrade, 'let' | 'rules' | 'otherwise'>,
	input: RuleTest['in']
): Record<string, string> | null {
	const known = new Map<string, Value>(Object.entries(input));
	const lookup = (name: string) => known.get(name) ?? null;
	for (const { name, expr } of grade.let) {
		known.set(name, evaluateNode(parseExpression(expr), lookup));
	}
	const rule = grade.rules.find((each) => holds(parseExpression(each.if), lookup));
	return rule ? rule.then : grade.otherwise;
}

export function tryRuleTest(
	grade: Pick<RawGrade, 'let' | 'rules' | 'otherwise'>,
	test: RuleTest
): string | null {
	const got = answerTo(grade, test.in);
	const isRight =
		test.expect === null
			? got === null
			: got !== null &&
				Object.entries(test.expect).every(([key, wanted]) => got[key] === String(wanted));
	return isRight ? null : `gives ${JSON.stringify(got)}, not ${JSON.stringify(test.expect)}`;
}

/** Decisions only: a table has no rule, its bands are checked for order and gaps (C6). */
export function tryGrades(library: Library): Tried[] {
	return [...library.grades.values()]
		.filter(({ value }) => value.type === 'decision')
		.map(({ value, file }) => ({
			id: value.id,
			file,
			verified: value.verified,
			count: value.tests.length,
			failures:
				value.tests.length === 0
					? ['has no test']
					: value.tests.flatMap((test) => told(test.in, () => tryRuleTest(value, test)))
		}));
}

type Given = Exclude<EntryValue, null>;

/**
 * Calculations that stand at their field, each once: in the first worksheet that has the field, with
 * the whole engine around it, so that units, scores and limits count as they do in a report.
 */
export function tryCalculations(library: Library): Tried[] {
	const tried = new Map<string, Tried>();
	for (const sheet of library.worksheets.values()) {
		const calculations = partsOf(library, sheet).parts.flatMap(({ section }) =>
			section.value.fields.flatMap((field) =>
				typeof field === 'object' && field.calculation
					? [{ id: field.id, file: section.file, ...field.calculation }]
					: []
			)
		);
		const fresh = calculations.filter(({ id, file }) => !tried.has(`${file} ${id}`));
		if (fresh.length === 0) continue;
		const worksheet = resolveLocated(library, sheet);
		const all = worksheet.sections.flatMap((section) => section.fields);
		const fields = new Map(all.map((field) => [field.id, field]));
		/** An example may write a score as the number that it counts as. */
		const asGiven = (values: Readonly<Record<string, Given>>) =>
			Object.fromEntries(
				Object.entries(values).map(([id, value]) =>
					fields.get(id)?.kind === 'coded' ? [id, String(value)] : [id, value]
				)
			);
		for (const { id, file, expression, examples, verified, kind } of fresh) {
			const names = namesIn(parseExpression(expression));
			// A sheet without one of the inputs cannot tell; another one may.
			if (names.some((name) => !fields.has(name) && !name.startsWith('patient.'))) continue;
			// Of a row, the example that speaks of it.
			const own = examples.filter((example) =>
				Object.keys(example.in).every((name) => names.includes(name))
			);
			const failures = own.flatMap((example) =>
				told(example.in, () => {
					const { 'patient.age': age = null, ...given } = example.in;
					const person = { sex: 'unknown', ageYears: age === null ? null : Number(age) } as const;
					const evaluation = evaluate(worksheet, entriesOf({ entries: asGiven(given) }), person);
					return deviation(evaluation.values[id]?.value ?? null, example);
				})
			);
			tried.set(`${file} ${id}`, {
				id,
				file,
				verified: verified || kind === 'definition',
				count: own.length,
				failures
			});
		}
	}
	return [...tried.values()];
}
