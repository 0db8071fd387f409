/**
 * The language of formulas, rules and conditions: parsed by jsep, evaluated by us, never by the
 * platform. Rules E1–E12 in docs/worksheet-spec.md.
 */
import jsep from 'jsep';
import type { Expression as JsepNode } from 'jsep';
import {
	arity,
	callFunction,
	finite,
	functionNames,
	isFunctionName
} from './expression-functions.ts';
import type { FunctionName } from './expression-functions.ts';

/** What a name can stand for. Null is "not known". */
export type Value = number | boolean | string | readonly string[] | readonly number[] | null;

/** Gives the value of a name; null when there is none. Must not throw. */
export type Lookup = (name: string) => Value;

export type Arithmetic = '+' | '-' | '*' | '/' | '**';
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

export type Node =
	| { kind: 'literal'; value: number | boolean | string | null }
	| { kind: 'name'; name: string }
	| { kind: 'not'; operand: Node }
	| { kind: 'negate'; operand: Node }
	| { kind: 'arithmetic'; operator: Arithmetic; left: Node; right: Node }
	| { kind: 'comparison'; operator: Comparison; left: Node; right: Node }
	| { kind: 'logic'; operator: 'and' | 'or'; left: Node; right: Node }
	| { kind: 'call'; function: FunctionName; arguments: Node[] };

/** A text of a worksheet that is no expression; the message says what to write instead. */
export class ExpressionError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'ExpressionError';
	}
}

/** E11: the cost of an expression is bounded when it is read. */
const limits = { characters: 4000, nodes: 500, depth: 60 };

jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
jsep.addBinaryOp('or', 1);
jsep.addBinaryOp('and', 2);
for (const operator of ['==', '!=', '<', '<=', '>', '>=']) jsep.addBinaryOp(operator, 6);
for (const operator of ['+', '-']) jsep.addBinaryOp(operator, 9);
for (const operator of ['*', '/']) jsep.addBinaryOp(operator, 10);
jsep.addBinaryOp('**', 11, true);
jsep.addUnaryOp('-');
jsep.addUnaryOp('not');
jsep.addLiteral('null', null);

const arithmetic = new Set<string>(['+', '-', '*', '/', '**'] satisfies Arithmetic[]);
const comparisons = new Set<string>(['<', '<=', '>', '>=', '==', '!='] satisfies Comparison[]);

/**
 * Reads a formula, rule or condition.
 *
 * @throws ExpressionError whose message names the place and the remedy, for the worksheet's author.
 */
export function parseExpression(text: string): Node {
	const before = parsed.get(text);
	if (before) return before;
	const node = parse(text);
	// The texts of a library come back again and again; those of an author come and go.
	if (parsed.size >= 20_000) parsed.clear();
	parsed.set(text, node);
	return node;
}
const parsed = new Map<string, Node>();

function parse(text: string): Node {
	if (text.length > limits.characters) {
		throw new ExpressionError(`longer than ${limits.characters} characters: split it with "let"`);
	}
	let tree: JsepNode;
	try {
		tree = jsep(text);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new ExpressionError(`cannot be read (${reason.toLowerCase()})`);
	}
	const budget = { nodes: limits.nodes };
	return toNode(tree, budget, 0);
}

function toNode(tree: JsepNode, budget: { nodes: number }, depth: number): Node {
	if (--budget.nodes < 0 || depth > limits.depth) {
		throw new ExpressionError('too long or too deeply nested: split it with "let"');
	}
	const child = (part: unknown) => toNode(part as JsepNode, budget, depth + 1);
	switch (tree.type) {
		case 'Literal':
			return literal(tree.value);
		case 'Identifier':
			return { kind: 'name', name: String(tree.name) };
		case 'MemberExpression':
			return { kind: 'name', name: dottedName(tree) };
		case 'UnaryExpression': {
			const operand = child(tree.argument);
			return tree.operator === 'not' ? { kind: 'not', operand } : { kind: 'negate', operand };
		}
		case 'BinaryExpression':
			return binary(String(tree.operator), child(tree.left), child(tree.right));
		case 'CallExpression':
			return call(tree, (tree.arguments as JsepNode[]).map(child));
		case 'Compound':
			throw new ExpressionError(
				(tree.body as unknown[]).length === 0
					? 'is empty'
					: 'two expressions in a row: an operator such as "and" is missing'
			);
		default:
			throw new ExpressionError(`${tree.type} is not part of the language`);
	}
}

function literal(value: unknown): Node {
	if (value === null || typeof value === 'boolean' || typeof value === 'string') {
		return { kind: 'literal', value };
	}
	if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'literal', value };
	throw new ExpressionError(`"${String(value)}" is not a number`);
}

function dottedName(tree: JsepNode): string {
	if (tree.type === 'Identifier') return String(tree.name);
	if (tree.type !== 'MemberExpression' || tree.computed || tree.optional) {
		throw new ExpressionError('lists cannot be indexed: write the name of a field');
	}
	return `${dottedName(tree.object as JsepNode)}.${dottedName(tree.property as JsepNode)}`;
}

