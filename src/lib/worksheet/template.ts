/**
 * Sections as templates. A section may have parameters, which a worksheet gives (`$(organ)`), and may
 * be repeated over rows: sides, vessels, or as many lesions as a study has. What comes out is a plain
 * section, so that the engine knows nothing of templates. Rules W1–W8 in docs/worksheet-spec.md.
 */
import { sectionSchema } from './file-schemas.ts';
import type { RawRepeat, RawSection, RawTemplate, SectionUse } from './file-schemas.ts';
import { namesIn, parseExpression } from './expression.ts';
import type { Located, Path, Problem } from './source-files.ts';

type Json = unknown;
type Tokens = Record<string, Json>;
type RepeatLevel = Extract<RawRepeat, { as: string }>;

/** One row of a repeated section: `right`, `ica_prox`, or `3`. */
export interface TemplateRow {
	key: string;
	label: string;
	tokens: Tokens;
}

/** A section with every token put in. */
export type SectionInstance = Located<RawSection>;

/** Lists of a section of which each item may belong to one row. */
const lists = ['fields', 'core', 'computed', 'chosen', 'grades', 'structures', 'statements'];

const instances = new WeakMap<
	Located<RawTemplate>,
	Map<string, { section: SectionInstance | null; problems: Problem[] }>
>();

/**
 * @param given parameters by name; those of the section that are not given take their defaults.
 * @returns null with the problems when the section cannot be made of what is given.
 */
export function instantiate(
	template: Located<RawTemplate>,
	given: Tokens = {}
): { section: SectionInstance | null; problems: Problem[] } {
	const made = instances.get(template) ?? new Map<string, ReturnType<typeof build>>();
	instances.set(template, made);
	const key = JSON.stringify(given);
	const before = made.get(key);
	if (before) return before;
	const now = build(template, given);
	made.set(key, now);
	return now;
}

function build(template: Located<RawTemplate>, given: Tokens) {
	const problems: Problem[] = [];
	const report = (path: Path, what: string, remedy: string) =>
		problems.push({ file: template.file, line: template.line(path), what, remedy });
	const { parameters, repeat, ...content } = template.value;

	const tokens: Tokens = {};
	for (const [name, { default: fallback }] of Object.entries(parameters)) {
		const value = Object.hasOwn(given, name) ? given[name] : fallback;
		if (value === undefined) report(['parameters', name], `"${name}" is not given`, 'Give it.');
		tokens[name] = value;
	}
	for (const name of Object.keys(given)) {
		if (!Object.hasOwn(parameters, name)) {
			report(['parameters'], `there is no parameter "${name}"`, 'Leave it out.');
		}
	}
	if (problems.length > 0) return { section: null, problems };

	const rows = repeat === undefined ? null : rowsOf(substitute(repeat, tokens) as RawRepeat);
	if (rows?.length === 0) report(['repeat'], 'has no rows', 'Give keys or a number of rows.');
	const own = new Set((rows ?? []).flatMap((row) => Object.keys(row.tokens)));

	/** Where an item of the made section stands in its file. */
	const origins = new Map<string, number[]>();
	const made: Record<string, Json> = {};
	for (const [name, value] of Object.entries(content)) {
		if (!lists.includes(name) || !Array.isArray(value)) {
			made[name] = substitute(value, tokens);
			continue;
		}
		const { items, from } = repeated(value, tokens, rows, own, name);
		made[name] = items;
		origins.set(name, from);
	}
	if (rows && repeat !== undefined) {
		const growing = [repeat].flat().some((each) => each.rows !== undefined);
		const layout = [repeat].flat()[0]?.layout ?? 'table';
		made.table = { layout, growing, rows: rows.map(({ key, label }) => ({ key, label })) };
	}
	const left = firstToken(made);
	if (left) report(['parameters'], `there is no parameter "${left}"`, 'Add it to "parameters".');
	const parsed = sectionSchema.safeParse(made);
	const lineOf = (path: Path = []) => {
		const [head, index, ...rest] = path;
		const from = typeof head === 'string' ? origins.get(head) : undefined;
		const origin = from && typeof index === 'number' ? from[index] : undefined;
		return template.line(origin === undefined ? path : [head as string, origin, ...rest]);
	};
	if (!parsed.success) {
		for (const issue of parsed.error.issues) {
			const path = issue.path.filter((part) => typeof part !== 'symbol');
			problems.push({
				file: template.file,
				line: lineOf(path),
				what: `${path.join('.') || 'the section'}: ${issue.message}`,
				remedy: 'Compare with a neighbouring entry; docs/worksheet-spec.md lists every key.'
			});
		}
	}
	if (problems.length > 0 || !parsed.success) return { section: null, problems };
	return { section: { value: parsed.data, file: template.file, line: lineOf }, problems };
}

