/**
 * What an expression yields, before it ever runs: its kind, its dimension and, where no constant
 * hides it, its unit. Rules U1–U5 in docs/worksheet-spec.md.
 */
import { ExpressionError } from './expression.ts';
import type { Node } from './expression.ts';
import { multiplyDimensions, parseUnit, sameDimensions } from './units.ts';
import type { Dimensions } from './units.ts';

/**
 * `quantity: null` is a constant, which may stand for any unit. `factor: null` says that a constant
 * was multiplied in, so that only the dimension is certain.
 */
export type Inferred =
	| { type: 'number'; quantity: { dimensions: Dimensions; factor: number | null } | null }
	| { type: 'boolean' }
	| { type: 'text' }
	| { type: 'list'; quantity: { dimensions: Dimensions; factor: number | null } | null }
	| { type: 'null' };

/** What a name is; null when there is no such name. */
export type TypeOf = (name: string) => Inferred | null;

type NumberType = Extract<Inferred, { type: 'number' }>;
type Quantity = NumberType['quantity'];

const constant: NumberType = { type: 'number', quantity: null };
const plain: NumberType = { type: 'number', quantity: { dimensions: {}, factor: 1 } };
const truth: Inferred = { type: 'boolean' };

/** The type of a number in a unit. An unknown unit is a constant: nothing can be checked. */
export function numberIn(unit: string): NumberType {
	return { type: 'number', quantity: parseUnit(unit) };
}

/**
 * Infers and checks.
 *
 * @param checkUnits off for empirical formulas, whose constants carry units of their own.
 * @throws ExpressionError that names the part and the remedy.
 */
export function inferType(node: Node, typeOf: TypeOf, checkUnits = true): Inferred {
	const infer = (part: Node): Inferred => inferType(part, typeOf, checkUnits);
	const number = (part: Node, where: string): Quantity => {
		const type = infer(part);
		if (type.type === 'null') return null;
		if (type.type !== 'number')
			throw new ExpressionError(`${where} needs a number, not a ${type.type}`);
		return type.quantity;
	};
	switch (node.kind) {
		case 'literal':
			if (node.value === null) return { type: 'null' };
			if (typeof node.value === 'number') return constant;
			return typeof node.value === 'boolean' ? truth : { type: 'text' };
		case 'name': {
			if (node.name === 'pi') return constant;
			const type = typeOf(node.name);
			if (!type) throw new ExpressionError(`there is no "${node.name}" here`);
			return type;
		}
		case 'not':
			condition(infer(node.operand), '"not"');
			return truth;
		case 'logic':
			condition(infer(node.left), `"${node.operator}"`);
			condition(infer(node.right), `"${node.operator}"`);
			return truth;
		case 'negate':
			return { type: 'number', quantity: number(node.operand, '"-"') };
		case 'comparison':
			checkComparison(node.operator, infer(node.left), infer(node.right), checkUnits);
			return truth;
		case 'arithmetic': {
			const left = number(node.left, `"${node.operator}"`);
			const right = number(node.right, `"${node.operator}"`);
			return { type: 'number', quantity: combine(node, left, right, checkUnits) };
		}
		case 'call':
			return inferCall(node, infer, number, checkUnits);
	}
}

function condition(type: Inferred, where: string): void {
	if (type.type !== 'boolean') {
		throw new ExpressionError(`${where} joins conditions, not a ${type.type}: write a comparison`);
	}
}

function checkComparison(operator: string, left: Inferred, right: Inferred, units: boolean): void {
	if (left.type === 'null' || right.type === 'null') {
		throw new ExpressionError('a comparison with null never holds: use known(x)');
	}
	if (left.type !== right.type || left.type === 'list') {
		throw new ExpressionError(`a ${left.type} is compared with a ${right.type}`);
	}
	const ordered = operator !== '==' && operator !== '!=';
	if (ordered && left.type !== 'number') {
		throw new ExpressionError(`"${operator}" compares numbers, not a ${left.type}`);
	}
	if (units && left.type === 'number' && right.type === 'number') {
		same(left.quantity, right.quantity, `"${operator}"`);
	}
}

/** U3: what is added or compared has one dimension, and one unit where no constant was put in. */
function same(left: Quantity, right: Quantity, where: string): void {
	if (!left || !right) return;
	if (!sameDimensions(left.dimensions, right.dimensions)) {
		throw new ExpressionError(`${where} joins quantities of different kinds`);
	}
	if (left.factor !== null && right.factor !== null && !close(left.factor, right.factor)) {
		throw new ExpressionError(`${where} joins different units: multiply one side by the factor`);
	}
}

const close = (a: number, b: number) =>
	Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

