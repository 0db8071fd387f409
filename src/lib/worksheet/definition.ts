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
	codes: Code[];
}

/** A concept of a terminology: `RADLEX`, `SCT`, `LN`. */
export interface Code {
	value: string;
	scheme: string;
	meaning: string;
}

export interface FieldOption {
	code: string;
	label: string;
	/** What the answer means in a terminology. */
	concept?: Code;
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
	options: FieldOption[];
	/** What it asks for in a terminology, where it is no measurement. */
	codes?: Code[];
	/** Stands among the few that a reader always sees; the rest fold away while empty. */
	core: boolean;
	/** Expression; shown only while true. */
	visibleWhen: string | null;
	requiredBeforeSign: boolean;
	/** Stands in a new report until anything else does: a code, several codes, or a text. */
	default?: string | string[];
	/** A field of results only: computed by the engine, typed by nobody. */
	computed: boolean;
	/** Measurements with one value per side: the side this field holds. Id: `cca_prox_psv_left`. */
	laterality?: 'left' | 'right';
	/** Generic vessel rows (`vessel_ri`): the vessel and segment this field holds, `ica_prox`. */
	site?: string;
	/** What to enter, for those who ask. */
	help?: string;
	/** Of a repeated section: the row it stands in, and its column. */
	row?: string;
	column?: { id: string; label: string };
}

/** How a repeated section is laid out. */
export interface TableLayout {
	layout: 'table' | 'list';
	/** Rows appear as they are needed; else all are always there. */
	growing: boolean;
	rows: { key: string; label: string }[];
}

/** A picture of a section, coloured from its fields. */
export type Diagram =
	| {
			kind: 'bullseye';
			title: string;
			segments: 16 | 17 | 18;
			scale: 'wall_motion' | 'strain' | 'perfusion' | 'enhancement' | 'score';
			fields: string[];
	  }
	| {
			kind: 'vessels';
			title: string;
			map: string;
			vessels: Record<string, string>;
			colours: Record<string, 'normal' | 'mild' | 'moderate' | 'severe' | 'occluded'>;
	  }
	| { kind: 'growth'; title: string; chart: string; x: string; y: string };

/** What a `growth` diagram is drawn on: one curve a percentile. */
export interface Chart {
	id: string;
	title: string;
	/** `unit` is that of the numbers here; the field of the diagram may have another of its kind. */
	x: { label: string; unit: string; range: [number, number] };
	y: { label: string; unit: string; range: [number, number] };
	/** Lowest percentile first; points from left to right. */
	curves: { percentile: number; points: [number, number][] }[];
	verified: boolean;
	source: string[];
}

/** Where a formula or a rule takes a value from. */
export interface Input {
	name: string;
	/** A field's id, or `patient.age`, `patient.male`, `patient.sex_code`. */
	field: string;
	/** Asked in this order when `field` has no value. */
	alternatives: string[];
	/** Unit in which the expression expects it; null for codes. */
	unit: string | null;
	/** Fields of which the known values make a list, in this order; `field` is then the first. */
	list: string[] | null;
}

/** Unit of each input and of the output are part of a formula. */
export interface Formula {
	id: string;
	name: string;
	/** The field it fills. Several formulas for one field: the first whose inputs are all there. */
	output: string;
	outputUnit: string;
	inputs: Input[];
	expression: string;
	/** Only while this option has this value: body surface area by the practice's formula. */
	option: { name: string; value: string } | null;
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
/** `borderline` is a published grey zone: printed, never counted as abnormal. */
export type Severity = 'normal' | 'borderline' | 'mild' | 'moderate' | 'severe' | 'abnormal';

/** A published normal range. Values are rounded half-up to `decimals` before comparing. */
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
	/** Best first. For `mean_sd`: `normal` is the mean ± 2 SD. */
	bands: Record<string, Band>;
	verified: boolean;
	source: string[];
}

/** A published grading: a decision with one answer, or a table of parameters with none. */
export interface Grade {
	id: string;
	title: string;
	type: 'decision' | 'parameter_table';
	/** Expression over the whole sheet; while it does not hold, the grade is not given. */
	appliesWhen: string | null;
	inputs: Input[];
	let: { name: string; expr: string }[];
	/** The first that holds answers. Null: what is known does not allow an answer. */
	rules: { if: string; then: Record<string, string> | null }[];
	otherwise: Record<string, string> | null;
	/** Answers that fill fields while nobody gave a value: `rap` from the vena cava. */
	fills: { key: string; field: string }[];
	/** For tables: a proposed grade per parameter, no overall grade. */
	parameters: GradeParameter[];
	/** For tables: how a reader integrates the parameters. */
	combine: string | null;
	verified: boolean;
	source: string[];
}

export interface GradeParameter {
	field: string;
	/** Null: the value is a code and is looked up in `codes`. */
	unit: string | null;
	decimals: number;
	direction: 'high' | 'low' | 'none';
	/** Best first. */
	bands: Record<string, Band>;
	/** Grade by code. */
	codes: Record<string, string> | null;
	verified: boolean;
}

