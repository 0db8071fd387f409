/** The functions of the expression language. */
import type { Value } from './expression.ts';
import { roundHalfUp } from './numbers.ts';

/** E2: every argument must be a number, else the result is null. */
const numeric = {
	sqrt: (x: number) => Math.sqrt(x),
	ln: (x: number) => Math.log(x),
	log10: (x: number) => Math.log10(x),
	exp: (x: number) => Math.exp(x),
	abs: (x: number) => Math.abs(x),
	round: (x: number, decimals = 0) => roundHalfUp(x, Math.max(0, Math.min(6, Math.trunc(decimals))))
};
/** E3: over their arguments, or over one list. */
const aggregates = {
	min: (list: readonly number[]) => Math.min(...list),
	max: (list: readonly number[]) => Math.max(...list),
	sum: (list: readonly number[]) => list.reduce((total, x) => total + x, 0),
	mean: (list: readonly number[]) => list.reduce((total, x) => total + x, 0) / list.length,
	len: (list: readonly number[]) => list.length
};

/** Fewest and most arguments of each function. */
export const arity = {
	sqrt: [1, 1],
	ln: [1, 1],
	log10: [1, 1],
	exp: [1, 1],
	abs: [1, 1],
	round: [1, 2],
	min: [1, 40],
	max: [1, 40],
	sum: [1, 40],
	mean: [1, 40],
	len: [1, 1],
	dot: [2, 2],
	known: [1, 1],
	count: [1, 40],
	has: [2, 2],
	either: [2, 40],
	worst: [2, 40],
	number: [1, 1],
	when: [2, 2]
} as const satisfies Record<string, readonly [number, number]>;

export type FunctionName = keyof typeof arity;
export const functionNames = Object.keys(arity) as FunctionName[];

export function isFunctionName(name: string): name is FunctionName {
	return Object.hasOwn(arity, name);
}

/** Total: for every list of values the answer is finite, a text, a boolean, a list or null. */
export function callFunction(name: FunctionName, values: Value[]): Value {
	switch (name) {
		case 'known':
			return values[0] !== null;
		case 'count':
			return values.filter((value) => value === true).length;
		case 'either':
			return values.find((value) => value !== null) ?? null;
		case 'when':
			return values[0] === true ? (values[1] ?? null) : null;
		case 'worst':
			return worstOf(values);
		case 'number':
			return typeof values[0] === 'string' && /^-?\d+(\.\d+)?$/.test(values[0])
				? finite(Number(values[0]))
				: null;
		case 'has':
			return isList(values[0]) && (values[0] as readonly unknown[]).includes(values[1]);
		case 'dot': {
			const [a, b] = values.map(numbersIn);
			if (!a || !b || a.length !== b.length) return null;
			return finite(a.reduce((total, x, i) => total + x * (b[i] ?? 0), 0));
		}
		case 'min':
		case 'max':
		case 'sum':
		case 'mean':
		case 'len': {
			const list =
				values.length === 1 && isList(values[0]) ? numbersIn(values[0]) : allNumbers(values);
			return list && list.length > 0 ? finite(aggregates[name](list)) : null;
		}
		default: {
			const list = allNumbers(values);
			return list ? finite((numeric[name] as (...x: number[]) => number)(...list)) : null;
		}
	}
}

/** E7: the gravest severity among those known. */
function worstOf(values: readonly Value[]): Value {
	const order: readonly Value[] = [
		'normal',
		'borderline',
		'abnormal',
		'mild',
		'moderate',
		'severe'
	];
	const ranks = values.map((value) => order.indexOf(value)).filter((rank) => rank >= 0);
	return ranks.length > 0 ? (order[Math.max(...ranks)] ?? null) : null;
}

const isList = (value: Value | undefined): value is readonly string[] | readonly number[] =>
	Array.isArray(value);

function numbersIn(value: Value): number[] | null {
	return isList(value) ? allNumbers([...value]) : null;
}

function allNumbers(values: readonly Value[]): number[] | null {
	const list = values.filter((value) => typeof value === 'number');
	return list.length === values.length ? list : null;
}

/** E8: division by zero, a root of a negative number and overflow are "not known". */
export function finite(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