function combine(
	node: Extract<Node, { kind: 'arithmetic' }>,
	left: Quantity,
	right: Quantity,
	checkUnits: boolean
): Quantity {
	switch (node.operator) {
		case '+':
		case '-':
			if (checkUnits) same(left, right, `"${node.operator}"`);
			return left ?? right;
		case '*':
			return product(left, right, 1);
		case '/':
			return product(left, right, -1);
		case '**': {
			if (!left) return null;
			const power = node.right.kind === 'literal' ? node.right.value : null;
			if (typeof power === 'number') return raised(left, power);
			if (checkUnits && Object.keys(left.dimensions).length > 0) {
				throw new ExpressionError('a quantity can only be raised to a number');
			}
			return null;
		}
	}
}

function product(left: Quantity, right: Quantity, sign: 1 | -1): Quantity {
	if (!left && !right) return null;
	const dimensions = multiplyDimensions(left?.dimensions ?? {}, right?.dimensions ?? {}, sign);
	const known = left?.factor != null && right?.factor != null;
	return { dimensions, factor: known ? (left.factor ?? 1) * (right.factor ?? 1) ** sign : null };
}

function raised(base: NonNullable<Quantity>, power: number): Quantity {
	const entries = Object.entries(base.dimensions).map(([key, n]) => [key, n * power] as const);
	return {
		dimensions: Object.fromEntries(entries.filter(([, n]) => n !== 0)),
		factor: base.factor === null ? null : base.factor ** power
	};
}

function inferCall(
	node: Extract<Node, { kind: 'call' }>,
	infer: (part: Node) => Inferred,
	number: (part: Node, where: string) => Quantity,
	checkUnits: boolean
): Inferred {
	const where = `${node.function}()`;
	const [first, second] = node.arguments;
	if (!first) return constant;
	switch (node.function) {
		case 'known':
			infer(first);
			return truth;
		case 'has':
			for (const part of node.arguments) infer(part);
			return truth;
		case 'count':
			for (const part of node.arguments) condition(infer(part), where);
			return plain;
		case 'either': {
			const types = node.arguments.map(infer).filter((type) => type.type !== 'null');
			if (new Set(types.map((type) => type.type)).size > 1) {
				throw new ExpressionError('either() chooses among values of one kind');
			}
			return types[0] ?? { type: 'null' };
		}
		case 'when':
			condition(infer(first), where);
			return second ? infer(second) : { type: 'null' };
		case 'worst':
		case 'number':
			for (const part of node.arguments) text(infer(part), where);
			return node.function === 'worst' ? { type: 'text' } : constant;
		case 'ln':
		case 'log10':
		case 'exp':
			number(first, where);
			return constant;
		case 'sqrt': {
			const quantity = number(first, where);
			return { type: 'number', quantity: quantity && raised(quantity, 0.5) };
		}
		case 'abs':
		case 'round':
			return { type: 'number', quantity: number(first, where) };
		case 'dot':
			return {
				type: 'number',
				quantity: product(list(infer(first)), list(second && infer(second)), 1)
			};
		case 'len':
			list(infer(first));
			return plain;
		case 'min':
		case 'max':
		case 'sum':
		case 'mean': {
			const type = infer(first);
			if (type.type === 'list' && !second) return { type: 'number', quantity: type.quantity };
			const quantities = node.arguments.map((part) => number(part, where));
			const known = quantities.find((quantity) => quantity !== null) ?? null;
			if (checkUnits) for (const quantity of quantities) same(known, quantity, where);
			return { type: 'number', quantity: known };
		}
	}
}

function text(type: Inferred, where: string): void {
	if (type.type !== 'text') throw new ExpressionError(`${where} needs a word, not a ${type.type}`);
}

function list(type: Inferred | undefined): Quantity {
	if (type?.type !== 'list')
		throw new ExpressionError(`needs a list, not a ${type?.type ?? 'nothing'}`);
	return type.quantity;
}

/** U4: whether what was inferred can be printed in a unit; null when it can, else what is wrong. */
export function unitMismatch(type: Inferred, unit: string): string | null {
	if (type.type !== 'number') return `yields a ${type.type}, not a number in ${unit}`;
	const wanted = parseUnit(unit);
	if (!wanted) return `unit "${unit}" is not known`;
	if (!type.quantity) return null;
	if (!sameDimensions(type.quantity.dimensions, wanted.dimensions)) {
		return `does not yield ${unit}: the inputs' units give another kind of quantity`;
	}
	if (type.quantity.factor !== null && !close(type.quantity.factor, wanted.factor)) {
		return `yields another unit than ${unit}: multiply by the factor`;
	}
	return null;
}
