import { expect, it } from 'vitest';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { unconfirmedIn } from '$lib/worksheet/unconfirmed.ts';
import { alone } from '$lib/worksheet/cases.ts';
import { buildEntries, checkedLibrary, woman } from '../../support/worksheet.ts';

const { library } = checkedLibrary();
const sheetOf = (path: string) => {
	const template = library.sections.get(path);
	if (!template) throw new Error(`there is no section "${path}"`);
	return alone(library, path, template);
};

it('S8: a sentence whose own limit was not confirmed is unconfirmed', () => {
	const { statements } = evaluate(
		sheetOf('abdomen/spleen-adrenals'),
		buildEntries({ 'spleen_adrenals.spleen': 15, 'spleen_adrenals.left': 'nodule' }),
		woman
	);
	expect(Object.fromEntries(statements.map((each) => [each.id, each.unconfirmed]))).toEqual({
		'spleen_adrenals.large': true,
		'spleen_adrenals.left_line': false
	});
});

it('lists such sentences with the other unconfirmed facts, of a table once', () => {
	const names = (path: string) =>
		unconfirmedIn(sheetOf(path))
			.filter(({ part }) => part === 'statement')
			.map(({ id }) => id);
	expect(names('abdomen/spleen-adrenals')).toEqual([
		'spleen_adrenals.large',
		'spleen_adrenals.normal_size'
	]);
	expect(names('dental/pockets')).toEqual(['pocket.line_t18']);
});
