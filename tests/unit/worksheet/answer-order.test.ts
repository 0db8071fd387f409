import { describe, expect, it } from 'vitest';
import { inOrder } from '$lib/worksheet/answer-order.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { wholeLibrary } from '../../support/worksheet.ts';

const { library } = wholeLibrary();

const codes = (...written: string[]) =>
	inOrder(
		Object.keys(Object.fromEntries(written.map((code) => [code, true]))).map((code) => ({ code }))
	)
		.map(({ code }) => code)
		.join(' ');

describe('W10: the order of answers', () => {
	it('is that of the scale where whole numbers and others are mixed', () => {
		expect(codes('0', '1', '2', '3', '4A', '4B', '4C', '5', '6')).toBe('0 1 2 3 4A 4B 4C 5 6');
		expect(codes('0', '1', '2a', '2b', '2b67', '2c', '3')).toBe('0 1 2a 2b 2b67 2c 3');
		expect(codes('none', '1', '2', '3', 'mixed')).toBe('none 1 2 3 mixed');
		expect(codes('not_done', '0', '1', '2')).toBe('not_done 0 1 2');
		expect(codes('0', '1', '5', 'nd', 'absent')).toBe('0 1 5 nd absent');
	});

	it('is that of the file where they are not', () => {
		expect(codes('severe', 'none', 'mild')).toBe('severe none mild');
		expect(codes('0', '1', '2')).toBe('0 1 2');
	});

	it('holds in the sheets: BI-RADS 4A stands before 5', () => {
		const sheet = resolveWorksheet(library, 'axilla-us');
		const fields = sheet?.sections.flatMap((section) => section.fields) ?? [];
		const category = fields.find(({ options }) => options.some(({ code }) => code === '4a'));
		expect(category?.options.map(({ code }) => code)).toEqual([
			'0',
			'1',
			'2',
			'3',
			'4a',
			'4b',
			'4c',
			'5',
			'6'
		]);
	});
});
