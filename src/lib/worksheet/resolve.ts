/** Sections, formulas, normals and rules composed into one worksheet that needs nothing else. */
import { inOrder } from './answer-order.ts';
import { chartOf } from './chart.ts';
import type {
	AccreditationStandard,
	Chart,
	Field,
	Formula,
	Grade,
	Input,
	Measurement,
	ResolvedWorksheet,
	Section,
	StatementRule,
	Structure
} from './definition.ts';
import { onSheet, standardOf } from './accreditation.ts';
import { partsOf } from './compose.ts';
import { ExpressionError, namesIn, parseExpression } from './expression.ts';
import type { Library } from './read-library.ts';
import type {
	RawFormula,
	RawGrade,
	RawSection,
	RawStatement,
	RawWorksheet
} from './file-schemas.ts';
import type { Located } from './source-files.ts';

/** Null when there is no such worksheet. What it refers to and is not there is left out. */
export function resolveWorksheet(library: Library, id: string): ResolvedWorksheet | null {
	const located = library.worksheets.get(id);
	return located ? resolveLocated(library, located) : null;
}

/** The same for a worksheet that the library does not hold: one that is being edited or tried. */
export function resolveLocated(
	library: Library,
	located: Located<RawWorksheet>
): ResolvedWorksheet {
	const known = resolved.get(library) ?? new WeakMap<Located<RawWorksheet>, ResolvedWorksheet>();
	resolved.set(library, known);
	const before = known.get(located);
	if (before) return before;
	const worksheet = compose(library, located);
	known.set(located, worksheet);
	return worksheet;
}

/** Neither changes once it is read, so a worksheet is resolved once. */
const resolved = new WeakMap<Library, WeakMap<Located<RawWorksheet>, ResolvedWorksheet>>();

function compose(library: Library, located: Located<RawWorksheet>): ResolvedWorksheet {
	const raw = located.value;
	const all = partsOf(library, located).parts;
	const parts = all.map(({ section }) => section);
	const required = new Set(raw.requiredBeforeSign);
	const sections = all.map((part) => ({
		...resolveSection(library, part.section.value, required),
		framed: part.framed
	}));
	const fields = new Map(
		sections.flatMap((section) => section.fields).map((field) => [field.id, field])
	);
	const measurements = {
		...measurementsOf(library, [...fields.values()]),
		...Object.fromEntries(
			parts.flatMap(({ value }) => value.fields.flatMap((field) => ownMeasurement(field)))
		)
	};
	const sheet = sheetFields([...fields.values()], measurements);
	const own = parts.flatMap(({ value }) =>
		value.fields.flatMap((field) => ownFormula(field, sheet))
	);
	const formulas = [
		...library.formulas
			.flatMap(({ value }) => resolveFormula(value, sheet))
			.filter((formula) => !own.some((calculation) => turnsRound(formula, calculation)))
			.filter(({ inputs }) => inputs.some((input) => isWithinReach(input, sheet))),
		...own
	];
	const grades = parts
		.flatMap(({ value }) => value.grades)
		.flatMap((use) => {
			const grade = library.grades.get(typeof use === 'string' ? use : use.use);
			if (!grade) return [];
			return typeof use === 'string'
				? [gradeOf(grade.value, sheet, grade.value.id, grade.value.title, (id) => id)]
				: [gradeInRow(grade.value, sheet, use.row, use.label)];
		});
	const gradeIds = new Set(grades.map((grade) => grade.id));
	const statements = parts.flatMap(({ value }) => value.statements.map(statementOf(value.id)));
	const normals = limitsFor(indexOf(library).normals, fields);
	const plausibility = library.plausibility.map(({ value }) => value);
	const charts = chartsOf(library, sections);
	const accreditation = standardsFor(library, raw.accreditation, (id) => fields.has(id));
	const asked = accreditation.flatMap(({ elements }) => elements);
	const cited = [
		formulas,
		grades,
		statements,
		normals,
		Object.values(charts),
		accreditation,
		asked
	];
	const keys = cited.flat().flatMap(({ source }) => source ?? []);
	return {
		schema: 1,
		id: raw.id,
		version: raw.version,
		title: raw.title,
		group: raw.group,
		modalities: raw.modalities,
		maturity: raw.maturity,
		procedures: raw.procedures.map((text) => text.toLowerCase()),
		bodyParts: raw.bodyParts,
		codes: raw.codes,
		fallback: raw.fallback,
		standard: raw.standard,
		sections,
		measurements,
		formulas,
		normals,
		grades,
		statements,
		plausibility: [
			...limitsFor(indexOf(library).limits, fields),
			...parts.flatMap(({ value }) => value.fields.flatMap(ownLimits))
		],
		crossChecks: plausibility
			.flatMap(({ checks }) => checks)
			.filter(({ mustHold }) =>
				names(mustHold).every((name) => fields.has(name) || gradeIds.has(head(name)))
			),
		unitSlips: limitsFor(indexOf(library).slips, fields),
		...contradictionsFor(library, fields, gradeIds),
		chosen: parts.flatMap(({ value }) => value.chosen.map(chosenOf)),
		structures: parts.flatMap(({ value }) => value.structures.map(structureOf(value.id))),
		...(accreditation.length > 0 ? { accreditation } : {}),
		...(Object.keys(charts).length > 0 ? { charts } : {}),
		sources: sourcesFor(library, keys)
	};
}

