import type { Derivation, Entry, Sample } from '../worksheet/entry.ts';
import type { Reading } from './populate-reading.ts';

/**
 * The one reading that a field shows: the one that the sender selected, else its mean, else the last
 * in document order. Never an average of ours: machines send sample and mean of the same beat.
 */
export function chooseReading(readings: readonly Reading[]): Reading {
	const [first, ...rest] = readings;
	if (!first) throw new Error('A field without readings has nothing to choose from.');
	return rest.reduce((best, one) => (one.rank >= best.rank ? one : best), first);
}

/** The entry of the chosen reading, with every reading that was not derived from others as a sample. */
export function toEntry(chosen: Reading, all: readonly Reading[], at: string): Entry {
	return {
		id: `sr:${chosen.source.sopInstanceUid}:${chosen.source.contentPath}`,
		value: chosen.value,
		unit: chosen.unit,
		asSent: chosen.asSent,
		samples: samplesOf(chosen, all),
		derivation: derivationOf(chosen, all),
		range: null,
		status: chosen.status,
		source: chosen.source,
		by: null,
		at,
		suggestion: false
	};
}

function derivationOf(chosen: Reading, all: readonly Reading[]): Derivation {
	const isUnmarked = chosen.rank === 0 && chosen.derivation === 'single';
	return isUnmarked && all.length > 1 ? 'last' : chosen.derivation;
}

function samplesOf(chosen: Reading, all: readonly Reading[]): Sample[] {
	if (all.length < 2) return [];
	return all.flatMap((reading) => {
		const isSelected = reading === chosen;
		if (typeof reading.value !== 'number' || (isSelected && reading.derivation === 'mean'))
			return [];
		return [{ value: reading.value, selected: isSelected, source: reading.source }];
	});
}
