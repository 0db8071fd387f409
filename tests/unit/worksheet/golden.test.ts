import { expect, it } from 'vitest';
import { lackingKinds } from '$lib/worksheet/case-kinds.ts';
import { runCases } from '$lib/worksheet/cases.ts';
import { describeProblem } from '$lib/server/worksheets/library.ts';
import { tryCalculations, tryFormulas, tryGrades } from '$lib/worksheet/examples.ts';
import type { Tried } from '$lib/worksheet/examples.ts';
import { wholeLibrary, worksheetFiles } from '../../support/worksheet.ts';

const { library, problems } = wholeLibrary();

it('C1: the worksheets are in order', () => {
	expect(problems.map(describeProblem)).toEqual([]);
});

it('every golden case holds', { timeout: 60_000 }, () => {
	expect(runCases(library, worksheetFiles()).map(describeProblem)).toEqual([]);
});

it(
	'L2–L4: what decides has a normal, an abnormal, a borderline and an incomplete case',
	{
		timeout: 60_000
	},
	() => {
		expect(lackingKinds(library, worksheetFiles()).map(describeProblem)).toEqual([]);
	}
);

const inWords = (tried: readonly Tried[]) =>
	tried.flatMap(({ id, file, failures }) => failures.map((each) => `${file}: ${id} ${each}`));

it('the worked examples of every formula come out', () => {
	expect(inWords(tryFormulas(library))).toEqual([]);
});

it('the worked examples of every calculation come out', { timeout: 60_000 }, () => {
	expect(inWords(tryCalculations(library))).toEqual([]);
});

it('the tests of every grade come out, and each decision has some', () => {
	expect(inWords(tryGrades(library))).toEqual([]);
});

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
