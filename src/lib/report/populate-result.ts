import type { Entry } from '../worksheet/entry.ts';

/** A value of the machine's that stands in no field. */
export interface Unmapped {
	codeValue: string;
	codingScheme: string;
	/** The machine's words: its label where it gave one, else the concept's meaning. */
	meaning: string;
	value: number | string | null;
	/** As sent; null when none was. */
	unit: string | null;
	contentPath: string;
	sopInstanceUid: string;
}

export const warningKinds = [
	'no-unit',
	'unit-impossible',
	'hard-limit',
	'ambiguous',
	'other-stage',
	'other-patient',
	'assumed',
	'sign',
	'differs'
] as const;
export type WarningKind = (typeof warningKinds)[number];

/** Something about the machine's values that a reader should know. */
export interface PopulationWarning {
	kind: WarningKind;
	/** Field id where there is one. */
	field: string | null;
	/** In English, for logs and the command line; holds no patient data but the value itself. */
	message: string;
	sopInstanceUid: string;
	/** Null when it is about the whole report. */
	contentPath: string | null;
}

export interface Population {
	/** By field id. The first is the value in use; suggestions after it. */
	entries: Record<string, Entry[]>;
	unmapped: Unmapped[];
	warnings: PopulationWarning[];
}