/** The rows of a section; several levels give every combination, the last one fastest. */
function rowsOf(repeat: RawRepeat): TemplateRow[] {
	const levels = [repeat].flat();
	return levels
		.reduce<TemplateRow[]>(
			(rows, level) =>
				rows.flatMap((row) =>
					keysOf(level).map(([key, label]) => ({
						key: row.key ? `${row.key}_${key}` : key,
						label: row.label ? `${row.label} ${lowerFirst(label)}` : label,
						tokens: { ...row.tokens, ...tokensOf(level, key, label) }
					}))
				),
			[{ key: '', label: '', tokens: {} }]
		)
		.map((row) => ({
			...row,
			tokens: {
				...row.tokens,
				row: row.key,
				row_label: row.label,
				row_lower: lowerFirst(row.label)
			}
		}));
}

/** `$(side)` is `left`, `$(side_label)` "Left", `$(side_lower)` "left", `$(side_label_de)` "links". */
function tokensOf(level: RepeatLevel, key: string, label: string): Tokens {
	const translated = Object.entries(level.translations ?? {}).map(([language, labels]) => [
		`${level.as}_label_${language}`,
		labels[key] ?? label
	]);
	return {
		[level.as]: key,
		[`${level.as}_label`]: label,
		[`${level.as}_lower`]: lowerFirst(label),
		...Object.fromEntries(translated)
	};
}

function keysOf(level: RepeatLevel): [string, string][] {
	if (level.rows !== undefined) {
		return Array.from({ length: level.rows }, (_, index) => {
			const key = String(index + 1);
			return [
				key,
				(level.label ?? '$(n)').replaceAll(`$(${level.as})`, key).replaceAll('$(n)', key)
			];
		});
	}
	return typeof level.keys === 'object' ? Object.entries(level.keys) : [];
}

/** "Right" + "Internal carotid" is "Right internal carotid"; "ICA" stays. */
function lowerFirst(label: string): string {
	return /^[A-Z][a-z]/.test(label) ? label[0]?.toLowerCase() + label.slice(1) : label;
}

function repeated(
	items: Json[],
	tokens: Tokens,
	rows: readonly TemplateRow[] | null,
	own: ReadonlySet<string>,
	name: string
): { items: Json[]; from: number[] } {
	const out: Json[] = [];
	const from: number[] = [];
	const isRow = items.map((item) => rows !== null && tokensIn(item).some((each) => own.has(each)));
	const first = isRow.indexOf(true);
	const emit = (index: number, row: TemplateRow | null) => {
		const made = substitute(items[index], { ...tokens, ...row?.tokens });
		out.push(name === 'fields' && row ? inRow(made, items[index], row) : made);
		from.push(index);
	};
	items.forEach((_, index) => {
		if (!isRow[index]) emit(index, null);
		else if (index === first) {
			for (const row of rows ?? []) {
				items.forEach((__, each) => isRow[each] && emit(each, row));
			}
		}
	});
	return { items: out, from };
}

/** A field of a row knows its row and its column. */
function inRow(made: Json, item: Json, row: TemplateRow): Json {
	const field = typeof made === 'string' ? { id: made } : (made as Record<string, Json>);
	const column = typeof item === 'string' ? item : (item as { id?: Json }).id;
	return { ...field, row: row.key, rowLabel: row.label, column };
}

const token = /\$\(([a-z_]+)\)/g;

