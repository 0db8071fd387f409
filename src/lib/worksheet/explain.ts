/** An expression in the words of the sheet, with the values put in: "LVMI 120 g/m2 > 95". */
import type { Node } from './expression.ts';

const signs: Record<string, string> = {
	'<=': '≤',
	'>=': '≥',
	'!=': '≠',
	'==': '=',
	'*': '×',
	'-': '−'
};

/** How a name reads: "LVMI 120", "GLS not known"; without its value where only that matters. */
export type Describe = (name: string, withValue: boolean) => string;

export function explain(node: Node, describe: Describe): string {
	const text = (part: Node) => explain(part, describe);
	switch (node.kind) {
		case 'literal':
			return String(node.value);
		case 'name':
			return node.name === 'pi' ? 'π' : describe(node.name, true);
		case 'not':
			return `not ${wrapped(node.operand, text)}`;
		case 'negate':
			return `−${wrapped(node.operand, text)}`;
		case 'call':
			return node.function === 'known' && node.arguments[0]?.kind === 'name'
				? `${describe(node.arguments[0].name, false)} is known`
				: `${node.function}(${node.arguments.map(text).join(', ')})`;
		case 'logic':
			return `${inner(node.left, node.operator, text)} ${node.operator} ${inner(node.right, node.operator, text)}`;
		default: {
			const sign = signs[node.operator] ?? node.operator;
			return `${wrapped(node.left, text)} ${sign} ${wrapped(node.right, text)}`;
		}
	}
}

function wrapped(node: Node, text: (node: Node) => string): string {
	const isSimple = node.kind === 'literal' || node.kind === 'name' || node.kind === 'call';
	return isSimple ? text(node) : `(${text(node)})`;
}

function inner(node: Node, operator: string, text: (node: Node) => string): string {
	return node.kind === 'logic' && node.operator !== operator ? `(${text(node)})` : text(node);
}
