import type { Grade } from './definition.ts';
import type { GradeResult } from './evaluation.ts';
import type { Value } from './expression.ts';

/**
 * What a condition may ask of a grade: its answers by key; of a table also `worst` and `least` of its
 * parameters' grades, `count` and `disagree`.
 */
export function gradeFact(grade: Grade, result: GradeResult | null, key: string): Value {
	if (!result) return null;
	if (result.grade && Object.hasOwn(result.grade, key)) return result.grade[key] ?? null;
	if (key === 'disagree') return result.disagree;
	if (key === 'count') return result.parameters.length;
	const order = gradeOrder(grade);
	const ranked = result.parameters
		.map((parameter) => parameter.grade)
		.sort((a, b) => order.indexOf(a) - order.indexOf(b));
	if (key === 'worst') return ranked[ranked.length - 1] ?? null;
	return key === 'least' ? (ranked[0] ?? null) : null;
}

/** All grades of a table, best first, as the parameter with most of them lists them. */
export function gradeOrder({ parameters }: Grade): string[] {
	const lists = parameters.map(({ bands, codes }) => [
		...Object.keys(bands),
		...Object.values(codes ?? {})
	]);
	return [...new Set(lists.sort((a, b) => b.length - a.length).flat())];
}
