/** A number's place against the published normal range for this person. Rules N1–N7. */
import { bandOf, complement, sideOf } from './bands.ts';
import type { Normal, Severity } from './definition.ts';
import { editionNames, editionProfiles } from './editions.ts';
import type { EvaluationOptions, Flag, PatientFacts } from './evaluation.ts';
import { roundHalfUp } from './numbers.ts';
import { convert } from './units.ts';

const precedence = ['partition', 'range', 'threshold', 'bands', 'mean_sd'] as const;
/** Years; the youngest of the adult cohorts that the ranges come from. */
const adultFrom = 16;
const severities: readonly string[] = [
	'normal',
	'borderline',
	'mild',
	'moderate',
	'severe',
	'abnormal'
] satisfies Severity[];

/**
 * The one normal that applies, or null. N1: by sex, age and profile; a partition before a plain
 * range. N2: of a person whose sex is not known, only what holds for both is applied.
 */
export function chooseNormal(
	normals: readonly Normal[],
	patient: PatientFacts,
	options: EvaluationOptions
): Normal | null {
	const profiles = profilesOf(options);
	const fitting = normals.filter(
		(normal) =>
			profiles.includes(normal.profile) &&
			(normal.sex === 'any' || normal.sex === patient.sex) &&
			isInAge(normal, patient.ageYears)
	);
	const rank = (normal: Normal) => precedence.indexOf(normal.kind);
	return fitting.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** N3: one profile for the chambers, and those of the diastology and the right heart in use. */
function profilesOf(options: EvaluationOptions): string[] {
	return editionNames.flatMap((name) => {
		const profiles: Record<string, string> | undefined = editionProfiles[name];
		return profiles?.[options[name]] ?? [];
	});
}

function isInAge(normal: Normal, ageYears: number | null): boolean {
	// N7: a range that names no age was measured in adults; one from birth on holds for everybody.
	if (normal.ageMin === null && normal.ageMax === null) {
		return ageYears === null || Math.floor(ageYears) >= adultFrom;
	}
	if (normal.ageMin === 0 && normal.ageMax === null) return true;
	if (ageYears === null) return false;
	const age = Math.floor(ageYears);
	return age >= (normal.ageMin ?? 0) && age <= (normal.ageMax ?? Infinity);
}

/** The flag of a value in its canonical unit; null when the units do not meet. */
export function flagValue(field: string, value: number, unit: string, normal: Normal): Flag | null {
	const converted = convert(value, unit, normal.unit);
	if (converted === null) return null;
	const rounded = roundHalfUp(converted, normal.decimals); // N4
	const range = normalRange(normal);
	const band = bandOf(rounded, normal.bands);
	const side = range ? sideOf(rounded, range) : null;
	return {
		field,
		severity: severityOf(normal, band, side),
		side,
		range,
		unit: normal.unit,
		decimals: normal.decimals,
		profile: normal.profile,
		verified: normal.verified,
		source: normal.source
	};
}

function normalRange(normal: Normal) {
	if (normal.bands.normal) return normal.bands.normal;
	return normal.bands.abnormal ? complement(normal.bands.abnormal) : null;
}

function severityOf(normal: Normal, band: string | null, side: Flag['side']): Severity {
	if (band !== null && severities.includes(band)) return band as Severity;
	// N5: outside on the side that the publication does not grade is not abnormal.
	if (side === null || (normal.direction !== 'both' && side !== normal.direction)) return 'normal';
	// N6: mean ± 2 SD is arithmetic, not a published limit.
	return normal.kind === 'mean_sd' ? 'borderline' : normal.kind === 'range' ? 'abnormal' : 'normal';
}
