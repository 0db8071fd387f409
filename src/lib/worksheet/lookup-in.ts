import type { Evaluation } from './evaluation.ts';
import type { Lookup } from './expression.ts';
import { gradeFact } from './grade-fact.ts';
import { roundHalfUp } from './numbers.ts';
import type { Program } from './program.ts';

/**
 * Names of conditions, answered out of a finished evaluation, for what runs after it: one-click
 * normal, and `visibleWhen` on the sheet. Facts about patient and options answer null here.
 */
export function lookupIn(program: Program, evaluation: Evaluation): Lookup {
	return (name) => {
		if (Object.hasOwn(evaluation.values, name)) {
			const value = evaluation.values[name]?.value ?? null;
			const decimals = program.measurementOf(name)?.decimals;
			return typeof value === 'number' && decimals != null ? roundHalfUp(value, decimals) : value;
		}
		const dot = name.indexOf('.');
		const head = name.slice(0, dot);
		const rest = name.slice(dot + 1);
		switch (head) {
			case 'flag':
				return evaluation.flags[rest]?.severity ?? null;
			case 'side':
				return evaluation.flags[rest]?.side ?? null;
			case 'method':
				return evaluation.values[rest]?.method ?? null;
			default: {
				const grade = program.grades.get(head);
				const result = evaluation.grades.find(({ id }) => id === head);
				return grade ? gradeFact(grade, result ?? null, rest) : null;
			}
		}
	};
}
