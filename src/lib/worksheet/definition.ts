/**
 * What a worksheet is: data, resolved from `worksheets/` by `resolve.ts`, with everything that the
 * engine needs inside, so that a report can pin it by the hash of its content.
 */

/** A row of `worksheets/measurements.json`, the part that the engine and the printers use. */
export interface Measurement {
	id: string;
	/** Short, as printed: "LVIDd". */
	label: string;
	name: string;
	/** UCUM canonical unit; null for codes, texts and dates. */
	unit: string | null;
	/** UCUM units a practice may print. */
	displayUnits: string[];
	/** Print precision in the canonical unit. */
	decimals: number | null;
	kind: 'measured' | 'calculated' | 'reported' | 'demographic' | 'coded';
	/** Store the absolute value (Doppler velocities). */
	magnitude: boolean;
	/** Codes for export (PS3.16), best first. */
	codes: { value: string; scheme: string; meaning: string }[];
}

export type FieldKind = 'number' | 'coded' | 'multi-coded' | 'text' | 'date';

export interface Field {
	/** The measurement's id, or `section.name` for what the dictionary does not hold (texts). */
	id: string;
	kind: FieldKind;
	/** Null for texts. */
	measurementId: string | null;
	/** Overrides the measurement's label. */
	label: string | null;
	options: { code: string; label: string }[];
	/** Stands among the few that a reader always sees; the rest fold away while empty. */
	core: boolean;
	/** Expression; shown only while true. */
	visibleWhen: string | null;
	requiredBeforeSign: boolean;
	/** A field of results only: computed by the engine, typed by nobody. */
	computed: boolean;
	/** Measurements with one value per side: the side this field holds. Id: `cca_prox_psv_left`. */
	laterality?: 'left' | 'right';
	/** Generic vessel rows (`vessel_ri`): the vessel and segment this field holds, `ica_prox`. */
	site?: string;
}

/** `clinical/echo-formulas.json`: unit of each input and of the output are part of it. */
export interface Formula {
	id: string;
	name: string;
	/** The field it fills. */
	output: string;
	outputUnit: string;
	inputs: { name: string; field: string; unit: string }[];
	expression: string;
	kind: 'definition' | 'empirical';
	verified: boolean;
	source: string[];
}

export interface Band {
	ge?: number;
	gt?: number;
	le?: number;
	lt?: number;
}
export type Severity = 'normal' | 'mild' | 'moderate' | 'severe' | 'abnormal';

/** `clinical/echo-normals.json`. Values are rounded half-up to `decimals` before comparing. */
export interface Normal {
	field: string;
	/** Unit and decimals of the bands; the engine converts the value to it. */
	unit: string;
	decimals: number;
	kind: 'partition' | 'range' | 'threshold' | 'bands' | 'mean_sd';
	direction: 'high' | 'low' | 'both';
	sex: 'male' | 'female' | 'any';
	ageMin: number | null;
	ageMax: number | null;
	/** `ASE2015` unless said otherwise; profiles are never mixed in a report. */
	profile: string;
	bands: Record<string, Band>;
	verified: boolean;
	source: string[];
}

/** `clinical/echo-grading.json`, types `decision` and `parameter_table`. */
export interface Grade {
	id: string;
	title: string;
	type: 'decision' | 'parameter_table';
	inputs: { name: string; field: string; unit: string | null }[];
	let: { name: string; expr: string }[];
	rules: { if: string; then: Record<string, string> }[];
	otherwise: Record<string, string> | null;
	/** For tables: a proposed grade per parameter, no overall grade. */
	parameters: {
		field: string;
		unit: string;
		decimals: number;
		direction: string;
		bands: Record<string, Band>;
	}[];
	/** For tables: how a reader integrates the parameters. */
	combine: string | null;
	verified: boolean;
	source: string[];
}

/** Finding → slots → sentence. `when` is an expression over fields, results and grades. */
export interface StatementRule {
	id: string;
	section: string;
	when: string;
	/** Message per language with `{slot}` places. */
	text: Record<string, string>;
	slots: Record<string, string>;
	/** Order inside its section. */
	order: number;
	/** Also proposed for the conclusion. */
	conclusion: boolean;
	abnormal: boolean;
	source: string[];
}

export interface Section {
	id: string;
	/** Tab of the sheet: "LV", "AV". */
	short: string;
	title: string;
	fields: Field[];
}

export interface Plausibility {
	field: string;
	unit: string;
	hard: [number, number];
	soft: [number, number];
}
export interface CrossCheck {
	id: string;
	mustHold: string;
	severity: 'reject' | 'warn';
	message: string;
}

export interface ResolvedWorksheet {
	schema: 1;
	id: string;
	/** Semantic version of the worksheet. */
	version: string;
	title: string;
	group: string;
	modalities: string[];
	maturity: 'A' | 'B' | 'C';
	/** Chosen by itself for these: substrings of procedure text, lower case. */
	procedures: string[];
	sections: Section[];
	measurements: Record<string, Measurement>;
	formulas: Formula[];
	normals: Normal[];
	grades: Grade[];
	statements: StatementRule[];
	plausibility: Plausibility[];
	crossChecks: CrossCheck[];
	/** Short citation and full reference by source key. */
	sources: Record<string, { short: string; full: string }>;
}