/** E9: what reads differently in other languages must be written with parentheses. */
function binary(operator: string, left: Node, right: Node): Node {
	if (operator === 'and' || operator === 'or') return { kind: 'logic', operator, left, right };
	if (left.kind === 'not') {
		throw new ExpressionError(
			`write "not (a ${operator} b)" or "(not a) and b": "not" binds first`
		);
	}
	if (comparisons.has(operator)) {
		if (left.kind === 'comparison' || right.kind === 'comparison') {
			throw new ExpressionError('comparisons cannot be chained: write "a < b and b < c"');
		}
		return { kind: 'comparison', operator: operator as Comparison, left, right };
	}
	if (operator === '**' && left.kind === 'negate') {
		throw new ExpressionError('write "-(a ** b)": it is not clear which comes first');
	}
	if (!arithmetic.has(operator)) throw new ExpressionError(`"${operator}" is not an operator`);
	return { kind: 'arithmetic', operator: operator as Arithmetic, left, right };
}

function call(tree: JsepNode, given: Node[]): Node {
	const name = dottedName(tree.callee as JsepNode);
	if (!isFunctionName(name)) {
		throw new ExpressionError(
			`there is no function "${name}"; there are ${functionNames.join(', ')}`
		);
	}
	const [fewest, most] = arity[name];
	if (given.length < fewest || given.length > most) {
		const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
		throw new ExpressionError(`${name}() takes ${wanted} arguments, here are ${given.length}`);
	}
	return { kind: 'call', function: name, arguments: given };
}

/**
 * The value of an expression. Total: for every tree and every lookup the answer is a finite number,
 * a boolean, a string, a list or null.
 */
export function evaluateNode(node: Node, lookup: Lookup): Value {
	switch (node.kind) {
		case 'literal':
			return node.value;
		case 'name':
			return node.name === 'pi' ? Math.PI : lookup(node.name);
		case 'not':
			return evaluateNode(node.operand, lookup) !== true; // E6
		case 'negate': {
			const operand = evaluateNode(node.operand, lookup);
			return typeof operand === 'number' ? -operand : null;
		}
		case 'arithmetic': {
			const left = evaluateNode(node.left, lookup);
			const right = evaluateNode(node.right, lookup);
			if (typeof left !== 'number' || typeof right !== 'number') return null; // E4
			return finite(compute(node.operator, left, right));
		}
		case 'comparison':
			return compare(
				node.operator,
				evaluateNode(node.left, lookup),
				evaluateNode(node.right, lookup)
			);
		case 'logic': {
			const left = evaluateNode(node.left, lookup) === true;
			if (left !== (node.operator === 'and')) return left;
			return evaluateNode(node.right, lookup) === true;
		}
		case 'call':
			return callFunction(
				node.function,
				node.arguments.map((argument) => evaluateNode(argument, lookup))
			);
	}
}

/** Whether a condition holds: only `true` does. */
export function holds(node: Node, lookup: Lookup): boolean {
	return evaluateNode(node, lookup) === true;
}

function compute(operator: Arithmetic, left: number, right: number): number {
	switch (operator) {
		case '+':
			return left + right;
		case '-':
			return left - right;
		case '*':
			return left * right;
		case '/':
			return left / right;
		case '**':
			return left ** right;
	}
}

/** E5: a comparison with null, or of different kinds, is false, also `!=`. */
function compare(operator: Comparison, left: Value, right: Value): boolean {
	if (left === null || right === null || typeof left !== typeof right) return false;
	if (typeof left === 'object' || typeof right === 'object') return false;
	if (operator === '==') return left === right;
	if (operator === '!=') return left !== right;
	if (typeof left !== 'number' || typeof right !== 'number') return false;
	switch (operator) {
		case '<':
			return left < right;
		case '<=':
			return left <= right;
		case '>':
			return left > right;
		case '>=':
			return left >= right;
	}
}

/** The names an expression reads, each once, in order of appearance. `pi` is not a name. */
export function namesIn(node: Node): string[] {
	const names = new Set<string>();
	visit(node, (part) => {
		if (part.kind === 'name' && part.name !== 'pi') names.add(part.name);
	});
	return [...names];
}

/** An expression and everything that it is made of. */
export function partsIn(node: Node): Node[] {
	const parts: Node[] = [];
	visit(node, (part) => {
		parts.push(part);
	});
	return parts;
}

/** Names without which there is no answer: not those of which only `known(…)` is asked. */
export function namesNeeded(node: Node): string[] {
	const names = new Set<string>();
	visit(node, (part) => {
		if (part.kind === 'name' && part.name !== 'pi') names.add(part.name);
		return !(part.kind === 'call' && part.function === 'known');
	});
	return [...names];
}

/** `see` answers `false` to leave out what is below a part. */
function visit(node: Node, see: (node: Node) => boolean | void): void {
	if (see(node) === false) return;
	switch (node.kind) {
		case 'literal':
		case 'name':
			return;
		case 'not':
		case 'negate':
			visit(node.operand, see);
			return;
		case 'call':
			for (const argument of node.arguments) visit(argument, see);
			return;
		default:
			visit(node.left, see);
			visit(node.right, see);
	}
}
