import type { Entry, Sample } from './entry.ts';

/** What was drawn for an entry: its beats, or the one that it is; nothing where none was drawn. */
export function beatsIn(entry: Entry): readonly Sample[] {
	const { value, source, samples } = entry;
	if (source.kind !== 'caliper' || typeof value !== 'number') return [];
	return samples.length > 0 ? samples : [{ value, selected: true, source }];
}

/** Whether a beat is made of one of these drawings: drawn anew, it takes its place. */
export const isOf = ({ source }: Sample, annotationIds: readonly string[]): boolean =>
	source.kind === 'caliper' &&
	[source.annotationId, ...(source.also ?? [])].some((id) => annotationIds.includes(id));

/**
 * An entry of one beat together with earlier ones: their mean counts, each stays with its source.
 * Without earlier ones it is what it was.
 */
export function meanOf(entry: Entry, before: readonly Sample[]): Entry {
	if (before.length === 0 || typeof entry.value !== 'number') return entry;
	const own: Sample = { value: entry.value, selected: true, source: entry.source };
	const samples = [...before, own];
	const counted = samples.filter(({ selected }) => selected).map(({ value }) => value);
	const value = counted.reduce((sum, each) => sum + each, 0) / counted.length;
	return { ...entry, value, samples, derivation: 'mean' };
}

/** Half the way from the least to the most: what stands behind "±". Null for a single beat. */
export function spreadOf(samples: readonly Sample[]): number | null {
	const values = samples.filter(({ selected }) => selected).map(({ value }) => value);
	return values.length > 1 ? (Math.max(...values) - Math.min(...values)) / 2 : null;
}
