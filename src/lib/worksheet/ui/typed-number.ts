import { convert } from '../units.ts';
import type { Measurement } from '../definition.ts';

/** What a person typed into a number's field, in the canonical unit of its measurement. */
export type Typed =
	| { kind: 'empty' }
	| { kind: 'value'; value: number; range: { low: number; high: number } | null }
	| { kind: 'not-a-number' }
	| { kind: 'unknown-unit'; unit: string };

const number = String.raw`[-−+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)`;
const pattern = new RegExp(
	`^(${number})(?:\\s*(?:-|–|to)\\s*(${number}))?\\s*([^\\d\\s].*)?$`,
	'u'
);

/** Units as people type them, in UCUM. */
const typedUnits: Record<string, string> = {
	'': '',
	mmhg: 'mm[Hg]',
	'cm²': 'cm2',
	'm²': 'm2',
	bpm: '/min',
	ml: 'mL',
	msec: 'ms',
	sec: 's'
};

/**
 * `4.9`, `4,9`, `49 mm`, `50-55`. A bare number is in the unit shown beside the field; a typed unit
 * is converted. A range is a visual estimate, and its middle is what the engine computes with.
 */
export function parseTyped(
	text: string,
	measurement: Pick<Measurement, 'unit' | 'magnitude'>,
	shownUnit: string
): Typed {
	const trimmed = text.trim();
	if (trimmed === '') return { kind: 'empty' };
	const match = pattern.exec(trimmed);
	if (!match) return { kind: 'not-a-number' };
	const [, first = '', second, unitText = ''] = match;
	const unit = typedUnits[unitText.trim().toLowerCase()] ?? unitText.trim();
	const canonical = measurement.unit ?? '1';
	const from = unit === '' ? shownUnit || canonical : unit;

	const read = (typed: string): number | null => {
		const plain = Number(typed.replace(',', '.').replace('−', '-'));
		const value = from === canonical ? plain : convert(plain, from, canonical);
		if (value === null || !Number.isFinite(value)) return null;
		return measurement.magnitude ? Math.abs(value) : value;
	};
	const low = read(first);
	if (low === null) return { kind: 'unknown-unit', unit: unitText.trim() };
	if (second === undefined) return { kind: 'value', value: low, range: null };
	const high = read(second);
	if (high === null || high < low) return { kind: 'not-a-number' };
	return { kind: 'value', value: (low + high) / 2, range: { low, high } };
}
