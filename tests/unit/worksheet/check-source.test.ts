import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { longestSource } from '$lib/worksheet/check-limits.ts';
import { checkSource } from '$lib/worksheet/check-source.ts';
import type { Library } from '$lib/worksheet/read-library.ts';
import { sourceText } from '$lib/worksheet/source-text.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';

let library: Library;
beforeAll(() => {
	library = worksheetLibrary().parts;
}, 120_000);

const head = `id: try-out
version: 1.0.0
title: Try-out
group: echo
modalities: [US]
maturity: B
procedures: []
sections:
`;
const section = (fields: string, rest = '') => `${head}  - section:
      id: tryout
      short: Try
      title: Try
      fields:
${fields}${rest}`;
const told = (text: string) =>
	checkSource(library, text, 'own.yaml').problems.map(({ file, line, what }) => ({
		file,
		line,
		what
	}));

describe('a worksheet that is being written', () => {
	it('is resolved when nothing is wrong', () => {
		const text = section(
			'        - {id: tryout.size, kind: number, label: Size, unit: mm, decimals: 1}\n'
		);
		const { problems, worksheet } = checkSource(library, text, 'own.yaml');
		expect(problems).toEqual([]);
		expect(worksheet?.sections[0]?.fields.map(({ id }) => id)).toEqual(['tryout.size']);
	});

	it.each([
		['a: A', 'coded, options: {a: A, b: B}, default: a', null],
		['several', 'multi-coded, options: {a: A, b: B}, default: [a, b]', null],
		['a text', 'text, default: Unremarkable.', null],
		['no option', 'coded, options: {a: A}, default: c', /is "c", which is no option of it/],
		['one of several', 'multi-coded, options: {a: A}, default: [a, c]', /is "c"/],
		['a list', 'coded, options: {a: A}, default: [a]', /must be one answer/],
		['one answer', 'multi-coded, options: {a: A}, default: a', /must be a list/],
		['a score', 'coded, options: {"1": One}, default: "1"', /counts as a number/],
		['a number', 'number, unit: mm, decimals: 1, default: "5"', /stands at a number/],
		['a date', 'date, default: today', /stands at a date/]
	])('C14: has defaults that are answers, never numbers: %s', (_, kind, wrong) => {
		const text = section(
			`        - id: tryout.one\n          label: One\n          kind: ${kind
				.split(/, (?=(?:options|unit|decimals|default):)/)
				.join('\n          ')}\n`
		);
		const place = text.split('\n').findIndex((line) => line.includes('default:')) + 1;
		if (wrong === null) expect(told(text)).toEqual([]);
		else
			expect(told(text)).toEqual([
				{ file: 'own.yaml', line: place, what: expect.stringMatching(wrong) }
			]);
	});

	it('may be a copy of any worksheet of the library, which is no A any more', () => {
		for (const id of ['adult-tte', 'carotid-duplex', 'abdomen-us-complete']) {
			const text = sourceText(library, id) ?? '';
			expect(told(text), id).toEqual([]);
			expect(text).not.toContain('maturity: A');
		}
		const claimed = (sourceText(library, 'adult-tte') ?? '').replace('maturity: B', 'maturity: A');
		expect(told(claimed)).toMatchObject([{ what: 'A is kept for worksheets with golden cases' }]);
	});

	it.each([
		['nothing', '', 1, /expected/i],
		['broken indentation', `${head}  - a\n - b\n   c: [`, 10, /./],
		['an unknown key', `${head.replace('group: echo', 'grup: echo')}  - echo/exam\n`, 1, /grup/],
		['an unknown section', `${head}  - echo/nothing\n`, 9, /no section "echo\/nothing"/],
		[
			'an unknown measurement',
			section('        - {id: no_such_measurement}\n'),
			14,
			/no measurement "no_such_measurement"/
		],
		[
			'a unit clash',
			section(`        - {id: tryout.a, kind: number, label: A, unit: mm, decimals: 1}
        - {id: tryout.b, kind: number, label: B, unit: s, decimals: 1}
        - id: tryout.c
          kind: number
          label: C
          unit: mm
          decimals: 1
          calculation:
            expression: tryout.a + tryout.b
            kind: definition
            verified: true
            source: [GALIE2015]
            examples: [{in: {tryout.a: 1, tryout.b: 1}, out: 2, tol: 0.1}]
`),
			22,
			/tryout\.a \+ tryout\.b/
		],
		[
			'a circle',
			section(`        - id: tryout.a
          kind: number
          label: A
          unit: mm
          decimals: 1
          calculation: {expression: tryout.b, kind: definition, verified: true, source: [GALIE2015], examples: [{in: {tryout.b: 1}, out: 1, tol: 0.1}]}
        - id: tryout.b
          kind: number
          label: B
          unit: mm
          decimals: 1
          calculation: {expression: tryout.a, kind: definition, verified: true, source: [GALIE2015], examples: [{in: {tryout.a: 1}, out: 1, tol: 0.1}]}
`),
			9,
			/circle/
		],
		[
			'a hostile expression',
			section(
				`        - {id: tryout.a, kind: coded, label: A, options: {x: X}, visibleWhen: 'constructor.constructor("return process")()'}\n`
			),
			14,
			/constructor/
		],
		[
			'a script in a label',
			section(`        - {id: tryout.a, kind: text, label: 'A<script>alert(1)</script>'}\n`),
			14,
			/markup/
		],
		[
			'a handler in a title',
			`${head.replace('Try-out', '\'<img src=x onerror="a()">\'')}  - echo/exam\n`,
			3,
			/markup/
		],
		['a tag of YAML that builds code', `${head}  - !!js/function 'x'\n`, 9, /./],
		['an alias', `${head.replace('[US]', '&a [US]')}  - {use: echo/exam, only: *a}\n`, 9, /alias/],
		['too deep a nesting', `${head}  - ${'['.repeat(5000)}`, 9, /nested too deep/],
		['ten megabytes', `${head}${'# padding\n'.repeat(1_000_000)}`, 1, /more than/]
	] as const)('%s is refused with file and line', (_, text, line, what) => {
		const problems = told(text);
		expect(problems.length).toBeGreaterThan(0);
		const found = problems.find((problem) => what.test(problem.what));
		expect(found, JSON.stringify(problems.slice(0, 5))).toMatchObject({ file: 'own.yaml', line });
	});

	it('a bomb of aliases is refused at once', () => {
		const levels = Array.from({ length: 30 }, (_, i) => `b${i + 1}: &b${i + 1} [*b${i}, *b${i}]`);
		const began = performance.now();
		expect(told(`b0: &b0 [x]\n${levels.join('\n')}\n`)[0]?.what).toMatch(/alias/);
		expect(performance.now() - began).toBeLessThan(2000);
	});

	it('comparisons in conditions are no markup', () => {
		const text = section(
			`        - {id: tryout.a, kind: number, label: 'A < 5', unit: mm, decimals: 0}
        - {id: tryout.b, kind: text, label: B, visibleWhen: 'tryout.a <5 and tryout.a> 2'}\n`
		);
		expect(told(text)).toEqual([]);
	});

	it('no text makes it throw', () => {
		const long = sourceText(library, 'carotid-duplex') ?? '';
		const mutated = fc
			.tuple(fc.nat(long.length), fc.nat(30), fc.string({ unit: 'binary', maxLength: 12 }))
			.map(([at, cut, put]) => long.slice(0, at) + put + long.slice(at + cut));
		fc.assert(
			fc.property(fc.oneof(mutated, fc.string({ maxLength: 200 })), (text) => {
				const { problems, worksheet } = checkSource(library, text, 'own.yaml');
				expect((worksheet === null) === problems.length > 0).toBe(true);
			}),
			{ numRuns: process.env.READROOM_LONG ? 2000 : 40 }
		);
	}, 120_000);

	it('reads what is as long as allowed', () => {
		const text = section(
			'        - {id: tryout.size, kind: number, label: Size, unit: mm, decimals: 1}\n'
		);
		expect(told(text.padEnd(longestSource, '\n'))).toEqual([]);
	}, 60_000);
});
