import type { Measurement } from '../worksheet/definition.ts';
import type { PracticeSettings } from './practice-settings.ts';
import { convert } from '../worksheet/units.ts';

/** In place of a value that somebody looked for and could not see. */
export const notWellSeen = 'not well seen';

/** A number as it is shown and printed. */
export interface Shown {
	text: string;
	unit: string;
	decimals: number;
}

type Display = PracticeSettings['display'];

/** UCUM as people write it. */
const unitTexts: Record<string, string> = {
	'1': '',
	'mm[Hg]': 'mmHg',
	'/min': 'bpm',
	'{H.B.}/min': 'bpm',
	m2: 'm²',
	cm2: 'cm²',
	'cm2/m2': 'cm²/m²',
	'ml/m2': 'mL/m²',
	'g/m2': 'g/m²',
	'g{per_m2.7}': 'g/m²·⁷',
	'cm/m2': 'cm/m²',
	'mm/m2': 'mm/m²',
	'l/min/m2': 'L/min/m²',
	'L/min/m2': 'L/min/m²',
	'mm[Hg]/s': 'mmHg/s',
	a: 'y',
	deg: '°',
	'[diop]': 'D',
	'[Ch]': 'Ch',
	"[hnsf'U]": 'HU'
};

export function unitText(ucum: string | null): string {
	if (ucum === null) return '';
	return (
		unitTexts[ucum] ??
		ucum
			.replace(/\{[^}]*\}/g, '')
			.replaceAll('mm[Hg]', 'mmHg')
			.replaceAll('.', '·')
			.replace(/(?<=[A-Za-z])[23](?!\d)/g, (digit) => (digit === '2' ? '²' : '³'))
	);
}

/**
 * Half-up rounding, sign-symmetric: 0.125 to two decimals is 0.13 and −0.125 is −0.13, however the
 * binary fraction falls.
 */
export function roundHalfUp(value: number, decimals: number): number {
	const scale = 10 ** decimals;
	// The nudge is far below any clinical precision and far above the error of one multiplication.
	const scaled = Math.abs(value) * scale;
	return (Math.sign(value) * Math.floor(scaled + 0.5 + 1e-9)) / scale;
}

export function formatNumber(value: number, decimals: number): string {
	const rounded = roundHalfUp(value, decimals);
	return (Object.is(rounded, -0) ? 0 : rounded).toFixed(decimals).replace('-', '−');
}

/**
 * The unit in which a practice wants a measurement, one of the dictionary's display units. Lengths
 * in cm and velocities in m/s follow the practice. What the dictionary keeps in mm (intima, TAPSE)
 * or in cm/s (tissue, venous and carotid velocities) stays so, the way everyone reads it, unless the
 * practice wants the smaller unit everywhere.
 */
export function displayUnit(measurement: Measurement, display: Display): string {
	const { unit, displayUnits } = measurement;
	if (unit === null) return '';
	const wanted = unit === 'cm' ? display.length : unit === 'm/s' ? display.velocity : unit;
	return displayUnits.includes(wanted) ? wanted : unit;
}

/** How many decimals more (or fewer) a value needs when it leaves its canonical unit. */
function shiftOfDecimals(from: string, to: string): number {
	const factor = convert(1, from, to);
	return factor === null || factor <= 0 ? 0 : -Math.round(Math.log10(factor));
}

/** A value in its canonical unit, as text in the practice's unit. */
export function show(value: number, measurement: Measurement, display: Display): Shown {
	const canonical = measurement.unit ?? '';
	const unit = displayUnit(measurement, display);
	const base = measurement.decimals ?? 1;
	const converted = unit === canonical ? value : convert(value, canonical, unit);
	if (converted === null) {
		return { text: formatNumber(value, base), unit: unitText(canonical), decimals: base };
	}
	const decimals = Math.min(4, Math.max(0, base + shiftOfDecimals(canonical, unit)));
	return { text: formatNumber(converted, decimals), unit: unitText(unit), decimals };
}
