import { expect, it } from 'vitest';
import { partsOf } from '$lib/worksheet/compose.ts';
import { evaluateNode, namesIn, parseExpression } from '$lib/worksheet/expression.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { worksheetFiles } from '../../support/worksheet.ts';

const { library } = readLibrary(new Map(worksheetFiles()));

/** A score counts as the number that its code is, as it does in a calculation. */
const given = (value: number | string | string[] | undefined) =>
	typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : (value ?? null);

// An example of a repeated section may name the fields of one row; it then speaks for all of them.
it('the worked examples of calculations at fields come out', () => {
	const wrong = new Set<string>();
	const tried = new Set<string>();
	const all = new Set<string>();
	for (const sheet of library.worksheets.values()) {
		for (const { section } of partsOf(library, sheet).parts) {
			section.value.fields.forEach((field, index) => {
				if (typeof field === 'string' || !field.calculation) return;
				const node = parseExpression(field.calculation.expression);
				const names = namesIn(node);
				const place = `${section.file}:${section.line(['fields', index])}`;
				for (const example of field.calculation.examples) {
					const key = `${place} ${JSON.stringify(example)}`;
					all.add(key);
					if (!Object.keys(example.in).every((name) => names.includes(name))) continue;
					tried.add(key);
					const result = evaluateNode(node, (name) => given(example.in[name]));
					const isRight = Math.abs(Number(result) - example.out) <= example.tol + 1e-9;
					if (result === null || !isRight) {
						wrong.add(`${place} ${field.id} is ${JSON.stringify(result)}, not ${example.out}`);
					}
				}
			});
		}
	}
	expect([...wrong]).toEqual([]);
	expect([...all].filter((key) => !tried.has(key))).toEqual([]);
	expect(all.size).toBeGreaterThan(0);
}, 60_000);