/** K1: what the worksheet names, each with the elements of the standard it includes. */
function standardsFor(
	library: Library,
	named: readonly string[],
	has: (field: string) => boolean
): AccreditationStandard[] {
	return named.flatMap((id) => {
		const found = standardOf(library, id);
		return found ? [onSheet(found, has)] : [];
	});
}

function resolveSection(library: Library, raw: RawSection, required: Set<string>): Section {
	const core = new Set(raw.core);
	const computed = new Set(raw.computed);
	const fields = raw.fields.map((entry): Field => {
		const given: RawField = typeof entry === 'string' ? { id: entry } : entry;
		const measurementId = given.measurement ?? given.id;
		const measurement = library.measurements.get(measurementId);
		const isCoded = measurement?.kind === 'coded' || measurement?.quantity === 'code';
		const hasOwn = measurement === undefined && typeof entry === 'object' && isOwnNumber(entry);
		const column = given.label ?? measurement?.label ?? given.id;
		return {
			id: given.id,
			kind: given.kind ?? (measurement ? (isCoded ? 'coded' : 'number') : 'text'),
			measurementId: measurement ? measurementId : hasOwn ? given.id : null,
			label: given.rowLabel === undefined ? (given.label ?? null) : `${given.rowLabel}: ${column}`,
			options: optionsOf(library, given.options).map((option) => {
				const concept = given.concepts?.[option.code];
				return concept ? { ...option, concept } : option;
			}),
			...(given.codes && !hasOwn ? { codes: given.codes } : {}),
			core: core.has(given.id),
			visibleWhen: given.visibleWhen ?? null,
			requiredBeforeSign: required.has(given.id),
			computed: computed.has(given.id),
			...(given.default === undefined ? {} : { default: given.default }),
			...(given.help ? { help: given.help } : {}),
			...(given.row !== undefined && given.column !== undefined
				? { row: given.row, column: { id: given.column, label: column } }
				: {}),
			...(given.laterality ? { laterality: given.laterality } : {}),
			...(given.site ? { site: given.site } : {})
		};
	});
	return {
		id: raw.id,
		short: raw.short,
		title: raw.title,
		fields,
		...(raw.ofThisStudy ? { ofThisStudy: true } : {}),
		...(raw.table ? { table: raw.table } : {}),
		...(raw.diagrams.length > 0 ? { diagrams: raw.diagrams } : {})
	};
}

type RawField = Exclude<RawSection['fields'][number], string>;

/** A number of the section itself, which the dictionary does not hold. */
function isOwnNumber(field: RawField): boolean {
	return (
		field.kind === 'number' && (field.measurement === undefined || field.measurement === field.id)
	);
}

function ownMeasurement(field: RawSection['fields'][number]): [string, Measurement][] {
	if (typeof field === 'string' || !isOwnNumber(field)) return [];
	const { id, label = id, unit = '1', decimals = 0, displayUnits, codes = [] } = field;
	const name = field.rowLabel === undefined ? label : `${field.rowLabel}: ${label}`;
	return [
		[
			id,
			{
				id,
				label: name,
				name,
				unit,
				displayUnits: displayUnits ?? [unit],
				decimals,
				kind: field.calculation ? 'calculated' : 'measured',
				magnitude: false,
				codes
			}
		]
	];
}

function ownLimits(field: RawSection['fields'][number]): ResolvedWorksheet['plausibility'] {
	if (typeof field === 'string' || !isOwnNumber(field) || !field.hard) return [];
	const { id, unit = '1', hard, soft = hard } = field;
	return [{ field: id, unit, hard, soft }];
}

/** R10: of a formula none of whose inputs has a field, nothing ever comes. */
const isWithinReach = (
	{ field, alternatives, list }: Formula['inputs'][number],
	sheet: SheetFields
) => (list ?? [field, ...alternatives]).some((id) => sheet.has(id) || id.startsWith('patient.'));

/** R10: a sheet that works out the interval from the rate has no use for the rate from the interval. */
const turnsRound = (formula: Formula, own: Formula): boolean =>
	formula.inputs.some(({ field }) => field === own.output) &&
	own.inputs.some(({ field }) => field === formula.output);

