import { globSync, readFileSync } from 'node:fs';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

/** Attributes whose value a person reads or hears. */
const spoken = new Set([
	'title',
	'alt',
	'placeholder',
	'label',
	'text',
	'aria-label',
	'description'
]);
/** Letters of some script; signs, digits and arrows need no translation. */
const letters = /\p{L}{2,}/u;
/** Echo's and our own shorthand is the same in every language. */
const names = new Set(['Readroom']);

interface Literal {
	text: string;
	where: string;
}

type Node = { type: string } & Record<string, unknown>;

/** Every literal text in the markup of a component, its script and style left out. */
export function literalsIn(source: string): Literal[] {
	const { fragment } = parse(source, { modern: true }) as unknown as { fragment: AST.Fragment };
	const found: Literal[] = [];
	const visit = (node: unknown, where: string): void => {
		if (Array.isArray(node)) for (const child of node) visit(child, where);
		if (typeof node !== 'object' || node === null || !('type' in node)) return;
		const { type } = node as Node;
		if (type === 'Text') note(String((node as Node).data), where);
		if (type === 'Attribute') return visitAttribute(node as Node);
		if (['StyleDirective', 'ClassDirective', 'Comment'].includes(type)) return;
		// `style:width={…}` is a directive; `style="…"` and `class="…"` are attributes that nobody reads.
		for (const [key, value] of Object.entries(node)) {
			if (['start', 'end', 'loc', 'parent', 'metadata'].includes(key)) continue;
			visit(value, String((node as Node).name ?? where));
		}
	};
	const visitAttribute = (node: Node) => {
		const name = String(node.name);
		const { value } = node;
		if (!Array.isArray(value)) {
			// `{expression}`: only conditional literals, such as `title={a ? 'x' : m.y()}`.
			if (spoken.has(name)) visitExpression(value, name);
			else visit((value as Node | undefined)?.expression, name);
			return;
		}
		for (const part of value as Node[]) {
			if (part.type === 'Text' && spoken.has(name)) note(String(part.data), name);
			if (part.type === 'ExpressionTag' && spoken.has(name)) visitExpression(part, name);
		}
	};
	const visitExpression = (node: unknown, where: string) => {
		const walk = (value: unknown): void => {
			if (Array.isArray(value)) return value.forEach(walk);
			if (typeof value !== 'object' || value === null) return;
			const { type } = value as Node;
			if (type === 'CallExpression' || type === 'BinaryExpression' || type === 'MemberExpression')
				return;
			if (type === 'Literal' && typeof (value as Node).value === 'string')
				note(String((value as Node).value), where);
			for (const [key, child] of Object.entries(value))
				if (!['loc', 'parent', 'metadata', 'test'].includes(key)) walk(child);
		};
		walk(node);
	};
	const note = (text: string, where: string) => {
		const trimmed = text.trim();
		if (letters.test(trimmed) && !names.has(trimmed)) found.push({ text: trimmed, where });
	};
	visit(fragment, 'root');
	return found;
}

const components = globSync('src/**/*.svelte').filter(
	(file) => !file.startsWith('src/routes/dev/')
);

describe('texts come from the messages', () => {
	it('finds a literal where there is one', () => {
		expect(literalsIn('<p>Hello there</p>')).toHaveLength(1);
		expect(literalsIn('<img alt="A heart" />')).toHaveLength(1);
		expect(literalsIn('<Button label={busy ? "Wait" : m.go()}>{m.go()}</Button>')).toHaveLength(1);
		expect(literalsIn('<p class="text-ink">{m.x()} 4.9 ↑</p>')).toEqual([]);
	});

	it.each(components)('%s holds no literal text', (file) => {
		expect(literalsIn(readFileSync(file, 'utf8'))).toEqual([]);
	});
});