/** Finding → slots → sentence. `when` is an expression over fields, results and grades. */
export interface StatementRule {
	id: string;
	section: string;
	when: string;
	/** Message per language with `{slot}` places; `[…]` is dropped when a slot in it is unknown. */
	text: Record<string, string>;
	/** Expression by slot. */
	slots: Record<string, string>;
	/** Words by slot, language and value; a value without words is printed as it is. */
	words: Record<string, Record<string, Record<string, string>>>;
	/** Decimals by slot, for slots that are not simply a field. */
	decimals: Record<string, number>;
	/** Order inside its section. */
	order: number;
	/** Also proposed for the conclusion. */
	conclusion: boolean;
	/** Decides about the conclusion instead, where severity does. */
	conclusionWhen: string | null;
	abnormal: boolean;
	abnormalWhen: string | null;
	/** Statements that this more specific one makes needless. */
	suppresses: string[];
	/** Judged after all others; may read `study.abnormal` and `study.unseen`. */
	summary: boolean;
	source: string[];
	/** A limit in its conditions was not confirmed against a publication; absent: none is unconfirmed. */
	verified?: false | undefined;
}

/** A field that repeats one of several methods, in the practice's order. */
export interface Chosen {
	field: string;
	/** Best first, unless an option says otherwise. */
	from: { method: string; field: string }[];
	/** Option that holds the order of methods. */
	orderOption: string | null;
}

/** What one-click normal may assert about a structure, and what must have been seen for it. */
export interface Structure {
	id: string;
	section: string;
	title: string;
	/** Stored views that show it; one is enough. */
	views: string[];
	/** Measurements of it: one is enough to have seen it, one abnormal leaves it alone. */
	fields: string[];
	/** Expression: leave the structure alone while it holds. */
	unless: string | null;
	asserts: { field: string; code: string }[];
}

export interface Section {
	id: string;
	/** Tab of the sheet: "LV", "AV". */
	short: string;
	title: string;
	fields: Field[];
	/** Part of the frame that many worksheets share: indication, technique, recommendation. */
	framed?: boolean;
	/** How this study was made, and what was told of it: nothing of it is carried from a prior. */
	ofThisStudy?: boolean;
	table?: TableLayout;
	diagrams?: Diagram[];
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
/** Words that contradict the numbers. Phrases by language, in lower case. */
export interface Contradiction {
	id: string;
	/** Expression over the sheet: what the numbers say. */
	when: string;
	about: Record<string, string[]>;
	says: Record<string, string[]>;
	unless: Record<string, string[]>;
	/** `{value}` is the value of the field named by `value`. */
	message: string;
	value: string | null;
}
/** A field that reports quote in words: the number in the text is compared with it. */
export interface Quote {
	field: string;
	names: Record<string, string[]>;
	/** In the field's canonical unit. */
	tolerance: number;
}
/** A number that looks like one in another unit. */
export interface UnitSlip {
	field: string;
	/** In the canonical unit, both ends included. */
	between: [number, number];
	/** The unit it was probably meant in. */
	probably: string;
	/** Value × factor = the value meant. */
	factor: number;
}

/** What an accrediting body asks of a report of this kind. */
export interface AccreditationStandard {
	id: string;
	title: string;
	source: string[];
	elements: {
		id: string;
		title: string;
		level: 'required' | 'recommended';
		verified: boolean;
		/** Keys of `sources`; the standard's own where there is none. */
		source?: string[];
		/** Paragraph of the standard. */
		ref?: string;
		/** Printed in every report without anybody's doing. */
		header: boolean;
		/** Watched by the clocks of the work list. */
		clock?: true;
		/** Of this, or of a part of it, the sheet has no field: a person has to look. */
		byPerson?: true;
		/** Expression: asked for only while it holds. */
		when: string | null;
		/** Of every group one field has to be given; of the groups that the sheet has fields of. */
		needs: string[][];
	}[];
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
	/** Body Part Examined (0018,0015) that mean it. */
	bodyParts?: string[];
	codes?: { value: string; scheme: string; meaning: string }[];
	/** Chosen for its modalities when nothing else fits. */
	fallback?: boolean;
	/** The scheme it follows, as its readers call it. */
	standard?: string;
	sections: Section[];
	measurements: Record<string, Measurement>;
	formulas: Formula[];
	normals: Normal[];
	grades: Grade[];
	statements: StatementRule[];
	plausibility: Plausibility[];
	crossChecks: CrossCheck[];
	unitSlips: UnitSlip[];
	contradictions?: Contradiction[];
	quotes?: Quote[];
	chosen: Chosen[];
	structures: Structure[];
	/** Absent when no standard speaks of this worksheet. */
	accreditation?: AccreditationStandard[];
	/** By id, those that its diagrams name. */
	charts?: Record<string, Chart>;
	/** Short citation and full reference by source key. */
	sources: Record<string, { short: string; full: string }>;
}
