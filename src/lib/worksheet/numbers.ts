/**
 * Rounds half away from zero: 2.65 → 2.7, and −16.5 → −17, because strain is printed and judged by
 * its magnitude. What lies within a trillionth of a half counts as the half: 2.6499999999999995 out
 * of a division is 2.65. Published bands are stated at print precision, so every comparison rounds.
 */
export function roundHalfUp(value: number, decimals: number): number {
	const scale = 10 ** decimals;
	const scaled = Math.abs(value) * scale;
	// Beyond 2^53 there is no fraction left to round.
	if (scaled > Number.MAX_SAFE_INTEGER) return value;
	const rounded = Math.round(scaled * (1 + 1e-12)) / scale;
	return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** As printed: fixed decimals, rounded as above, with a hyphen for minus. */
export function formatNumber(value: number, decimals: number): string {
	return roundHalfUp(value, decimals).toFixed(Math.max(0, Math.min(6, decimals)));
}
