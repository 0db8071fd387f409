import type { Band } from './definition.ts';

export function isInBand(value: number, band: Band): boolean {
	if (band.ge !== undefined && value < band.ge) return false;
	if (band.gt !== undefined && value <= band.gt) return false;
	if (band.le !== undefined && value > band.le) return false;
	if (band.lt !== undefined && value >= band.lt) return false;
	return true;
}

/** Name of the first band that holds a value already rounded to the bands' decimals. */
export function bandOf(value: number, bands: Record<string, Band>): string | null {
	for (const [name, band] of Object.entries(bands)) {
		if (isInBand(value, band)) return name;
	}
	return null;
}

/** On which side of a band a value lies; null inside it. */
export function sideOf(value: number, band: Band): 'high' | 'low' | null {
	if (isInBand(value, band)) return null;
	const { ge, gt, le, lt } = band;
	const isAbove = (le !== undefined && value > le) || (lt !== undefined && value >= lt);
	return isAbove && (ge ?? gt ?? -Infinity) <= value ? 'high' : 'low';
}

/** What a threshold leaves: abnormal above 2.8 means normal up to and including 2.8. */
export function complement(abnormal: Band): Band {
	if (abnormal.gt !== undefined) return { le: abnormal.gt };
	if (abnormal.ge !== undefined) return { lt: abnormal.ge };
	if (abnormal.lt !== undefined) return { ge: abnormal.lt };
	if (abnormal.le !== undefined) return { gt: abnormal.le };
	return {};
}
