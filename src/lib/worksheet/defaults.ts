import type { ResolvedWorksheet } from './definition.ts';

/** Z1: what a new report begins with, by field. */
export function defaultsOf({ sections }: ResolvedWorksheet): Record<string, string | string[]> {
	return Object.fromEntries(
		sections
			.flatMap(({ fields }) => fields)
			.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value] as const]))
	);
}
