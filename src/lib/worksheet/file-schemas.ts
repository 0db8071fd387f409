/** The shapes of the files below `worksheets/`. */
import { z } from 'zod';

const band = z.strictObject({
	ge: z.number().optional(),
	gt: z.number().optional(),
	le: z.number().optional(),
	lt: z.number().optional()
});
const bands = z.record(z.string(), band);
const id = z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)?$/, 'must be written in snake_case');
const source = z.array(z.string());
const range = z.tuple([z.number(), z.number()]);

export const measurementsSchema = z.strictObject({
	schema: z.literal(1),
	rows: z.array(
		z.looseObject({
			id: z.string(),
			label: z.string(),
			name: z.string(),
			quantity: z.string(),
			unit: z.string().nullable(),
			displayUnits: z.array(z.string()),
			decimals: z.number().nullable(),
			kind: z.enum(['measured', 'calculated', 'reported', 'demographic', 'coded']),
			magnitude: z.boolean(),
			laterality: z.enum(['L/R', 'none']).nullable(),
			codes: z.array(z.strictObject({ value: z.string(), scheme: z.string(), meaning: z.string() }))
		})
	)
});

export const sourcesSchema = z.record(
	z.string(),
	z.strictObject({ short: z.string(), full: z.string() })
);

export const optionsSchema = z.record(z.string(), z.record(z.string(), z.string()));

const fieldList = z.union([id, z.array(id)]);
const formula = z.strictObject({
	id,
	name: z.string(),
	kind: z.enum(['definition', 'empirical']),
	verified: z.boolean(),
	source,
	inputs: z.record(z.string(), z.string()),
	unit: z.string(),
	expression: z.string(),
	uses: z.array(
		z.strictObject({
			output: id,
			from: z.record(z.string(), fieldList),
			list: z.record(z.string(), z.array(id)).optional(),
			/** The vessel of the output, where one measurement serves several. */
			site: z.string().optional(),
			option: z.record(z.string(), z.string()).optional()
		})
	),
	examples: z
		.array(
			z.strictObject({
				in: z.record(z.string(), z.union([z.number(), z.array(z.number())])),
				out: z.number(),
				tol: z.number()
			})
		)
		.min(1, 'needs at least one worked example')
});
export const formulasSchema = z.array(formula);

const normal = z.strictObject({
	field: id,
	sex: z.enum(['male', 'female', 'any']),
	ageMin: z.number().optional(),
	ageMax: z.number().optional(),
	profile: z.string(),
	unit: z.string(),
	decimals: z.number().int(),
	kind: z.enum(['partition', 'range', 'threshold', 'bands', 'mean_sd']),
	direction: z.enum(['high', 'low', 'both']),
	bands,
	verified: z.boolean(),
	source
});
export const normalsSchema = z.array(normal);

const answer = z.record(z.string(), z.string()).nullable();
const grade = z.strictObject({
	id,
	title: z.string(),
	type: z.enum(['decision', 'parameter_table']),
	appliesWhen: z.string().optional(),
	verified: z.boolean(),
	source,
	inputs: z
		.array(
			z.strictObject({
				name: z.string(),
				field: id,
				alternatives: z.array(id).optional(),
				unit: z.string().nullable()
			})
		)
		.default([]),
	let: z.array(z.strictObject({ name: z.string(), expr: z.string() })).default([]),
	rules: z.array(z.strictObject({ if: z.string(), then: answer })).default([]),
	otherwise: answer.default(null),
	fills: z.array(z.strictObject({ key: z.string(), field: id })).default([]),
	parameters: z
		.array(
			z.strictObject({
				field: id,
				unit: z.string().nullable(),
				decimals: z.number().int(),
				direction: z.enum(['high', 'low', 'none']),
				bands,
				codes: z.record(z.string(), z.string()).optional(),
				verified: z.boolean()
			})
		)
		.default([]),
	combine: z.string().optional(),
	tests: z
		.array(
			z.strictObject({
				in: z.record(z.string(), z.union([z.number(), z.string()])),
				expect: answer
			})
		)
		.default([])
});
export const gradesSchema = z.array(grade);

