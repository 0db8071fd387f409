import { expect, it } from 'vitest';
import { partsOf } from '$lib/worksheet/compose.ts';
import { namesIn, parseExpression } from '$lib/worksheet/expression.ts';
import type { Node } from '$lib/worksheet/expression.ts';
import { wholeLibrary } from '../../support/worksheet.ts';

const { library } = wholeLibrary();
const branches = (node: Node): Node[] =>
	node.kind === 'logic' && node.operator === 'or'
		? [...branches(node.left), ...branches(node.right)]
		: [node];

/** A score is written whole; an index has no value without the diameter; a lesion is told by its size. */
const whole = /^(enzian\.line|tr_detail\.wide|focal\.line_\d)$/;

it('S4: a sentence about one thing or another does not wait for both', { timeout: 60_000 }, () => {
	const waiting = new Set<string>();
	for (const sheet of library.worksheets.values()) {
		for (const { section } of partsOf(library, sheet).parts) {
			for (const { id, when, text, slots } of section.value.statements) {
				const reasons = branches(parseExpression(when)).map(namesIn);
				const needed = (text.en ?? '').replace(/\[[^\]]*\]/g, '').matchAll(/\{(\w+)\}/g);
				for (const [, slot = ''] of needed) {
					const field = slots[slot] ?? '';
					const isReason = reasons.some((names) => names.includes(field));
					if (isReason && !reasons.every((names) => names.includes(field))) waiting.add(id);
				}
			}
		}
	}
	expect([...waiting].filter((id) => !whole.test(id))).toEqual([]);
});
