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
	/** Given once for each side, with `_right` and `_left` behind its id and its fields. */
	perSide: z.boolean().default(false),
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

const options = z.union([z.string(), z.record(z.string(), z.string())]);
const field = z.union([
	id,
	z.strictObject({
		id,
		measurement: id.optional(),
		kind: z.enum(['number', 'coded', 'multi-coded', 'text', 'date']).optional(),
		label: z.string().optional(),
		options: options.optional(),
		visibleWhen: z.string().optional(),
		laterality: z.enum(['left', 'right']).optional(),
		site: z.string().optional()
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
	source: source.default([])
});
export const sectionSchema = z.strictObject({
	id,
	short: z.string(),
	title: z.string(),
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
	grades: z.array(id).default([]),
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

export const worksheetSchema = z.strictObject({
	id: z.string().regex(/^[a-z0-9-]+$/, 'must be written in kebab-case'),
	version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a semantic version'),
	title: z.string(),
	group: z.string(),
	modalities: z.array(z.string()).min(1),
	maturity: z.enum(['A', 'B', 'C']),
	procedures: z.array(z.string()),
	/** Paths below `sections/`, in the order of the sheet. */
	sections: z.array(z.string()).min(1),
	requiredBeforeSign: z.array(id).default([])
});

export type RawMeasurements = z.infer<typeof measurementsSchema>;
export type RawFormula = z.infer<typeof formula>;
export type RawNormal = z.infer<typeof normal>;
export type RawGrade = z.infer<typeof grade>;
export type RawPlausibility = z.infer<typeof plausibilitySchema>;
export type RawSection = z.infer<typeof sectionSchema>;
export type RawStatement = z.infer<typeof statement>;
export type RawWorksheet = z.infer<typeof worksheetSchema>;
