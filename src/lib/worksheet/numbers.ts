/**
 * Rounds half away from zero: 2.65 → 2.7, and −16.5 → −17, because strain is printed and judged by
 * its magnitude. The value is first taken to 12 digits: 2.6499999999999995 out of a division is
 * 2.65. Published bands are stated at print precision, so every comparison rounds first.
 */
export function roundHalfUp(value: number, decimals: number): number {
	const clean = Math.abs(Number(value.toPrecision(12)));
	const text = String(clean);
	// Numbers in exponent notation are too large or too small for a decimal shift to matter.
	if (text.includes('e')) return clean < 1 ? 0 : value;
	const rounded = Number(`${Math.round(Number(`${text}e${decimals}`))}e${-decimals}`);
	return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** As printed: fixed decimals, rounded as above, with a hyphen for minus. */
export function formatNumber(value: number, decimals: number): string {
	return roundHalfUp(value, decimals).toFixed(Math.max(0, Math.min(6, decimals)));
}
