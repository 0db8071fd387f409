import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	ExpressionError,
	evaluateNode,
	holds,
	namesIn,
	parseExpression
} from '$lib/worksheet/expression.ts';
import type { Value } from '$lib/worksheet/expression.ts';

function run(text: string, values: Record<string, Value> = {}): Value {
	return evaluateNode(parseExpression(text), (name) =>
		Object.hasOwn(values, name) ? (values[name] ?? null) : null
	);
}

function refusal(text: string): string {
	try {
		parseExpression(text);
	} catch (error) {
		if (error instanceof ExpressionError) return error.message;
		throw error;
	}
	throw new Error(`"${text}" was read`);
}

describe('arithmetic', () => {
	it.each([
		['2 + 3 * 4', 14],
		['2 * 3 ** 2', 18],
		['2 ** 3 ** 2', 512],
		['-(3 ** 2)', -9],
		['7 / (2.4 + 1.1) * 2 ** 3', 16],
		['100 * (120 - 50) / 120', 58.333333333333336],
		['sqrt(16) + ln(1) + log10(1000) + exp(0) + abs(-2)', 10],
		['min(3, 1, 2) + max(3, 1, 2) + sum(1, 2) + mean(2, 4)', 10],
		['round(2.65, 1)', 2.7],
		['pi * (2 / 2) ** 2', Math.PI]
	])('E1: %s is %d', (text, expected) => {
		expect(run(text)).toBe(expected);
	});

	it('E3: lists are read by sum, mean, min, max, len and dot', () => {
		const values = { d: [1, 2, 6], e: [2, 1, 0] };
		expect(run('sum(d) + mean(d) + min(d) + max(d) + len(d)', values)).toBe(22);
		expect(run('dot(d, e)', values)).toBe(4);
		expect(run('dot(d, f)', { ...values, f: [1] })).toBeNull();
	});

	it('E4: with something not known the result is not known', () => {
		expect(run('1 + x')).toBeNull();
		expect(run('min(1, x)')).toBeNull();
		expect(run('sqrt(x)')).toBeNull();
		expect(run('1 + a', { a: 'text' })).toBeNull();
	});

	it('E8: what has no finite value is not known', () => {
		for (const text of ['1 / 0', 'sqrt(-1)', 'ln(0)', '10 ** 400', 'exp(1000)', '0 / 0']) {
			expect(run(text), text).toBeNull();
		}
	});
});

describe('conditions', () => {
	it('E5: a comparison with something not known does not hold, whichever way it is put', () => {
		for (const text of ['x < 1', 'x >= 1', 'x == 1', 'x != 1', '1 != x']) {
			expect(run(text), text).toBe(false);
		}
	});

	it('E5: nor does one between different kinds', () => {
		expect(run('a == 1', { a: '1' })).toBe(false);
		expect(run('a < b', { a: 'a', b: 'b' })).toBe(false);
	});

	it('E6: "not" holds for everything that does not hold', () => {
		expect(run('not (x > 1)')).toBe(true);
		expect(run('not x')).toBe(true);
		expect(run('not known(x)')).toBe(true);
		expect(run('known(x) or y > 2', { y: 3 })).toBe(true);
	});

	it('E7: known, count, either, worst, has, number and when', () => {
		expect(run('count(a > 1, b > 1, known(b))', { a: 2 })).toBe(1);
		expect(run('either(a, b, "none")', { b: 'mild' })).toBe('mild');
		expect(run('worst(a, b, c)', { a: 'normal', b: 'moderate', c: 'mild' })).toBe('moderate');
		expect(run('worst(a, b)')).toBeNull();
		expect(run('has(list, "b")', { list: ['a', 'b'] })).toBe(true);
		expect(run('number(a) + 1', { a: '3' })).toBe(4);
		expect(run('number(a)', { a: 'three' })).toBeNull();
		expect(run('when(a == 1, 5)', { a: 1 })).toBe(5);
		expect(run('when(a == 1, 5)', { a: 2 })).toBeNull();
	});

	it('E10: dotted names are one name', () => {
		const node = parseExpression('mv.structure == "normal" and flag.lvidd != "mild"');
		expect(namesIn(node)).toEqual(['mv.structure', 'flag.lvidd']);
		expect(holds(node, (name) => (name === 'mv.structure' ? 'normal' : 'severe'))).toBe(true);
	});
});

describe('refusals tell the author what to write', () => {
	it.each([
		['not a == b', '"not" binds first'],
		['a < b < c', 'cannot be chained'],
		['-x ** 2', 'which comes first'],
		['x ? 1 : 2', 'not part of the language'],
		['a b', 'an operator such as "and" is missing'],
		['foo(1)', 'there is no function "foo"'],
		['sqrt(1, 2)', 'takes 1 arguments, here are 2'],
		['a[0]', 'cannot be indexed'],
		['a && b', 'cannot be read'],
		['this', 'not part of the language'],
		['', 'is empty'],
		['1e999', 'is not a number'],
		['constructor()', 'there is no function'],
		['a.b()', 'there is no function']
	])('E9: "%s"', (text, words) => {
		expect(refusal(text)).toContain(words);
	});

	it('E11: what costs too much is refused when it is read', () => {
		expect(refusal('1' + ' + 1'.repeat(2000))).toContain('characters');
		expect(refusal('1' + '+1'.repeat(600))).toContain('too long');
		expect(refusal('('.repeat(80) + 'x' + ' + 1)'.repeat(80))).toContain('nested');
	});
});

it('E12: every text is either refused or evaluates to something finite', () => {
	const parts = [
		'a',
		'b.c',
		'1',
		'0',
		'2.5',
		'"x"',
		' + ',
		' - ',
		' * ',
		' / ',
		' ** ',
		' < ',
		' == ',
		' and ',
		' or ',
		'not ',
		'(',
		')',
		'sqrt(',
		'min(',
		'known(',
		', ',
		'null',
		'true',
		'.',
		'[',
		'{',
		'__proto__',
		'constructor'
	];
	const text = fc.array(fc.constantFrom(...parts), { maxLength: 25 }).map((each) => each.join(''));
	const value = fc.oneof(
		fc.double(),
		fc.boolean(),
		fc.string(),
		fc.constant(null),
		fc.array(fc.double())
	);
	fc.assert(
		fc.property(text, value, (source, given) => {
			let node;
			try {
				node = parseExpression(source);
			} catch (error) {
				expect(error).toBeInstanceOf(ExpressionError);
				return;
			}
			const result = evaluateNode(node, (name) => (name === 'a' ? given : null));
			if (typeof result === 'number' && source.trim() !== 'a') {
				expect(Number.isFinite(result) || Number.isNaN(given) || !Number.isFinite(given)).toBe(
					true
				);
			}
		}),
		{ numRuns: 2000 }
	);
});
