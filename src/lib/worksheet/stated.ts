import type { Evaluation } from './evaluation.ts';

/** Z2: whether anybody or anything but a default says so: only that was seen, or is an answer. */
export function isStated({ values }: Pick<Evaluation, 'values'>, field: string): boolean {
	const resolved = Object.hasOwn(values, field) ? values[field] : undefined;
	return resolved !== undefined && resolved.from !== 'default';
}