/** A calculation that stands at its field: its inputs are fields, each in its own unit. */
function ownFormula(field: RawSection['fields'][number], sheet: SheetFields): Formula[] {
	if (typeof field === 'string' || !field.calculation) return [];
	const { expression, kind, verified, source } = field.calculation;
	return [
		{
			id: `${field.id}.own`,
			name: field.label ?? field.id,
			output: field.id,
			outputUnit: sheet.unitOf(field.id) ?? '1',
			inputs: names(expression).map((name) => ({
				name,
				field: name,
				alternatives: [],
				unit: sheet.unitOf(name) ?? (sheet.isNumeral(name) ? '1' : null),
				list: null
			})),
			expression,
			option: null,
			kind,
			verified,
			source
		}
	];
}

function optionsOf(library: Library, given: string | Record<string, string> | undefined) {
	const set = typeof given === 'string' ? library.options.get(given) : given;
	return inOrder(Object.entries(set ?? {}).map(([code, label]) => ({ code, label })));
}

/** Of a row of the dictionary, what the engine and the printers use. */
function measurementsOf(library: Library, fields: readonly Field[]): Record<string, Measurement> {
	const rows = fields.flatMap(({ measurementId }) => {
		const row = measurementId ? library.measurements.get(measurementId) : undefined;
		if (!row) return [];
		const { id, label, name, unit, displayUnits, decimals, kind, magnitude, codes } = row;
		return [{ id, label, name, unit, displayUnits, decimals, kind, magnitude, codes }];
	});
	return Object.fromEntries(rows.map((row) => [row.id, row]));
}

/**
 * One formula for each field that its measurement stands in: right and left take their inputs from
 * their own side. `*` is the unit of the field: an index is what is indexed per square metre.
 */
function resolveFormula(raw: RawFormula, sheet: SheetFields): Formula[] {
	return raw.uses.flatMap((use) => {
		const [option] = Object.entries(use.option ?? {});
		const outputs = sheet.of(use.output).filter(({ site }) => site === use.site);
		return outputs.map((output): Formula => ({
			id: raw.id,
			name: raw.name,
			output: output.id,
			outputUnit: raw.unit === '*' ? (sheet.unitOf(output.id) ?? '1') : raw.unit,
			inputs: Object.entries(raw.inputs).map(([name, unit]): Input => {
				const listed = use.list?.[name];
				const fields = (listed ?? [use.from[name] ?? ''].flat()).map((id) =>
					sheet.onSide(id, output.laterality)
				);
				const [field = '', ...others] = fields;
				return {
					name,
					field,
					alternatives: listed ? [] : others,
					unit: (unit === '*' ? sheet.unitOf(field) : unit) ?? '1',
					list: listed ? fields : null
				};
			}),
			expression: raw.expression,
			option: option ? { name: option[0], value: option[1] } : null,
			kind: raw.kind,
			verified: raw.verified,
			source: raw.source
		}));
	});
}

/** The fields of a sheet, found by what they measure. */
interface SheetFields {
	has(id: string): boolean;
	of(measurementId: string): Field[];
	/** The field of a measurement on a side; where it has no sides, the id itself. */
	onSide(measurementId: string, side: Field['laterality']): string;
	unitOf(field: string): string | null;
	/** A score: every answer is a number. */
	isNumeral(field: string): boolean;
}

function sheetFields(
	fields: readonly Field[],
	measurements: Record<string, Measurement>
): SheetFields {
	const byId = new Map(fields.map((field) => [field.id, field]));
	const byMeasurement = Map.groupBy(fields, ({ measurementId }) => measurementId);
	const sheet: SheetFields = {
		has: (id) => byId.has(id),
		of: (measurementId) => byMeasurement.get(measurementId) ?? [],
		onSide: (id, side) =>
			(side && sheet.of(id).find(({ laterality }) => laterality === side)?.id) ?? id,
		unitOf: (field) => measurements[byId.get(field)?.measurementId ?? '']?.unit ?? null,
		isNumeral: (field) => {
			const options = byId.get(field)?.options ?? [];
			return options.some(({ code }) => /^\d/.test(code));
		}
	};
	return sheet;
}

/** W4: of a repeated section, the grade of one row: its inputs are the fields of that row. */
function gradeInRow(raw: RawGrade, sheet: SheetFields, row: string, label: string): Grade {
	const named = (id: string) => (sheet.has(`${id}_${row}`) ? `${id}_${row}` : id);
	return gradeOf(raw, sheet, `${raw.id}_${row}`, `${raw.title}, ${label}`, named);
}

