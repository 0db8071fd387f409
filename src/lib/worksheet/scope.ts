/**
 * Finds the value of any name on demand: field → entries → formula → machine → chosen method →
 * grade. Every answer is computed once; a circle ends in "not known". Rules R1–R9.
 */
import type { Input } from './definition.ts';
import type { Entries } from './entry.ts';
import type {
	EvaluationOptions,
	Flag,
	GradeResult,
	PatientFacts,
	Resolved,
	Result
} from './evaluation.ts';
import { holds } from './expression.ts';
import type { Value } from './expression.ts';
import { chooseNormal, flagValue } from './flag.ts';
import { gradeBy } from './grade.ts';
import { isOutsideHardLimits } from './limits.ts';
import { lookupName } from './lookup-name.ts';
import type { Program } from './program.ts';
import { noReading, readEntries } from './reading.ts';
import type { Reading } from './reading.ts';
import { computeField } from './result.ts';
import { convert } from './units.ts';

export interface Scope {
	program: Program;
	patient: PatientFacts;
	options: EvaluationOptions;
	reading(field: string): Reading;
	resolve(field: string): Resolved | null;
	/** Null when no formula of the worksheet yields the field. */
	result(field: string): Result | null;
	flag(field: string): Flag | null;
	/** Null when the grade does not apply to this study. */
	grade(id: string): GradeResult | null;
	/** The value of an input in the unit it asks for. */
	input(input: Input): Value;
	/** Any name that conditions, rules and statements may use. */
	lookup(name: string): Value;
}

export interface ScopeInput {
	program: Program;
	entries: Entries;
	patient: PatientFacts;
	options: EvaluationOptions;
}

export function createScope({ program, entries, patient, options }: ScopeInput): Scope {
	const scope: Scope = {
		program,
		patient,
		options,
		reading: once((field) => {
			const definition = program.fields.get(field);
			if (!definition) return noReading;
			const own = Object.hasOwn(entries, field) ? entries[field] : undefined;
			return readEntries(
				definition,
				program.measurementOf(field),
				own,
				program.formulas.has(field)
			);
		}, noReading),
		resolve: once((field) => resolveField(scope, field), null),
		result: once((field) => computeField(scope, field), null),
		flag: once((field) => flagField(scope, field), null),
		grade: once((id) => {
			const grade = program.grades.get(id);
			return grade ? gradeBy(scope, grade) : null;
		}, null),
		input: (input) => inputValue(scope, input),
		lookup: (name) => lookupName(scope, name)
	};
	return scope;
}

/** Computes once a key; while a key is being computed, and so in a circle, answers `meanwhile`. */
function once<T extends object | null>(
	compute: (key: string) => T,
	meanwhile: T
): (key: string) => T {
	const known = new Map<string, T>();
	return (key) => {
		const before = known.get(key);
		if (before !== undefined) return before;
		known.set(key, meanwhile);
		const value = compute(key);
		known.set(key, value);
		return value;
	};
}

function resolveField(scope: Scope, field: string): Resolved | null {
	const { program } = scope;
	const unit = program.measurementOf(field)?.unit ?? null;
	const reading = scope.reading(field);
	if (reading.conflict) return null; // R2
	if (reading.own) {
		const { value, entry } = reading.own;
		if (isOutsideHardLimits(program, field, value)) return null; // R3
		return { field, value, unit, from: 'entry', entryId: entry.id, method: null };
	}
	const result = scope.result(field);
	if (result && result.value !== null) {
		const { value, formula } = result;
		return { field, value, unit, from: 'formula', entryId: null, method: formula };
	}
	if (reading.machine && !isOutsideHardLimits(program, field, reading.machine.value)) {
		const { value, entry } = reading.machine;
		return { field, value, unit, from: 'machine-calculated', entryId: entry.id, method: null };
	}
	return chooseMethod(scope, field) ?? fillFromGrade(scope, field) ?? fromDefault(scope, field);
}

/** R6: a field that repeats one of several methods, in the practice's order. */
function chooseMethod(scope: Scope, field: string): Resolved | null {
	const chosen = scope.program.chosen.get(field);
	if (!chosen) return null;
	const order = chosen.orderOption === 'reportedEfOrder' ? scope.options.reportedEfOrder : null;
	const methods = order
		? order.flatMap((method) => chosen.from.filter((candidate) => candidate.method === method))
		: chosen.from;
	for (const { method, field: source } of methods) {
		const found = scope.resolve(source);
		if (found) return { ...found, field, from: 'chosen', method };
	}
	return null;
}

/** R7: what a grade estimates stands only where nobody gave a value. */
function fillFromGrade(scope: Scope, field: string): Resolved | null {
	const fills = scope.program.fills.get(field) ?? [];
	const fill = fills.find(({ grade, key }) => scope.grade(grade.id)?.grade?.[key] !== undefined);
	const answer = fill && scope.grade(fill.grade.id)?.grade?.[fill.key];
	if (!fill || answer === undefined) return null;
	const isNumber = scope.program.fields.get(field)?.kind === 'number';
	const value = isNumber ? Number(answer) : answer;
	if (typeof value === 'number' && !Number.isFinite(value)) return null;
	const unit = scope.program.measurementOf(field)?.unit ?? null;
	return { field, value, unit, from: 'grade', entryId: null, method: fill.grade.id };
}

/** Z1: the worksheet's default stands last, and only in a field that is shown. */
function fromDefault(scope: Scope, field: string): Resolved | null {
	const { byDefault } = scope.reading(field);
	if (!byDefault) return null;
	const condition = scope.program.fields.get(field)?.visibleWhen ?? null;
	if (condition !== null && !holds(scope.program.node(condition), scope.lookup)) return null;
	const { value, entry } = byDefault;
	return { field, value, unit: null, from: 'default', entryId: entry.id, method: null };
}

function flagField(scope: Scope, field: string): Flag | null {
	const normals = scope.program.normals.get(field);
	const resolved = normals && scope.resolve(field);
	if (!normals || !resolved || typeof resolved.value !== 'number') return null;
	const normal = chooseNormal(normals, scope.patient, scope.options);
	const unit = resolved.unit ?? scope.program.measurementOf(field)?.unit;
	return normal && unit ? flagValue(field, resolved.value, unit, normal) : null;
}

function inputValue(scope: Scope, input: Input): Value {
	if (input.list) {
		const values = input.list.map((field) => numberIn(scope, field, input.unit));
		const known = values.filter((value) => value !== null);
		return known.length > 0 ? known : null;
	}
	for (const field of [input.field, ...input.alternatives]) {
		const value = input.unit === null ? scope.lookup(field) : numberIn(scope, field, input.unit);
		if (value !== null) return value;
	}
	return null;
}

/** A field's number in a unit. Codes that are numerals count, such as wall motion scores. */
function numberIn(scope: Scope, field: string, unit: string | null): number | null {
	const resolved = scope.resolve(field);
	const value = resolved ? resolved.value : scope.lookup(field);
	if (typeof value === 'string') return /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
	if (typeof value !== 'number') return null;
	return resolved?.unit && unit ? convert(resolved.value as number, resolved.unit, unit) : value;
}
