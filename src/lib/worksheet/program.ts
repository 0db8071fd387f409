/** A worksheet made ready to run: expressions parsed, everything found by field. Made once each. */
import type {
	Chosen,
	CrossCheck,
	Field,
	Formula,
	Grade,
	Measurement,
	Normal,
	Plausibility,
	ResolvedWorksheet,
	StatementRule,
	UnitSlip
} from './definition.ts';
import { ExpressionError, namesIn, parseExpression } from './expression.ts';
import type { Node } from './expression.ts';

export interface Program {
	worksheet: ResolvedWorksheet;
	/** By id, in the order of the sheet. */
	fields: ReadonlyMap<string, Field>;
	formulas: ReadonlyMap<string, readonly Formula[]>;
	normals: ReadonlyMap<string, readonly Normal[]>;
	grades: ReadonlyMap<string, Grade>;
	/** Grades that fill a field, by field. */
	/** In the order of the sheet; the first that gives an answer fills the field. */
	fills: ReadonlyMap<string, readonly { grade: Grade; key: string }[]>;
	chosen: ReadonlyMap<string, Chosen>;
	limits: ReadonlyMap<string, Plausibility>;
	unitSlips: ReadonlyMap<string, readonly UnitSlip[]>;
	crossChecks: readonly CrossCheck[];
	measurementOf(field: string): Measurement | null;
	/** Statements in the order of the sheet. */
	statements: readonly StatementRule[];
	/** The parsed text. A text that does not parse was refused when the worksheet was loaded. */
	node(text: string): Node;
	/** The names that a text reads. */
	namesOf(text: string): readonly string[];
}

const programs = new WeakMap<ResolvedWorksheet, Program>();

export function programOf(worksheet: ResolvedWorksheet): Program {
	let program = programs.get(worksheet);
	if (!program) {
		program = build(worksheet);
		programs.set(worksheet, program);
	}
	return program;
}

function build(worksheet: ResolvedWorksheet): Program {
	const fields = new Map(
		worksheet.sections.flatMap((section) => section.fields).map((field) => [field.id, field])
	);
	const measurements = new Map<string, Measurement>();
	for (const { id, measurementId } of fields.values()) {
		const measurement = measurementId ? worksheet.measurements[measurementId] : undefined;
		if (measurement) measurements.set(id, measurement);
	}
	const node = remember(parseOrNull);
	const namesOf = remember((text) => namesIn(node(text)));
	return {
		worksheet,
		fields,
		formulas: groupBy(worksheet.formulas, (formula) => formula.output),
		normals: groupBy(worksheet.normals, (normal) => normal.field),
		grades: new Map(worksheet.grades.map((grade) => [grade.id, grade])),
		fills: groupBy(
			worksheet.grades.flatMap((grade) =>
				grade.fills.map(({ key, field }) => ({ field, grade, key }))
			),
			(fill) => fill.field
		),
		chosen: new Map(worksheet.chosen.map((chosen) => [chosen.field, chosen])),
		limits: new Map(worksheet.plausibility.map((limit) => [limit.field, limit])),
		unitSlips: groupBy(worksheet.unitSlips, (slip) => slip.field),
		crossChecks: worksheet.crossChecks,
		measurementOf: (field) => measurements.get(field) ?? null,
		statements: inOrder(worksheet),
		node,
		namesOf
	};
}

/** What a field is called on the sheet. */
export function labelOf(program: Program, field: string): string {
	return program.fields.get(field)?.label ?? program.measurementOf(field)?.label ?? field;
}

function parseOrNull(text: string): Node {
	try {
		return parseExpression(text);
	} catch (error) {
		if (error instanceof ExpressionError) return { kind: 'literal', value: null };
		throw error;
	}
}

function remember<T>(compute: (text: string) => T): (text: string) => T {
	const known = new Map<string, T>();
	return (text) => {
		const before = known.get(text);
		if (before !== undefined) return before;
		const value = compute(text);
		known.set(text, value);
		return value;
	};
}

function inOrder({ sections, statements }: ResolvedWorksheet): StatementRule[] {
	const place = new Map(sections.map(({ id }, index) => [id, index]));
	const placeOf = (rule: StatementRule) => place.get(rule.section) ?? sections.length;
	return [...statements].sort((a, b) => placeOf(a) - placeOf(b) || a.order - b.order);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const group = groups.get(key(item));
		if (group) group.push(item);
		else groups.set(key(item), [item]);
	}
	return groups;
}
