import { isNegative } from '../dicom/sr/bindings.ts';
import type { SrDocument } from '../dicom/sr/content-item.ts';
import type { Match } from '../dicom/sr/match.ts';
import type { Observation } from '../dicom/sr/observation.ts';
import { unitText } from '../dicom/sr/unit-text.ts';
import type { Derivation, EntrySource, EntryValue } from '../worksheet/entry.ts';
import { convert } from '../worksheet/units.ts';
import type { FieldOfMeasurement } from './populate-fields.ts';
import type { PopulationWarning } from './populate-result.ts';
import { warning } from './populate-warnings.ts';

/** One value of the machine's for one field. */
export interface Reading {
	fieldId: string;
	/** Canonical unit. */
	value: EntryValue;
	unit: string | null;
	asSent: { value: number; unit: string } | null;
	derivation: Derivation;
	/** How strongly the sender says that this is the value to use. */
	rank: number;
	status: 'given' | 'not_well_seen';
	source: Extract<EntrySource, { kind: 'sr' }>;
}

/** SNOMED CT and DCM values of Derivation (CID 3627) and Selection Status (CID 224). */
const mean = 'SCT 373098007';
const calculated = 'SCT 258090004';
const visual = 'SCT 258083009';
const meanChosen = 'DCM 121412';
const patientCharacteristics = 'DCM 121118';

const arbitrary = "[arb'U]";

/** Body size, pressure and rate belong to Patient Characteristics (TID 5201), not to a loop. */
const ofThePatient = new Set(['height', 'weight', 'bsa', 'hr', 'sbp', 'dbp']);

/** The number in the field's unit; null, with a warning, when it cannot be used. */
export function readReading(
	document: SrDocument,
	observation: Observation,
	match: Pick<Match, 'measurement' | 'rule' | 'basis' | 'assumed'>,
	{ field, measurement }: FieldOfMeasurement,
	warnings: PopulationWarning[]
): Reading | null {
	const { number } = observation.item;
	if (!number || measurement.unit === null) return null;
	const text = unitText(number.unit);
	// A score has no dimension: TID 3905 sends `1` for what is told as arbitrary units.
	const sent = text === '1' && measurement.unit === arbitrary ? arbitrary : text;
	if (sent === null) {
		warnings.push(warning('no-unit', document, observation, [field.id]));
		return null;
	}
	const converted = convert(number.value, sent, measurement.unit);
	if (converted === null) {
		warnings.push(
			warning('unit-impossible', document, observation, [field.id, sent, measurement.unit])
		);
		return null;
	}
	if (match.assumed.length > 0)
		warnings.push(warning('assumed', document, observation, [field.id, ...match.assumed]));
	if (isNegative(measurement.id) && converted > 0)
		warnings.push(warning('sign', document, observation, [field.id]));
	const value = clean(measurement.magnitude ? Math.abs(converted) : converted);
	const isAsSent = sent === measurement.unit && number.value === value;
	return {
		fieldId: field.id,
		value,
		unit: measurement.unit,
		asSent: isAsSent ? null : { value: number.value, unit: sent },
		derivation: derivationOf(observation),
		rank: rankOf(observation, measurement.id),
		status: 'given',
		source: {
			...sourceOf(document, observation, match.rule, isCalculated(observation, measurement.kind)),
			...(isOurReading(match) ? { unconfirmed: true as const } : {})
		}
	};
}

/** Twelve digits: 1.64 m are 164 cm, whatever the factor's rounding. */
const clean = (value: number): number => Number(value.toPrecision(12));

function isCalculated(observation: Observation, kind: string): boolean {
	return kind === 'calculated' || observation.modifiers.derivation === calculated;
}

function derivationOf({ modifiers }: Observation): Derivation {
	if (modifiers.derivation === visual) return 'visual';
	return modifiers.derivation === mean || modifiers.selection === meanChosen ? 'mean' : 'single';
}

function rankOf(observation: Observation, measurementId: string): number {
	const { modifiers, containers } = observation;
	if (ofThePatient.has(measurementId) && containers.includes(patientCharacteristics)) return 3;
	if (modifiers.selection !== undefined) return 2;
	return modifiers.derivation === mean ? 1 : 0;
}

/** `cid`: the concept is the standard's, its modifiers are our reading; `local`: all of it is. */
const isOurReading = ({ basis }: Pick<Match, 'basis'>) => basis === 'cid' || basis === 'local';

export function sourceOf(
	document: SrDocument,
	observation: Pick<Observation, 'item' | 'image'>,
	rule: string,
	isCalculatedValue: boolean
): Reading['source'] {
	const { image } = observation;
	return {
		kind: 'sr',
		studyUid: document.studyInstanceUid,
		sopInstanceUid: document.sopInstanceUid,
		contentPath: observation.item.path,
		calculated: isCalculatedValue,
		rule,
		image: image && {
			sopInstanceUid: image.sopInstanceUid,
			frame: image.frame,
			points: image.points
		}
	};
}
