import type { Band, Severity } from './definition.ts';
import type { Editions } from './editions.ts';
import type { Entry } from './entry.ts';

/** What the engine needs to know of the patient. Unknown sex: no sex-specific grade. */
export interface PatientFacts {
	sex: 'female' | 'male' | 'unknown';
	/** Years at the time of the study; null when the birth date is unknown. */
	ageYears: number | null;
}

export interface EvaluationOptions extends Editions {
	bsaFormula: 'dubois' | 'mosteller' | 'haycock' | 'gehan_george';
	reportedEfOrder: readonly ('3d' | 'biplane' | 'visual' | 'teichholz')[];
	language: string;
}

/** The one value of a field that the rest computes with, and why it is that one. */
export interface Resolved {
	field: string;
	/** In the canonical unit. */
	value: number | string | string[];
	unit: string | null;
	from: 'entry' | 'formula' | 'machine-calculated' | 'chosen' | 'grade' | 'default';
	entryId: string | null;
	/** For `chosen` the method; for `formula` and `grade` its id. */
	method: string | null;
}

export interface Result {
	/** Field id of the output. */
	id: string;
	value: number | null;
	unit: string;
	formula: string;
	/** Field ids used, with the values that went in, in the formula's units. */
	inputs: Record<string, number | null>;
	/** Fields that were missing: "not calculable: no height". */
	missing: string[];
	kind: 'definition' | 'empirical';
	verified: boolean;
	source: string[];
	/** The machine's own number for the same thing, when it differs beyond rounding. */
	machine: { value: number; entryId: string; stale: boolean } | null;
}

export interface Flag {
	field: string;
	severity: Severity;
	/**
	 * The side of the normal band on which it lies, null inside. With severity `normal`: outside on the
	 * side that the publication does not grade, such as a small left atrium.
	 */
	side: 'high' | 'low' | null;
	/** Normal band, in `unit`. */
	range: Band | null;
	unit: string;
	decimals: number;
	profile: string;
	verified: boolean;
	source: string[];
}

export interface GradeResult {
	id: string;
	title: string;
	/** E.g. `{ geometry: 'concentric_remodeling' }`; null when not assessable. */
	grade: Record<string, string> | null;
	/** The rule's own words that led there, in order, with the values put in. */
	path: string[];
	missing: string[];
	/** For parameter tables: each parameter's own grade, and whether they disagree. */
	parameters: { field: string; value: number; grade: string }[];
	disagree: boolean;
	verified: boolean;
	source: string[];
}

export interface Statement {
	id: string;
	section: string;
	text: string;
	/** Filled slots, as printed. */
	slots: Record<string, string>;
	because: string[];
	conclusion: boolean;
	abnormal: boolean;
	/** Rests on a limit or rule that was not confirmed against its publication. */
	unconfirmed: boolean;
	order: number;
}

export interface Conflict {
	field: string;
	entries: readonly Entry[];
}

export interface Finding {
	kind:
		| 'hard-limit'
		| 'soft-limit'
		| 'cross-check'
		| 'unit-slip'
		| 'required'
		| 'unknown-field'
		| 'contradiction'
		| 'not-usable'
		/** A critical result without who was told, and when. */
		| 'critical';
	field: string;
	message: string;
	/** Blocks signing until corrected. */
	blocks: boolean;
	/** The value that was probably meant, in the field's unit. */
	suggestion: number | null;
}

/** All that follows from entries. Pure and total: the same everywhere, for every input. */
export interface Evaluation {
	values: Record<string, Resolved>;
	results: Result[];
	flags: Record<string, Flag>;
	grades: GradeResult[];
	statements: Statement[];
	conflicts: Conflict[];
	findings: Finding[];
	/** Fields that somebody marked "not well seen". */
	unseen: string[];
}

/** Design defaults: Du Bois, diastology 2016, carotids SRU 2003, 3D before biplane before visual before Teichholz. */
export const defaultOptions: EvaluationOptions = {
	bsaFormula: 'dubois',
	diastology: '2016',
	carotid: 'sru2003',
	reportedEfOrder: ['3d', 'biplane', 'visual', 'teichholz'],
	profile: 'ASE2015',
	rightHeart: '2015',
	language: 'en'
};
