import lesions from '../dicom/sr/bindings/lesions.json' with { type: 'json' };
import { codeKey } from '../dicom/sr/codes.ts';
import type { CodeKey } from '../dicom/sr/codes.ts';
import type { ContentItem, SrDocument } from '../dicom/sr/content-item.ts';
import type { Observation } from '../dicom/sr/observation.ts';
import type { FieldIndex } from './populate-fields.ts';
import { readReading, sourceOf } from './populate-reading.ts';
import type { Reading } from './populate-reading.ts';
import type { PopulationWarning } from './populate-result.ts';

interface LesionRule {
	/** Field without the number of its row. */
	field: string;
	concepts: CodeKey[];
	basis: 'standard' | 'local';
}
interface LesionKind {
	kind: string;
	findings: CodeKey[];
	numbers: LesionRule[];
	codes: (LesionRule & { values: Record<CodeKey, string> })[];
}
const table = lesions as unknown as readonly LesionKind[];

/** One measurement group of a report (TID 1501) about one lesion. */
export interface Lesion {
	group: ContentItem;
	/** The row of the sheet that it fills: the first nodule of the report is nodule 1. */
	row: number;
	of: LesionKind;
}

const measurementGroup = 'DCM 125007';
const findingConcept = 'DCM 121071';
const siteConcept = 'SCT 363698007';

/** The lesions of a report whose Finding says what they are, each kind counted in document order. */
export function lesionsOf(document: SrDocument): Lesion[] {
	const found: Lesion[] = [];
	const walk = (item: ContentItem): void => {
		const of = isConcept(item, measurementGroup) ? kindOf(item) : undefined;
		if (of) {
			const row = found.filter((each) => each.of === of).length + 1;
			found.push({ group: item, row, of });
		} else item.children.forEach(walk);
	};
	walk(document.root);
	return found;
}

const isConcept = (item: ContentItem, key: CodeKey): boolean =>
	item.concept !== null && codeKey(item.concept) === key;

function kindOf(group: ContentItem): LesionKind | undefined {
	const finding = group.children.find((child) => child.code && isConcept(child, findingConcept));
	const code = finding?.code ? codeKey(finding.code) : null;
	return table.find(({ findings }) => code !== null && findings.includes(code));
}

/** The lesion in whose group an observation stands. */
export function lesionAt(lesions: readonly Lesion[], path: string): Lesion | undefined {
	return lesions.find((lesion) => path.startsWith(`${lesion.group.path}.`));
}

/**
 * What an observation says of its lesion: a number or an answer for a field of the lesion's row. What
 * the sheet has no row for is unmapped; it never fills the field of another lesion or organ.
 */
export function readOfLesion(
	document: SrDocument,
	observation: Observation,
	lesion: Lesion,
	fields: FieldIndex,
	warnings: PopulationWarning[]
): Reading | 'unmapped' | 'nothing' {
	const { item, concept } = observation;
	if (concept === findingConcept) return 'nothing';
	if (item.valueType !== 'NUM') return readCode(document, observation, lesion, fields);
	const rule = lesion.of.numbers.find(({ concepts }) => concepts.includes(concept));
	const found = rule ? fields.ofId(`${rule.field}_${lesion.row}`) : null;
	if (!rule || !found?.measurement) return 'unmapped';
	const match = {
		measurement: found.measurement.id,
		rule: `lesions/${rule.field}`,
		basis: rule.basis,
		assumed: []
	};
	const field = { field: found.field, measurement: found.measurement };
	return readReading(document, observation, match, field, warnings) ?? 'unmapped';
}

/** Where the lesion lies, from the Finding Site of its group; null when no answer of the sheet says it. */
export function readSite(document: SrDocument, lesion: Lesion, fields: FieldIndex): Reading | null {
	const item = lesion.group.children.find((child) => isConcept(child, siteConcept));
	const read = item ? readCode(document, { item, image: null }, lesion, fields) : 'unmapped';
	return read === 'unmapped' ? null : read;
}

function readCode(
	document: SrDocument,
	place: Pick<Observation, 'item' | 'image'>,
	lesion: Lesion,
	fields: FieldIndex
): Reading | 'unmapped' {
	const { concept: name, code } = place.item;
	if (!name || !code) return 'unmapped';
	const concept = codeKey(name);
	const rule = lesion.of.codes.find(({ concepts }) => concepts.includes(concept));
	const answers = rule?.values ?? {};
	const key = codeKey(code);
	const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
	const found = rule ? fields.ofId(`${rule.field}_${lesion.row}`) : null;
	if (!rule || !found || answer === undefined) return 'unmapped';
	if (!found.field.options.some((option) => option.code === answer)) return 'unmapped';
	return {
		fieldId: found.field.id,
		value: answer,
		unit: null,
		asSent: null,
		derivation: 'single',
		rank: 0,
		status: 'given',
		source: {
			...sourceOf(document, place, `lesions/${rule.field}`, false),
			...(rule.basis === 'local' ? { unconfirmed: true as const } : {})
		}
	};
}
