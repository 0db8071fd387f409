import { symbolOf } from '../dicom/sr/bindings.ts';
import table from '../dicom/sr/bindings/wall-motion.json' with { type: 'json' };
import { codeKey } from '../dicom/sr/codes.ts';
import type { SrDocument } from '../dicom/sr/content-item.ts';
import type { Observation } from '../dicom/sr/observation.ts';
import type { FieldIndex } from './populate-fields.ts';
import { sourceOf } from './populate-reading.ts';
import type { Reading } from './populate-reading.ts';

const wallMotion = 'SCT 60797005';
const wallSegment = 'LN 18179-2';
const segments: Readonly<Record<string, string>> = table.segments;
const scores: Readonly<Record<string, string>> = table.scores;
const notSeen = new Set(table.notSeen);

/**
 * A segment's wall motion at rest, in both forms that are written: the finding with the segment as
 * its Finding Site, and (TID 5204) the segment with the finding as its property. Scores are the four
 * of the ASE; grades of hypokinesis are all 2.
 */
export function readWallMotion(
	document: SrDocument,
	observation: Observation,
	fields: FieldIndex
): Reading | 'unmapped' | 'nothing' {
	const read = segmentAndFinding(observation);
	if (!read) return 'nothing';
	const { stage } = observation.modifiers;
	const measurement = segments[read.segment];
	if (!measurement || (stage !== undefined && symbolOf('stage', stage) !== 'rest'))
		return 'unmapped';
	const found = fields.ofMeasurement(measurement);
	const isNotSeen = notSeen.has(read.finding);
	const score = scores[read.finding];
	if (!found || (!isNotSeen && score === undefined)) return 'unmapped';
	const { kind, options, id } = found.field;
	const isCoded = kind !== 'number';
	if (!isNotSeen && isCoded && !options.some((option) => option.code === score)) return 'unmapped';
	return {
		fieldId: id,
		value: isNotSeen || score === undefined ? null : isCoded ? score : Number(score),
		unit: isCoded ? null : found.measurement.unit,
		asSent: null,
		derivation: 'visual',
		rank: 0,
		status: isNotSeen ? 'not_well_seen' : 'given',
		source: sourceOf(document, observation, `wall-motion/${measurement}`, false)
	};
}

function segmentAndFinding(observation: Observation): { segment: string; finding: string } | null {
	const { item, concept, ownSite } = observation;
	if (!item.code) return null;
	if (concept === wallMotion && ownSite) return { segment: ownSite, finding: codeKey(item.code) };
	if (concept !== wallSegment) return null;
	const property = item.children.find(
		(child) => child.concept && codeKey(child.concept) === wallMotion && child.code
	);
	return property?.code ? { segment: codeKey(item.code), finding: codeKey(property.code) } : null;
}
