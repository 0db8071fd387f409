import type { SrDocument } from '../dicom/sr/content-item.ts';
import type { Observation } from '../dicom/sr/observation.ts';
import type { ResolvedWorksheet } from '../worksheet/definition.ts';
import type { EntryValue } from '../worksheet/entry.ts';
import { convert } from '../worksheet/units.ts';
import type { Population, PopulationWarning, WarningKind } from './populate-result.ts';

/** A warning about a report or one of its items; `about[0]` is the field id where there is one. */
export function warning(
	kind: WarningKind,
	document: SrDocument,
	observation: Observation | null,
	about: readonly string[] = []
): PopulationWarning {
	const hasField = kind !== 'ambiguous' && kind !== 'other-stage';
	return {
		kind,
		field: hasField ? (about[0] ?? null) : null,
		message: messageOf(kind, observation, about),
		sopInstanceUid: document.sopInstanceUid,
		contentPath: observation?.item.path ?? null
	};
}

function messageOf(
	kind: WarningKind,
	observation: Observation | null,
	about: readonly string[]
): string {
	const what = observation?.labels[0] ?? observation?.item.concept?.meaning ?? 'Value';
	const sent = observation?.item.number;
	switch (kind) {
		case 'no-unit':
			return `${what} ${sent?.value ?? ''}: not used, no unit was sent.`;
		case 'unit-impossible':
			return `${what} ${sent?.value ?? ''} ${about[1]}: not used, the unit cannot be converted to ${about[2]}.`;
		case 'ambiguous':
			return `${what}: not used, it fits several measurements (${about.join(', ')}).`;
		case 'other-stage':
			return `${what} and others were measured during stress and do not fill resting fields.`;
		case 'other-patient':
			return 'The report names another patient and was not used.';
		case 'assumed':
			return `${what}: ${about.slice(1).map(nameOfModifier).join(' and ')} not stated, taken as usual.`;
		case 'sign':
			return `${what} ${sent?.value ?? ''}: sent positive where the value is negative by convention; confirm it.`;
		case 'differs':
		case 'hard-limit':
			return about.slice(1).join(' ');
	}
}

const nameOfModifier = (name: string): string =>
	name === 'flow' ? 'flow direction' : name === 'phase' ? 'cardiac phase' : name;

/** Values outside the hard limits stay, and are named: a reader deletes, never the machine. */
export function checkLimits(worksheet: ResolvedWorksheet, result: Population): void {
	for (const limit of worksheet.plausibility) {
		for (const entry of result.entries[limit.field] ?? []) {
			if (typeof entry.value !== 'number' || entry.unit === null) continue;
			const value = convert(entry.value, entry.unit, limit.unit);
			const [low, high] = limit.hard;
			if (value === null || (value >= low && value <= high)) continue;
			result.warnings.push({
				kind: 'hard-limit',
				field: limit.field,
				message: `${limit.field} ${entry.value} ${entry.unit} is outside what is possible (${low}–${high} ${limit.unit}).`,
				sopInstanceUid: 'sopInstanceUid' in entry.source ? entry.source.sopInstanceUid : '',
				contentPath: entry.source.kind === 'sr' ? entry.source.contentPath : null
			});
		}
	}
}

/** Equal to 9 digits: the same measurement sent in another unit. */
export function sameValue(a: EntryValue, b: EntryValue): boolean {
	if (typeof a === 'number' && typeof b === 'number')
		return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
	return JSON.stringify(a) === JSON.stringify(b);
}
