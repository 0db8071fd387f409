/**
 * What would change a grade: for every number that it rests on, the nearest value upwards and
 * downwards with which it would be another. Rule G9. Asked for one grade at a time, when a reader
 * wants to know how near to a border a number lies.
 */
import { bandOf } from './bands.ts';
import type { Grade, GradeParameter } from './definition.ts';
import type { evaluate } from './evaluate.ts';
import { defaultOptions } from './evaluation.ts';
import type { Node, Value } from './expression.ts';
import { answerOf, asPrinted, inputLabel } from './grade.ts';
import { roundHalfUp } from './numbers.ts';
import { programOf } from './program.ts';
import { createScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { convert } from './units.ts';

export interface GradeChange {
	field: string;
	label: string;
	/** In `unit`. */
	from: number;
	to: number;
	unit: string;
	decimals: number;
	/** What the grade would be; null: no answer. */
	grade: Record<string, string> | null;
}

/** The same for a reader's question, from what stands in the fields. */
export function changesFor(
	id: string,
	...[worksheet, entries, patient, options]: Parameters<typeof evaluate>
): GradeChange[] {
	const program = programOf(worksheet);
	const scope = createScope({
		program,
		entries,
		patient,
		options: { ...defaultOptions, ...options }
	});
	return whatWouldChange(scope, id);
}

/** Nearest first; empty when the grade is not given or rests on no number. */
export function whatWouldChange(scope: Scope, id: string): GradeChange[] {
	const grade = scope.program.grades.get(id);
	if (!grade || !scope.grade(id)) return [];
	const changes = grade.type === 'decision' ? ofDecision(scope, grade) : ofTable(scope, grade);
	return changes.sort((a, b) => distance(a) - distance(b));
}

const distance = ({ from, to }: GradeChange) =>
	Math.abs(to - from) / Math.max(1e-9, Math.abs(from));

function ofDecision(scope: Scope, grade: Grade): GradeChange[] {
	const { program } = scope;
	const known = new Map<string, Value>(
		grade.inputs.map((input) => [input.name, asPrinted(scope, input)])
	);
	const answerWith = (name: string, value: Value) =>
		answerOf(program, grade, new Map([...known, [name, value]])).answer;
	const now = JSON.stringify(answerOf(program, grade, new Map(known)).answer);
	const texts = [...grade.let.map(({ expr }) => expr), ...grade.rules.map((rule) => rule.if)];
	const limits = [...new Set(texts.flatMap((text) => numbersIn(program.node(text))))];
	return grade.inputs.flatMap((input): GradeChange[] => {
		const from = known.get(input.name);
		if (typeof from !== 'number' || input.unit === null) return [];
		// Nobody becomes younger or another sex by measuring again.
		if (input.field.startsWith('patient.')) return [];
		const decimals = decimalsOf(scope, input.field, input.unit, from);
		const step = 10 ** -decimals;
		const candidates = limits
			.flatMap((limit) => [limit - step, limit, limit + step])
			.map((value) => roundHalfUp(value, decimals))
			.filter((value) => value !== from && value >= 0 === from >= 0);
		const nearest = (side: readonly number[]) =>
			side.find((value) => JSON.stringify(answerWith(input.name, value)) !== now);
		const up = nearest(candidates.filter((value) => value > from).sort((a, b) => a - b));
		const down = nearest(candidates.filter((value) => value < from).sort((a, b) => b - a));
		return [up, down].flatMap((to) =>
			to === undefined
				? []
				: [
						{
							field: input.field,
							label: inputLabel(scope, input),
							from,
							to,
							unit: input.unit ?? '1',
							decimals,
							grade: answerWith(input.name, to)
						}
					]
		);
	});
}

/** Print decimals in the unit that the rule works in; a rule in cm of a field in mm has one more. */
function decimalsOf(scope: Scope, field: string, unit: string, from: number): number {
	const measurement = scope.program.measurementOf(field);
	const own = measurement?.decimals ?? 2;
	const factor = measurement?.unit ? convert(1, measurement.unit, unit) : 1;
	const shift = factor === null ? 0 : Math.round(-Math.log10(factor));
	const decimals = Math.min(4, Math.max(0, own + shift));
	// A value that was typed finer than it is printed keeps its own fineness.
	return Number.isInteger(from) || decimals > 0 ? decimals : 1;
}

function ofTable(scope: Scope, grade: Grade): GradeChange[] {
	return grade.parameters.flatMap((parameter) => {
		const resolved = scope.resolve(parameter.field);
		if (!resolved || typeof resolved.value !== 'number' || !resolved.unit || !parameter.unit) {
			return [];
		}
		const exact = convert(resolved.value, resolved.unit, parameter.unit);
		return exact === null ? [] : neighbours(scope, parameter, exact);
	});
}

/** The nearest values in the bands on both sides. */
function neighbours(scope: Scope, parameter: GradeParameter, exact: number): GradeChange[] {
	const { field, unit, decimals, bands } = parameter;
	const from = roundHalfUp(exact, decimals);
	const now = bandOf(from, bands);
	const step = 10 ** -decimals;
	const edges = Object.values(bands)
		.flatMap((band) => [band.ge, band.gt, band.le, band.lt])
		.filter((edge) => edge !== undefined)
		.flatMap((edge) => [edge - step, edge, edge + step])
		.map((edge) => roundHalfUp(edge, decimals));
	const other = (value: number) => {
		const band = bandOf(value, bands);
		return band !== null && band !== now;
	};
	const up = edges.filter((edge) => edge > from && other(edge)).sort((a, b) => a - b)[0];
	const down = edges.filter((edge) => edge < from && other(edge)).sort((a, b) => b - a)[0];
	const label = scope.program.measurementOf(field)?.label ?? field;
	return [up, down].flatMap((to) => {
		const band = to === undefined ? null : bandOf(to, bands);
		return to === undefined || band === null
			? []
			: [{ field, label, from, to, unit: unit ?? '1', decimals, grade: { grade: band } }];
	});
}

function numbersIn(node: Node): number[] {
	switch (node.kind) {
		case 'literal':
			return typeof node.value === 'number' ? [node.value] : [];
		case 'name':
			return [];
		case 'not':
		case 'negate':
			return numbersIn(node.operand);
		case 'call':
			return node.arguments.flatMap(numbersIn);
		default:
			return [...numbersIn(node.left), ...numbersIn(node.right)];
	}
}