export const plausibilitySchema = z.strictObject({
	limits: z.array(z.strictObject({ field: id, unit: z.string(), hard: range, soft: range })),
	slips: z.array(
		z.strictObject({ field: id, between: range, probably: z.string(), factor: z.number() })
	),
	checks: z.array(
		z.strictObject({
			id,
			mustHold: z.string(),
			severity: z.enum(['reject', 'warn']),
			message: z.string()
		})
	)
});

const phrases = z.record(
	z.string(),
	z.array(z.string().regex(/^[^A-Z]+$/, 'must be in lower case'))
);
export const contradictionsSchema = z.strictObject({
	contradictions: z.array(
		z.strictObject({
			id,
			when: z.string(),
			about: phrases,
			says: phrases,
			unless: phrases.default({}),
			message: z.string(),
			value: id.optional()
		})
	),
	quotes: z.array(z.strictObject({ field: id, names: phrases, tolerance: z.number() })).default([])
});

export const accreditationSchema = z.array(
	z.strictObject({
		id,
		title: z.string(),
		source,
		/** Another standard whose elements come first: what is asked of every report of a program. */
		includes: id.optional(),
		elements: z.array(
			z.strictObject({
				id,
				title: z.string(),
				level: z.enum(['required', 'recommended']),
				verified: z.boolean(),
				/** Where this element was read, when not where the rest was. */
				source: z.array(z.string()).default([]),
				/** Paragraph of the standard. */
				ref: z.string().optional(),
				header: z.boolean().default(false),
				/** Watched by the clocks of the work list. */
				clock: z.boolean().default(false),
				/** No field can tell: to be checked by a person. */
				person: z.boolean().default(false),
				when: z.string().nullable().default(null),
				needs: z.array(z.array(id).min(1)).default([])
			})
		)
	})
);

