import { expect, it } from 'vitest';
import { wordScore } from '$lib/ui/word-score.ts';

it('letters scattered over a text are no answer', () => {
	expect(wordScore('SBP Systolic blood pressure, arm, at the study', 'mass')).toBe(0);
});

it('the start of the text comes before the start of a word, and that before its middle', () => {
	const at = (text: string) => wordScore(text, 'mass');
	expect(at('mass index')).toBeGreaterThan(at('LV mass'));
	expect(at('LV mass')).toBeGreaterThan(at('biomass'));
	expect(at('biomass')).toBeGreaterThan(0);
});

it('every word has to occur, in any order', () => {
	expect(wordScore('LV end-diastolic volume', 'volume lv')).toBeGreaterThan(0);
	expect(wordScore('LV end-diastolic volume', 'volume rv')).toBe(0);
});
