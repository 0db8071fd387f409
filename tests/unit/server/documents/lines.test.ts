import { describe, expect, it } from 'vitest';
import { breakLines, visualOrder } from '$lib/server/documents/pdf/lines.ts';

/** Every character is one wide. */
const widthOf = (text: string) => text.length;
const lines = (text: string, width: number) =>
	breakLines(text, width, widthOf).map((line) => line.text);

describe('lines of a paragraph', () => {
	it('end between words and fit the width', () => {
		expect(lines('the left ventricle is dilated', 12)).toEqual([
			'the left',
			'ventricle is',
			'dilated'
		]);
	});

	it('keep the line ends and the empty lines that were typed', () => {
		expect(lines('one\r\n\ntwo', 10)).toEqual(['one', '', 'two']);
	});

	it('never part a number from its unit, nor a unit in itself', () => {
		expect(lines('mass index 120 g/m², wall', 16)).toEqual(['mass index', '120 g/m², wall']);
		expect(lines('velocity of 246 cm/s now', 14)).toEqual(['velocity of', '246 cm/s now']);
	});

	it('cut a word that is wider than a line, and lose no character', () => {
		const word = 'x'.repeat(25);
		expect(lines(word, 10).map((line) => line.length)).toEqual([10, 10, 5]);
	});

	it('end between ideographs, but not before a full stop', () => {
		expect(lines('左心室大小正常。', 7)).toEqual(['左心室大小正', '常。']);
	});
});

describe('right-to-left text', () => {
	const order = (text: string) =>
		breakLines(text, 1_000, widthOf).flatMap((line) => visualOrder(line));

	it('stands with its first word at the right', () => {
		expect(order('دوד אב')).toEqual(['אב', ' ', 'دوד']);
	});

	it('keeps numbers and Latin words as they are read', () => {
		expect(order('כהן EF 55').join('|')).toBe('EF 55| |כהן');
	});

	it('leaves a line of another script as it is', () => {
		expect(order('EF 55 %')).toEqual(['EF 55 %']);
	});
});
