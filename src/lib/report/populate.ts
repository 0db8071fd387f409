import type { SrDocument } from '../dicom/sr/content-item.ts';
import { match } from '../dicom/sr/match.ts';
import { observations } from '../dicom/sr/observation.ts';
import type { Observation } from '../dicom/sr/observation.ts';
import type { ResolvedWorksheet } from '../worksheet/definition.ts';
import type { Entry } from '../worksheet/entry.ts';
import { chooseReading, toEntry } from './populate-choose.ts';
import { indexFields } from './populate-fields.ts';
import type { FieldIndex } from './populate-fields.ts';
import { lesionAt, lesionsOf, readOfLesion, readSite } from './populate-lesions.ts';
import { headerEntries } from './populate-headers.ts';
import type { HeaderValues } from './populate-headers.ts';
import { isOwnExport } from './populate-own-export.ts';
import { readReading } from './populate-reading.ts';
import type { Reading } from './populate-reading.ts';
import type { Population, PopulationWarning, Unmapped } from './populate-result.ts';
import { checkLimits, sameValue, warning } from './populate-warnings.ts';
import { readWallMotion } from './populate-wall-motion.ts';

export type { HeaderValues } from './populate-headers.ts';
export type { Population, PopulationWarning, Unmapped } from './populate-result.ts';

export interface PopulateInput {
	worksheet: ResolvedWorksheet;
	/** Every structured report of the study, in any order; our own exports may be among them. */
	documents: readonly SrDocument[];
	/** What attributes of the study's objects say of the body. */
	headers: readonly HeaderValues[];
	/** Whose study it is; a report of another patient is not used. Null: not checked. */
	patient: { id: string; issuer: string } | null;
	/** ISO, UTC: when the entries are made. */
	at: string;
}

/**
 * Fills a worksheet from what the machine measured. Pure: the same in server, CLI and test.
 *
 * Every number is converted to its field's canonical unit with what was sent kept beside it; the
 * entry's id comes from SOP UID and content path, so that arriving twice changes nothing. Several
 * numbers for one field: the selected one, else the mean, else the last, the rest as samples. A
 * newer report goes before an older one, whose differing value stays as a suggestion.
 *
 * Never guessed: a number without a unit, in an impossible unit, or that fits two measurements is
 * listed as unmapped with a warning. A value beyond the hard limits is kept and warned of.
 */
export function populate(input: PopulateInput): Population {
	const fields = indexFields(input.worksheet);
	const result: Population = { entries: {}, unmapped: [], warnings: [] };
	const usable = sortOldestFirst(input.documents).filter((document) =>
		isUsable(document, input, result.warnings)
	);
	for (const document of usable) {
		const readings = readDocument(document, fields, result);
		for (const [fieldId, list] of readings) {
			const chosen = chooseReading(list);
			const older = result.entries[fieldId] ?? [];
			result.entries[fieldId] = [
				toEntry(chosen, list, input.at),
				...older.filter((one) => !sameValue(one.value, chosen.value)).map(asSuggestion)
			];
		}
	}
	headerEntries(input, fields, result);
	checkLimits(input.worksheet, result);
	return result;
}

const asSuggestion = (entry: Entry): Entry => ({ ...entry, suggestion: true });

function sortOldestFirst(documents: readonly SrDocument[]): SrDocument[] {
	const key = (document: SrDocument) =>
		`${document.contentAt ?? ''} ${document.seriesInstanceUid} ${document.sopInstanceUid}`;
	return [...documents].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function isUsable(
	document: SrDocument,
	input: PopulateInput,
	warnings: PopulationWarning[]
): boolean {
	if (isOwnExport(document)) return false;
	const { patient } = input;
	if (
		patient &&
		document.patient.id !== '' &&
		(document.patient.id !== patient.id ||
			(document.patient.issuer !== '' &&
				patient.issuer !== '' &&
				document.patient.issuer !== patient.issuer))
	) {
		warnings.push(warning('other-patient', document, null));
		return false;
	}
	return true;
}

/** Readings by field id, in document order. */
function readDocument(
	document: SrDocument,
	fields: FieldIndex,
	result: Population
): Map<string, Reading[]> {
	const byField = new Map<string, Reading[]>();
	const otherStages = new Set<string>();
	const lesions = lesionsOf(document);
	for (const lesion of lesions) {
		const site = readSite(document, lesion, fields);
		if (site) byField.set(site.fieldId, [site]);
	}
	const all = observations(document);
	const times = Map.groupBy(all, ({ concept }) => concept);
	for (const observation of all) {
		const lesion = lesionAt(lesions, observation.item.path);
		const outcome = lesion
			? readOfLesion(document, observation, lesion, fields, result.warnings)
			: observation.item.valueType === 'NUM'
				? readNumber(
						document,
						observation,
						fields,
						result,
						otherStages,
						times.get(observation.concept)?.length === 1
					)
				: readWallMotion(document, observation, fields);
		if (outcome === 'unmapped') result.unmapped.push(describe(document, observation));
		else if (outcome !== 'nothing')
			byField.set(outcome.fieldId, [...(byField.get(outcome.fieldId) ?? []), outcome]);
	}
	return byField;
}

/** (121033) Subject Age: the birth date says it better. */
const saidElsewhere = new Set(['DCM 121033']);

function readNumber(
	document: SrDocument,
	observation: Observation,
	fields: FieldIndex,
	result: Population,
	otherStages: Set<string>,
	/** The report says it once: of several irradiations none is that of the examination. */
	isOnce: boolean
): Reading | 'unmapped' | 'nothing' {
	const { item, concept } = observation;
	if (saidElsewhere.has(concept) || item.number === null) return 'nothing';
	const found = match(observation);
	switch (found.kind) {
		case 'unknown': {
			const field = isOnce ? fields.ofCode(concept) : null;
			if (!field) return 'unmapped';
			const { id } = field.measurement;
			const own = { measurement: id, rule: `field/${id}`, basis: 'standard' as const, assumed: [] };
			return readReading(document, observation, own, field, result.warnings) ?? 'unmapped';
		}
		case 'ambiguous':
			result.warnings.push(warning('ambiguous', document, observation, found.measurements));
			return 'unmapped';
		case 'other-stage':
			if (!otherStages.has(found.stage))
				result.warnings.push(warning('other-stage', document, observation));
			otherStages.add(found.stage);
			return 'unmapped';
		case 'matched': {
			const field = fields.find(found.match);
			if (!field) return 'unmapped';
			const reading = readReading(document, observation, found.match, field, result.warnings);
			return reading ?? 'unmapped';
		}
	}
}

function describe(document: SrDocument, observation: Observation): Unmapped {
	const { item } = observation;
	return {
		codeValue: item.concept?.value ?? '',
		codingScheme: item.concept?.scheme ?? '',
		meaning: observation.labels[0] ?? item.concept?.meaning ?? '',
		value: item.number?.value ?? item.code?.meaning ?? null,
		unit: item.number?.unit.value || null,
		contentPath: item.path,
		sopInstanceUid: document.sopInstanceUid
	};
}
