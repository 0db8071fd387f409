import { expect, it } from 'vitest';
import { runCases } from '$lib/worksheet/cases.ts';
import { describeProblem } from '$lib/server/worksheets/library.ts';
import { evaluateNode, holds, parseExpression } from '$lib/worksheet/expression.ts';
import type { Value } from '$lib/worksheet/expression.ts';
import { wholeLibrary, worksheetFiles } from '../../support/worksheet.ts';

const { library, problems } = wholeLibrary();

it('C1: the worksheets are in order', () => {
	expect(problems.map(describeProblem)).toEqual([]);
});

it('every golden case holds', () => {
	expect(runCases(library, worksheetFiles()).map(describeProblem)).toEqual([]);
});

it.each(library.formulas.map(({ value }) => [value.id, value] as const))(
	'the worked examples of %s come out',
	(_, formula) => {
		const node = parseExpression(formula.expression);
		for (const example of formula.examples) {
			const result = evaluateNode(node, (name) => example.in[name] ?? null);
			expect(Math.abs(Number(result) - example.out)).toBeLessThanOrEqual(example.tol + 1e-9);
		}
	}
);

const decisions = [...library.grades.values()].filter(({ value }) => value.type === 'decision');

it.each(decisions.map(({ value }) => [value.id, value] as const))(
	'the tests of %s come out',
	(_, grade) => {
		expect(grade.tests.length).toBeGreaterThan(0);
		for (const test of grade.tests) {
			const known = new Map<string, Value>(Object.entries(test.in));
			const lookup = (name: string) => known.get(name) ?? null;
			for (const { name, expr } of grade.let)
				known.set(name, evaluateNode(parseExpression(expr), lookup));
			const rule = grade.rules.find((each) => holds(parseExpression(each.if), lookup));
			const answer = rule ? rule.then : grade.otherwise;
			if (test.expect === null) expect(answer, JSON.stringify(test.in)).toBeNull();
			else expect(answer, JSON.stringify(test.in)).toMatchObject(test.expect);
		}
	}
);

it('every number cites its publication, with a short form and the full citation', () => {
	const cited = [
		...library.formulas.map(({ value }) => value),
		...library.normals.map(({ value }) => value),
		...[...library.grades.values()].map(({ value }) => value)
	];
	for (const { source } of cited) {
		expect(source.length).toBeGreaterThan(0);
		for (const key of source) expect(library.sources.has(key), key).toBe(true);
	}
	for (const [key, { short, full }] of library.sources) {
		expect(short.length, key).toBeLessThan(40);
		expect(full.length, key).toBeGreaterThan(short.length);
	}
});
