import type { Code } from './content-item.ts';
import pairs from './srt-to-sct.json' with { type: 'json' };

/** Ours: a quantity that no standard code is known for; the value is the measurement's id. */
export const ownScheme = '99READROOM';

/** Scheme and value in one string, `SCT 87878005`: what bindings and look-ups compare. */
export type CodeKey = string;

/** SNOMED-RT style codes that PS3.16 used until 2019, and the names they were sent under. */
const retiredSnomed = new Set(['SRT', 'SNM3', '99SDM']);

/** SNOMED-RT to SNOMED CT (PS3.16 Annex O), cut to what bindings and modifiers use. */
const toSnomedCt: Readonly<Record<string, string>> = pairs;

/**
 * Codes sent under another name than the one the bindings use.
 * - 109070, 109022: retired DCM codes that machines send as Cardiac Cycle Point
 * - 121111, 121064, 121070: headings that became LOINC (PS3.16 CID 7001); 121070 stays in the
 *   template text, so it is the form kept here
 * - 11955-2: Last Menstrual Period before PS3.16 2017
 * - 28463900: misprint of Umbilical vein in CID 12048
 */
const aliases: Readonly<Record<CodeKey, CodeKey>> = {
	'DCM 109070': 'SCT 416430001',
	'DCM 109022': 'SCT 416190007',
	'LN 55112-7': 'DCM 121111',
	'LN 55111-9': 'DCM 121064',
	'LN 59776-5': 'DCM 121070',
	'LN 11955-2': 'LN 8665-2',
	'SCT 28463900': 'SCT 284639000',
	'SRT T-48500': 'SCT 122972007'
};

const schemeNames: Readonly<Record<string, string>> = {
	LOINC: 'LN',
	'SNOMED-CT': 'SCT',
	SNOMEDCT: 'SCT',
	'2.16.840.1.113883.6.96': 'SCT',
	'2.16.840.1.113883.6.1': 'LN',
	'1.2.840.10008.2.16.4': 'DCM'
};

/**
 * The code as the bindings name it: SNOMED-RT as SNOMED CT, retired and misprinted codes as what
 * they mean. A code that we do not know keeps its scheme and value.
 */
export function codeKey(code: Code): CodeKey {
	const value = code.value.trim();
	const scheme = schemeNames[code.scheme.trim()] ?? code.scheme.trim();
	if (retiredSnomed.has(scheme)) {
		// CID 12221: R-42E61 (retrograde) stood for regurgitant in an earlier edition; the meaning decides.
		if (value === 'R-42E61' && /regurg/i.test(code.meaning)) return 'SCT 397417004';
		const key = `SRT ${value}`;
		if (Object.hasOwn(aliases, key)) return aliases[key]!;
		return Object.hasOwn(toSnomedCt, value) ? `SCT ${toSnomedCt[value]}` : key;
	}
	const key = `${scheme} ${value}`;
	return Object.hasOwn(aliases, key) ? aliases[key]! : key;
}

/** Concepts that say something about another item, by their normalised key. */
export const modifierConcepts = {
	'SCT 363698007': 'site',
	'SCT 370129005': 'method',
	'SCT 399264008': 'mode',
	'SCT 260674002': 'flow',
	'SCT 272517003': 'respiration',
	'SCT 272518008': 'phase',
	'SCT 106233006': 'segment',
	'SCT 272741003': 'laterality',
	'DCM 121401': 'derivation',
	'DCM 121404': 'selection',
	'DCM 111031': 'view',
	'LN 18139-6': 'stage',
	'DCM 121425': 'index',
	'DCM 125306': 'measurementType',
	'DCM 125307': 'property',
	'DCM 125308': 'divisor'
} as const satisfies Record<CodeKey, string>;

export type ModifierName = (typeof modifierConcepts)[keyof typeof modifierConcepts];

/** Which modifier a concept is, or null. */
export function modifierOf(concept: Code | null): ModifierName | null {
	if (!concept) return null;
	const key = codeKey(concept);
	return Object.hasOwn(modifierConcepts, key)
		? modifierConcepts[key as keyof typeof modifierConcepts]
		: null;
}
