/** The shapes of the files below `worksheets/`, and each part's place in them for messages. */
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

/** What is wrong with a file, for the person who edits it. */
export interface Problem {
	file: string;
	line: number;
	what: string;
	remedy: string;
}

export type Path = readonly (string | number)[];

/** A part of a file that knows where it stands. */
export interface Located<T> {
	value: T;
	file: string;
	/** Line of this part, or of something inside it. */
	line(path?: Path): number;
}

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

/** Parses a file and tells what does not fit its schema, each with its line. */
export function parseFile<T>(
	file: string,
	text: string,
	schema: z.ZodType<T>
): { located: Located<T> | null; problems: Problem[] } {
	const { content, lineOf, problems } = readText(file, text);
	if (problems.length > 0) return { located: null, problems };
	const parsed = schema.safeParse(content);
	if (parsed.success) {
		const located = { value: parsed.data, file, line: (path: Path = []) => lineOf(path) };
		return { located, problems: [] };
	}
	const misfits = parsed.error.issues.map((issue) => {
		const path = issue.path.filter((part) => typeof part !== 'symbol');
		return {
			file,
			line: lineOf(path),
			what: `${path.join('.') || 'the file'}: ${issue.message}`,
			remedy: 'Compare with a neighbouring entry; docs/worksheet-spec.md lists every key.'
		};
	});
	return { located: null, problems: misfits };
}

interface Reading {
	content: unknown;
	lineOf(path: Path): number;
	problems: Problem[];
}

/** Reading YAML is by far the dearest step, and between two checks most files stay as they are. */
const lastRead = new Map<string, { text: string; reading: Reading }>();

function readText(file: string, text: string): Reading {
	const last = lastRead.get(file);
	if (last?.text === text) return last.reading;
	const reading = file.endsWith('.json') ? readJson(file, text) : readYaml(file, text);
	lastRead.set(file, { text, reading });
	return reading;
}

function readYaml(file: string, text: string): Reading {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines });
	const lineOf = (path: Path): number => {
		for (let length = path.length; length > 0; length--) {
			const node: unknown = document.getIn(path.slice(0, length), true);
			const range = (node as { range?: [number, number, number] } | undefined)?.range;
			if (range) return lines.linePos(range[0]).line;
		}
		return 1;
	};
	const problems = document.errors.map((error) => ({
		file,
		line: error.linePos?.[0].line ?? 1,
		what: error.message.split('\n')[0] ?? 'cannot be read',
		remedy: 'Check the indentation, the brackets and the quotes around this line.'
	}));
	return { content: problems.length > 0 ? null : document.toJS(), lineOf, problems };
}

/** The dictionary is written one row a line below a first line, which tells where a row stands. */
function readJson(file: string, text: string): Reading {
	const lineOf = (path: Path) => (typeof path[1] === 'number' ? path[1] + 2 : 1);
	try {
		return { content: JSON.parse(text), lineOf, problems: [] };
	} catch (error) {
		const what = error instanceof Error ? error.message : 'cannot be read';
		const remedy = 'Check commas, quotes and brackets.';
		return { content: null, lineOf, problems: [{ file, line: 1, what, remedy }] };
	}
}

/** Each item of a list file with its own place. */
export function locateItems<T>(list: Located<readonly T[]>): Located<T>[] {
	return list.value.map((value, index) => ({
		value,
		file: list.file,
		line: (path = []) => list.line([index, ...path])
	}));
}
