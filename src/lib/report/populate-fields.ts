import { isSided } from '../dicom/sr/bindings.ts';
import type { Match } from '../dicom/sr/match.ts';
import type { Field, Measurement, ResolvedWorksheet } from '../worksheet/definition.ts';

export interface FieldOfMeasurement {
	field: Field;
	measurement: Measurement;
}

export interface FieldIndex {
	/** The field that a recognised measurement belongs into; null when the sheet has none. */
	find(match: Match): FieldOfMeasurement | null;
	/** The field of a measurement that has no side. */
	ofMeasurement(id: string): FieldOfMeasurement | null;
}

/** Finds fields by measurement, side and vessel. A right carotid never fills a left or sideless field. */
export function indexFields(worksheet: ResolvedWorksheet): FieldIndex {
	const byKey = new Map<string, FieldOfMeasurement>();
	for (const section of worksheet.sections)
		for (const field of section.fields) {
			const measurement = field.measurementId
				? worksheet.measurements[field.measurementId]
				: undefined;
			if (!measurement) continue;
			const key = keyOf(measurement.id, field.laterality ?? null, field.site ?? null);
			if (!byKey.has(key)) byKey.set(key, { field, measurement });
		}
	const ofMeasurement = (id: string) => byKey.get(keyOf(id, null, null)) ?? null;
	const findFor = (id: string, match: Match) =>
		isSided(id)
			? (byKey.get(keyOf(id, match.laterality, match.site)) ?? null)
			: (byKey.get(keyOf(id, null, match.site)) ?? null);
	return {
		find: (match) =>
			findFor(match.measurement, match) ??
			(match.otherwise === null ? null : findFor(match.otherwise, match)),
		ofMeasurement
	};
}

const keyOf = (id: string, side: string | null, site: string | null): string =>
	`${id}|${side ?? ''}|${site ?? ''}`;
