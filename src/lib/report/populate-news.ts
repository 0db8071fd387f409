import type { Entries, Entry } from '../worksheet/entry.ts';
import { sameValue } from './populate-warnings.ts';

/**
 * Of what a later arrival says, only what is new: a value that already stands in its field, whoever
 * put it there, would be a suggestion that suggests nothing. Entries that are there already keep
 * their place, so that arriving twice changes nothing.
 */
export function newsOf(
	existing: Entries,
	incoming: Readonly<Record<string, readonly Entry[]>>
): Record<string, Entry[]> {
	const news: Record<string, Entry[]> = {};
	for (const [field, entries] of Object.entries(incoming)) {
		const held = existing[field] ?? [];
		const fresh = entries.filter(
			(entry) => !held.some((one) => one.id !== entry.id && sameValue(one.value, entry.value))
		);
		if (fresh.length > 0) news[field] = fresh;
	}
	return news;
}
