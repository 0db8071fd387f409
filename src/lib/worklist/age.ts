/**
 * Completed years between two ISO dates. Null when either is missing or the birth is later. Born on
 * 29 February: a year older on 1 March of common years.
 */
export function ageYears(birthDate: string | null, onDate: string | null): number | null {
	if (!birthDate || !onDate) return null;
	const [by = NaN, bm = NaN, bd = NaN] = birthDate.split('-').map(Number);
	const [y = NaN, m = NaN, d = NaN] = onDate.split('-').map(Number);
	const years = y - by - (m < bm || (m === bm && d < bd) ? 1 : 0);
	return Number.isFinite(years) && years >= 0 ? years : null;
}
