import type { Entry } from '../worksheet/entry.ts';
import type { FieldIndex } from './populate-fields.ts';
import type { Population } from './populate-result.ts';

/** Attributes of one object of the study. */
export interface HeaderValues {
	sopInstanceUid: string;
	heightCm: number | null;
	weightKg: number | null;
	/** (0018,1088) of a loop at rest; null for every other. */
	heartRate: number | null;
}

const attributes = [
	{ measurement: 'height', tag: '00101020', unit: 'cm', value: (h: HeaderValues) => h.heightCm },
	{ measurement: 'weight', tag: '00101030', unit: 'kg', value: (h: HeaderValues) => h.weightKg },
	{ measurement: 'hr', tag: '00181088', unit: '/min', value: (h: HeaderValues) => h.heartRate }
] as const;

/**
 * Height, weight and heart rate from object attributes, where no report gave them. One that differs
 * from the report's stays as a suggestion: the sonographer may have typed either.
 */
export function headerEntries(
	input: { headers: readonly HeaderValues[]; at: string },
	fields: FieldIndex,
	result: Population
): void {
	for (const { measurement, tag, unit, value } of attributes) {
		const found = fields.ofMeasurement(measurement);
		const header = input.headers
			.filter((one) => value(one) !== null)
			.sort((a, b) => (a.sopInstanceUid < b.sopInstanceUid ? -1 : 1))[0];
		const stated = header ? value(header) : null;
		if (!found || !header || stated === null || found.measurement.unit !== unit) continue;
		const before = result.entries[found.field.id] ?? [];
		if (before.length > 0) {
			if (measurement === 'hr' || isClose(before[0]?.value, stated)) continue;
			result.warnings.push({
				kind: 'differs',
				field: found.field.id,
				message: `${found.measurement.name}: the report says ${String(before[0]?.value)} ${unit}, the images say ${stated} ${unit}.`,
				sopInstanceUid: header.sopInstanceUid,
				contentPath: null
			});
		}
		const entry = toEntry(header.sopInstanceUid, tag, { value: stated, unit }, input.at);
		result.entries[found.field.id] = [...before, { ...entry, suggestion: before.length > 0 }];
	}
}

/** Half a per cent: 1.64 m against 164.2 cm is rounding, not another height. */
function isClose(a: Entry['value'] | undefined, b: number): boolean {
	return typeof a === 'number' && Math.abs(a - b) <= 0.005 * b;
}

function toEntry(
	sopInstanceUid: string,
	tag: string,
	stated: { value: number; unit: string },
	at: string
): Entry {
	return {
		id: `dicom:${sopInstanceUid}:${tag}`,
		value: stated.value,
		unit: stated.unit,
		asSent: null,
		samples: [],
		derivation: 'single',
		range: null,
		status: 'given',
		source: { kind: 'dicom', sopInstanceUid, tag },
		by: null,
		at,
		suggestion: false
	};
}