function tokensIn(value: Json): string[] {
	return [...JSON.stringify(value ?? null).matchAll(token)].map((found) => found[1] ?? '');
}

/** What was not replaced; the name of a column keeps its tokens. */
function firstToken(made: Record<string, Json>): string | null {
	const fields = Array.isArray(made.fields) ? made.fields : [];
	const bare = fields.map((field) =>
		typeof field === 'object' ? { ...(field as object), column: '' } : field
	);
	return tokensIn({ ...made, fields: bare })[0] ?? null;
}

/** A text that is one token becomes the parameter as it is: a list, a number, a set of answers. */
function substitute(value: Json, tokens: Tokens): Json {
	if (typeof value === 'string') {
		const whole = /^\$\(([a-z_]+)\)$/.exec(value)?.[1];
		if (whole !== undefined && Object.hasOwn(tokens, whole)) return tokens[whole];
		return value.replaceAll(token, (text, name: string) =>
			Object.hasOwn(tokens, name) ? String(tokens[name]) : text
		);
	}
	if (Array.isArray(value)) return value.map((each) => substitute(each, tokens));
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(
			Object.entries(value).map(([key, each]) => [
				String(substitute(key, tokens)),
				substitute(each, tokens)
			])
		);
	}
	return value;
}

/**
 * W6: what a worksheet leaves out of a section goes with everything that refers to it: a sentence
 * about a field that is not there is never made.
 */
export function narrowed(section: SectionInstance, use: SectionUse): SectionInstance {
	if (typeof use === 'string' || !('use' in use)) return section;
	const { only, without = [], title, short } = use;
	const raw = section.value;
	const idOf = (field: RawSection['fields'][number]) =>
		typeof field === 'string' ? field : field.id;
	const baseOf = (field: RawSection['fields'][number]) =>
		typeof field === 'string' ? field : (field.column ?? field.id);
	const isDropped = (field: RawSection['fields'][number]) =>
		[idOf(field), baseOf(field)].some((id) => without.includes(id)) ||
		(only !== undefined && ![idOf(field), baseOf(field)].some((id) => only.includes(id)));
	const dropped = new Set(raw.fields.filter(isDropped).map(idOf));
	if (dropped.size === 0 && !title && !short) return section;
	const kept = (id: string) => !dropped.has(id);
	const from: Record<string, number[]> = {};
	const filter = <T>(name: string, items: readonly T[], keep: (item: T) => boolean): T[] => {
		const indexes = items.flatMap((item, index) => (keep(item) ? [index] : []));
		from[name] = indexes;
		return indexes.map((index) => items[index] as T);
	};
	const value: RawSection = {
		...raw,
		title: title ?? raw.title,
		short: short ?? raw.short,
		fields: filter('fields', raw.fields, (field) => kept(idOf(field))),
		core: filter('core', raw.core, kept),
		computed: filter('computed', raw.computed, kept),
		chosen: filter('chosen', raw.chosen, ({ field }) => kept(field)).map((chosen) => ({
			...chosen,
			from: Object.fromEntries(Object.entries(chosen.from).filter(([, field]) => kept(field)))
		})),
		structures: filter(
			'structures',
			raw.structures,
			({ asserts, fields, unless }) =>
				Object.keys(asserts).every(kept) && reads(unless).every(kept) && fields.every(kept)
		),
		statements: filter('statements', raw.statements, (statement) =>
			[
				statement.when,
				...Object.values(statement.slots),
				...[statement.abnormal, statement.conclusion].filter((each) => typeof each === 'string')
			]
				.flatMap(reads)
				.every(kept)
		)
	};
	const line = (path: Path = []) => {
		const [head, index, ...rest] = path;
		const origin = typeof head === 'string' && typeof index === 'number' && from[head]?.[index];
		return section.line(typeof origin === 'number' ? [head as string, origin, ...rest] : path);
	};
	return { value, file: section.file, line };
}

function reads(expression: string | undefined): string[] {
	if (expression === undefined) return [];
	try {
		return namesIn(parseExpression(expression)).map((name) =>
			name.replace(/^(flag|side|method)\./, '')
		);
	} catch {
		return [];
	}
}