const options = z.union([z.string(), z.record(z.string(), z.string())]);
const code = z.strictObject({ value: z.string(), scheme: z.string(), meaning: z.string() });
/** Of a number that the dictionary does not hold, how it is computed. The inputs are fields. */
const calculation = z.strictObject({
	expression: z.string(),
	kind: z.enum(['definition', 'empirical']),
	verified: z.boolean(),
	source,
	examples: z
		.array(
			z.strictObject({
				in: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.string())])),
				out: z.number(),
				tol: z.number()
			})
		)
		.min(1, 'needs at least one worked example')
});
const field = z.union([
	id,
	z.strictObject({
		id,
		measurement: id.optional(),
		kind: z.enum(['number', 'coded', 'multi-coded', 'text', 'date']).optional(),
		label: z.string().optional(),
		help: z.string().optional(),
		options: options.optional(),
		visibleWhen: z.string().optional(),
		/** Of coded fields and texts: what stands in a new report until anything else does. */
		default: z.union([z.string().min(1), z.array(z.string()).min(1)]).optional(),
		laterality: z.enum(['left', 'right']).optional(),
		site: z.string().optional(),
		/** Of a number that the dictionary does not hold: UCUM unit and print precision. */
		unit: z.string().optional(),
		decimals: z.number().int().min(0).max(4).optional(),
		displayUnits: z.array(z.string()).optional(),
		codes: z.array(code).optional(),
		/** What an answer means in a terminology, by its code here. */
		concepts: z.record(z.string(), code).optional(),
		hard: range.optional(),
		soft: range.optional(),
		calculation: calculation.optional(),
		/** Set by `repeat`, never written by hand. */
		row: z.string().optional(),
		rowLabel: z.string().optional(),
		column: z.string().optional()
	})
]);
/** A picture of the section, coloured from its fields. */
const diagram = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('bullseye'),
		title: z.string(),
		/** Segment model of Cerqueira 2002 (17) or Lang 2015 (16, 18). */
		segments: z.union([z.literal(16), z.literal(17), z.literal(18)]),
		scale: z.enum(['wall_motion', 'strain', 'perfusion', 'enhancement', 'score']),
		/** Fields in the order of the segments. */
		fields: z.array(id)
	}),
	z.strictObject({
		kind: z.literal('vessels'),
		title: z.string(),
		map: z.string(),
		/** By vessel of the map, the field or grade (`carotid_sru2003_right.stenosis`) that colours it. */
		vessels: z.record(z.string(), z.string()),
		/** By answer, its weight: from `normal` to `severe`. */
		colours: z.record(z.string(), z.enum(['normal', 'mild', 'moderate', 'severe', 'occluded']))
	}),
	z.strictObject({
		kind: z.literal('growth'),
		title: z.string(),
		/** A chart below `charts/`. */
		chart: z.string(),
		x: id,
		y: id
	})
]);
const decided = z.union([z.boolean(), z.string()]).default(false);
const texts = z.record(z.string(), z.string());
const statement = z.strictObject({
	id,
	when: z.string(),
	text: texts,
	slots: z.record(z.string(), z.string()).default({}),
	words: z.record(z.string(), z.record(z.string(), texts)).default({}),
	decimals: z.record(z.string(), z.number().int()).default({}),
	conclusion: decided,
	abnormal: decided,
	suppresses: z.array(id).default([]),
	summary: z.boolean().default(false),
	source: source.default([]),
	/** A limit in its conditions was not confirmed against a publication. */
	verified: z.literal(false).optional()
});
export const sectionSchema = z.strictObject({
	id,
	short: z.string(),
	title: z.string(),
	/** Says how this study was made and told: carry-forward takes nothing of it from a prior. */
	ofThisStudy: z.boolean().default(false),
	fields: z.array(field),
	core: z.array(id).default([]),
	computed: z.array(id).default([]),
	chosen: z
		.array(
			z.strictObject({
				field: id,
				from: z.record(z.string(), id),
				orderOption: z.string().optional()
			})
		)
		.default([]),
	/** Ids from `grades/`; in a repeated section `{use, row}` gives one for each row. */
	grades: z
		.array(z.union([id, z.strictObject({ use: id, row: z.string(), label: z.string() })]))
		.default([]),
	diagrams: z.array(diagram).default([]),
	/** Set by `repeat`, never written by hand. */
	table: z
		.strictObject({
			layout: z.enum(['table', 'list']),
			growing: z.boolean(),
			rows: z.array(z.strictObject({ key: z.string(), label: z.string() }))
		})
		.optional(),
	structures: z
		.array(
			z.strictObject({
				id,
				title: z.string(),
				views: z.array(z.string()).default([]),
				fields: z.array(id).default([]),
				unless: z.string().optional(),
				asserts: z.record(z.string(), z.string())
			})
		)
		.default([]),
	statements: z.array(statement).default([])
});

const repeatLevel = z.strictObject({
	/** Name of the token: `$(side)` is the key, `$(side_label)` its label. */
	as: z.string().regex(/^[a-z]+$/, 'must be one lower-case word'),
	/** Fixed rows: label by key, or a parameter that holds them. */
	keys: z.union([z.record(z.string(), z.string()), z.string()]).optional(),
	/** As many rows as are needed, up to this number. */
	rows: z.number().int().min(1).max(20).optional(),
	/** Of a growing row: `Nodule $(n)`. */
	label: z.string().optional(),
	/** Labels by language and key: `$(side_label_de)`. */
	translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
	layout: z.enum(['table', 'list']).optional()
});
const repeat = z.union([repeatLevel, z.array(repeatLevel).min(1).max(3)]);

/** A section before its parameters are put in; what else it holds is judged after that. */
export const templateSchema = z.looseObject({
	id: z.string(),
	parameters: z
		.record(
			z.string().regex(/^[a-z_]+$/, 'must be written in snake_case'),
			z.strictObject({ help: z.string().optional(), default: z.unknown().optional() })
		)
		.default({}),
	repeat: repeat.optional()
});

const sectionUse = z.union([
	/** Path below `sections/`. */
	z.string(),
	z.strictObject({
		use: z.string(),
		with: z.record(z.string(), z.unknown()).default({}),
		/** Only these fields, or all but these; what refers to the others goes with them. */
		only: z.array(z.string()).optional(),
		without: z.array(z.string()).optional(),
		title: z.string().optional(),
		short: z.string().optional()
	}),
	/** A section that no other worksheet has. */
	z.strictObject({ section: templateSchema })
]);