function gradeOf(
	raw: RawGrade,
	sheet: SheetFields,
	id: string,
	title: string,
	named: (id: string) => string
): Grade {
	return {
		id,
		title,
		type: raw.type,
		appliesWhen: raw.appliesWhen ?? null,
		inputs: raw.inputs.map(({ name, field, alternatives, unit }) => ({
			name,
			field: named(field),
			alternatives: (alternatives ?? []).map(named),
			unit,
			list: null
		})),
		let: raw.let,
		rules: raw.rules,
		otherwise: raw.otherwise,
		fills: raw.fills
			.map(({ key, field }) => ({ key, field: named(field) }))
			.filter(({ field }) => sheet.has(field)),
		parameters: raw.parameters
			.map((parameter) => ({
				...parameter,
				field: named(parameter.field),
				codes: parameter.codes ?? null
			}))
			.filter(({ field }) => sheet.has(field)),
		combine: raw.combine ?? null,
		verified: raw.verified,
		source: raw.source
	};
}

/** Fields with a side or a site take the normals and limits of their measurement. */
function limitsFor<T extends { field: string }>(
	items: ReadonlyMap<string, readonly T[]>,
	fields: ReadonlyMap<string, Field>
): T[] {
	return [...fields.values()].flatMap(({ id, measurementId }) =>
		(items.get(measurementId ?? '') ?? []).map((item) => ({ ...item, field: id }))
	);
}

/** What the library says of measurements, found by measurement. */
function indexOf(library: Library) {
	const before = indexes.get(library);
	if (before) return before;
	const index = makeIndex(library);
	indexes.set(library, index);
	return index;
}

function makeIndex(library: Library) {
	const plausibility = library.plausibility.map(({ value }) => value);
	const byField = <T extends { field: string }>(items: readonly T[]) =>
		Map.groupBy(items, ({ field }) => field) as ReadonlyMap<string, readonly T[]>;
	return {
		limits: byField(plausibility.flatMap(({ limits }) => limits)),
		slips: byField(plausibility.flatMap(({ slips }) => slips)),
		normals: byField(
			library.normals.map(({ value }) => ({
				...value,
				ageMin: value.ageMin ?? null,
				ageMax: value.ageMax ?? null
			}))
		)
	};
}
const indexes = new WeakMap<Library, ReturnType<typeof makeIndex>>();

/** Those whose numbers the sheet can have. */
function contradictionsFor(
	library: Library,
	fields: ReadonlyMap<string, Field>,
	gradeIds: ReadonlySet<string>
): Pick<ResolvedWorksheet, 'contradictions' | 'quotes'> {
	const isThere = (name: string) =>
		fields.has(name.replace(/^(flag|side|method)\./, '')) || gradeIds.has(head(name));
	const all = library.contradictions.map(({ value }) => value);
	return {
		contradictions: all
			.flatMap(({ contradictions }) => contradictions)
			.filter(({ when }) => names(when).some(isThere))
			.map((each) => ({ ...each, value: each.value ?? null })),
		quotes: all.flatMap(({ quotes }) => quotes).filter(({ field }) => fields.has(field))
	};
}

function statementOf(section: string) {
	return (raw: RawStatement, index: number): StatementRule => ({
		...raw,
		section,
		order: (index + 1) * 10,
		conclusion: raw.conclusion === true,
		conclusionWhen: typeof raw.conclusion === 'string' ? raw.conclusion : null,
		abnormal: raw.abnormal === true,
		abnormalWhen: typeof raw.abnormal === 'string' ? raw.abnormal : null
	});
}

function chosenOf(raw: RawSection['chosen'][number]) {
	const from = Object.entries(raw.from).map(([method, field]) => ({ method, field }));
	return { field: raw.field, from, orderOption: raw.orderOption ?? null };
}

function structureOf(section: string) {
	return (raw: RawSection['structures'][number]): Structure => ({
		...raw,
		section,
		unless: raw.unless ?? null,
		asserts: Object.entries(raw.asserts).map(([field, code]) => ({ field, code }))
	});
}

function names(expression: string): string[] {
	try {
		return namesIn(parseExpression(expression));
	} catch (error) {
		if (error instanceof ExpressionError) return [];
		throw error;
	}
}

/** The charts that the diagrams of a worksheet are drawn on. */
function chartsOf(library: Library, sections: readonly Section[]): Record<string, Chart> {
	const diagrams = sections.flatMap((section) => section.diagrams ?? []);
	const named = diagrams.flatMap((each) => (each.kind === 'growth' ? [each.chart] : []));
	const found = [...new Set(named)].flatMap((id) => library.charts.get(id) ?? []);
	return Object.fromEntries(found.map(({ value }) => [value.id, chartOf(value)]));
}

const head = (name: string) => name.split('.', 1)[0] ?? name;

function sourcesFor(library: Library, keys: readonly string[]): ResolvedWorksheet['sources'] {
	const used = [...new Set(keys)].sort();
	return Object.fromEntries(
		used.flatMap((key) => {
			const source = library.sources.get(key);
			return source ? [[key, source] as const] : [];
		})
	);
}
