import { describe, expect, it } from 'vitest';
import {
	abbreviationSchema,
	fillMacro,
	macroFor,
	nextPlaceholder,
	typedAbbreviation,
	typedSearch
} from '$lib/report/macro.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';

const values: Record<string, string> = { lvef: '55 %', geometry: 'Concentric', lvot: 'LVOT' };
const valueOf = (slot: string) => values[slot] ?? null;

describe('a macro', () => {
	it('is filled with the values of the sheet', () => {
		expect(fillMacro('LVEF {lvef}.', valueOf)).toEqual({ text: 'LVEF 55 %.', select: [10, 10] });
	});

	it('leaves an open place for what is not known, and selects the first', () => {
		expect(fillMacro('EF {lvef}, GLS {gls}, MR {_}.', valueOf)).toEqual({
			text: 'EF 55 %, GLS ▢, MR ▢.',
			select: [13, 14]
		});
	});

	it('puts the cursor where it says, once nothing is open', () => {
		expect(fillMacro('EF {lvef}: {|} today.', valueOf).select).toEqual([9, 9]);
	});

	it('begins an answer small within a sentence and large at its beginning', () => {
		expect(fillMacro('{geometry}. It is {geometry}. {geometry} {lvot}', valueOf).text).toBe(
			'Concentric. It is concentric. Concentric LVOT'
		);
	});

	it('is not a template language: other braces stay', () => {
		expect(fillMacro('{ } {} a}b{', valueOf).text).toBe('▢ {} a}b{');
	});

	it('is typed as a dot and its abbreviation at the beginning of a word', () => {
		expect(typedAbbreviation('Normal. .NEF', 12)).toEqual({ from: 8, abbreviation: 'nef' });
		expect(typedAbbreviation('.nef', 4)).toEqual({ from: 0, abbreviation: 'nef' });
		expect(typedAbbreviation('0.5', 3)).toBeNull();
		expect(typedAbbreviation('etc.nef', 7)).toBeNull();
		expect(typedAbbreviation('. ', 2)).toBeNull();
	});

	it('is searched for from a stroke at the beginning of a word', () => {
		expect(typedSearch('See /ao', 7)).toEqual({ from: 4, query: 'ao' });
		expect(typedSearch('/', 1)).toEqual({ from: 0, query: '' });
		expect(typedSearch('m/s', 3)).toBeNull();
		expect(typedSearch('/ao ', 4)).toBeNull();
	});

	it('is one’s own before that of the group, and that before the practice’s', () => {
		const of = (owner: TextOwner) => ({ abbreviation: 'nef', owner });
		const all = [of({ kind: 'practice' }), of({ kind: 'person' })];
		expect(macroFor(all, 'nef')?.owner.kind).toBe('person');
		expect(macroFor(all, 'x')).toBeNull();
	});

	it('has an abbreviation that can be typed', () => {
		expect(abbreviationSchema.parse(' NEF ')).toBe('nef');
		for (const wrong of ['', 'a b', '.a', '-a', 'a'.repeat(25)])
			expect(abbreviationSchema.safeParse(wrong).success).toBe(false);
	});

	it('leads from one open place to the next and round again', () => {
		expect(nextPlaceholder('a ▢ b ▢', 3)).toEqual([6, 7]);
		expect(nextPlaceholder('a ▢ b ▢', 7)).toEqual([2, 3]);
		expect(nextPlaceholder('none', 0)).toBeNull();
	});
});