/** What stands before and after the sections of every worksheet of a kind. */
export const framesSchema = z.record(
	z.string(),
	z.strictObject({ before: z.array(sectionUse), after: z.array(sectionUse) })
);

const worksheet = z.strictObject({
	id: z.string().regex(/^[a-z0-9-]+$/, 'must be written in kebab-case'),
	version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a semantic version'),
	title: z.string(),
	group: z.string(),
	modalities: z.array(z.string()).min(1),
	maturity: z.enum(['A', 'B', 'C']),
	/** Lower-case parts of procedure texts that mean this worksheet. */
	procedures: z.array(z.string()),
	/** Body Part Examined (0018,0015), PS3.16 annex L: `CHEST`. */
	bodyParts: z.array(z.string()).default([]),
	/** Procedure codes that mean this worksheet. */
	codes: z.array(code).default([]),
	/** Chosen for its modalities when nothing else fits. */
	fallback: z.boolean().default(false),
	/** The scheme it follows, as its readers call it: "ASE 2025; IAC". */
	standard: z.string().default(''),
	frame: z.string().optional(),
	/** A variant: all sections of the other worksheet, less `drop`, and those of its own. */
	extends: z.string().optional(),
	drop: z.array(z.string()).default([]),
	/** Fields of the base that the variant leaves out. */
	without: z.array(z.string()).default([]),
	requiredBeforeSign: z.array(id).default([]),
	/** Standards of `accreditation.yaml` that are asked of its reports. Not inherited by a variant. */
	accreditation: z.array(id).default([]),
	/** In the order of the sheet. Last here, so that a copy ends where people go on writing. */
	sections: z.array(sectionUse).default([])
});
export const worksheetSchema = worksheet;

const axis = z.strictObject({ label: z.string(), unit: z.string(), range });
/** One curve a percentile: points, or mean and standard deviation as formulas in `x`. */
export const chartSchema = z.strictObject({
	id: z.string().regex(/^[a-z0-9-]+$/, 'must be written in kebab-case'),
	title: z.string(),
	x: axis,
	y: axis,
	mean: z.string().optional(),
	sd: z.string().optional(),
	/** `log`: mean and sd are those of the natural logarithm of y. */
	scale: z.enum(['linear', 'log']).default('linear'),
	percentiles: z.array(z.number()).default([]),
	curves: z
		.array(
			z.strictObject({
				percentile: z.number(),
				/** From left to right. */
				points: z.array(z.tuple([z.number(), z.number()])).min(2)
			})
		)
		.default([]),
	verified: z.boolean(),
	source,
	examples: z
		.array(
			z.strictObject({
				percentile: z.number(),
				x: z.number(),
				y: z.number(),
				tol: z.number()
			})
		)
		.min(1, 'needs at least one worked example')
});

/** Many worksheets in one file, with what they have in common. */
export const catalogueSchema = z.strictObject({
	group: z.string(),
	defaults: z
		.strictObject({
			version: z.string().optional(),
			modalities: z.array(z.string()).optional(),
			maturity: z.enum(['A', 'B', 'C']).optional(),
			frame: z.string().optional(),
			procedures: z.array(z.string()).optional()
		})
		.default({}),
	worksheets: z.array(z.looseObject({ id: z.string() }))
});

export type RawChart = z.infer<typeof chartSchema>;
export type RawMeasurements = z.infer<typeof measurementsSchema>;
export type RawFormula = z.infer<typeof formula>;
export type RawNormal = z.infer<typeof normal>;
export type RawGrade = z.infer<typeof grade>;
export type RawContradictions = z.infer<typeof contradictionsSchema>;
export type RawPlausibility = z.infer<typeof plausibilitySchema>;
export type RawStandard = z.infer<typeof accreditationSchema>[number];
export type RawSection = z.infer<typeof sectionSchema>;
export type RawStatement = z.infer<typeof statement>;
export type RawWorksheet = z.infer<typeof worksheetSchema>;
export type RawTemplate = z.infer<typeof templateSchema>;
export type RawRepeat = z.infer<typeof repeat>;
export type SectionUse = z.infer<typeof sectionUse>;
export type Frames = z.infer<typeof framesSchema>;
