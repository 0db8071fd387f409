import { isSided } from '../dicom/sr/bindings.ts';
import { codeKey } from '../dicom/sr/codes.ts';
import type { CodeKey } from '../dicom/sr/codes.ts';
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
	/** The one field that names a code as its own; null when none does, or several. */
	ofCode(key: CodeKey): FieldOfMeasurement | null;
	/** The field of that id, with what it measures where it holds a number. */
	ofId(id: string): { field: Field; measurement: Measurement | null } | null;
}

/** Finds fields by measurement, side and vessel. A right carotid never fills a left or sideless field. */
export function indexFields(worksheet: ResolvedWorksheet): FieldIndex {
	const byKey = new Map<string, FieldOfMeasurement>();
	const byCode = new Map<CodeKey, FieldOfMeasurement | null>();
	const byId = new Map<string, { field: Field; measurement: Measurement | null }>();
	for (const section of worksheet.sections)
		for (const field of section.fields) {
			const measurement = field.measurementId
				? worksheet.measurements[field.measurementId]
				: undefined;
			byId.set(field.id, { field, measurement: measurement ?? null });
			if (!measurement) continue;
			// What a row of the dictionary lists are codes of its concept, which need modifiers beside them.
			if (measurement.id.includes('.'))
				for (const code of measurement.codes) {
					const key = codeKey(code);
					byCode.set(key, byCode.has(key) ? null : { field, measurement });
				}
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
		ofMeasurement,
		ofCode: (key) => byCode.get(key) ?? null,
		ofId: (id) => byId.get(id) ?? null
	};
}

const keyOf = (id: string, side: string | null, site: string | null): string =>
	`${id}|${side ?? ''}|${site ?? ''}`;
