/** What formulas make of a field, and what the machine had made of it. Rules R4 and R5. */
import type { Formula } from './definition.ts';
import type { Entry } from './entry.ts';
import type { Result } from './evaluation.ts';
import { evaluateNode } from './expression.ts';
import type { Value } from './expression.ts';
import { isOutsideHardLimits } from './limits.ts';
import { optionValue } from './lookup-name.ts';
import type { Scope } from './scope.ts';
import { convert } from './units.ts';

/** R4: the first formula whose inputs are all there; else the first, with what it misses. */
export function computeField(scope: Scope, field: string): Result | null {
	const formulas = (scope.program.formulas.get(field) ?? []).filter(
		({ option }) => !option || optionValue(scope.options, option.name) === option.value
	);
	let first: Result | null = null;
	for (const formula of formulas) {
		const attempt = computeBy(scope, formula);
		if (attempt.value !== null) return attempt;
		first ??= attempt;
	}
	return first;
}

function computeBy(scope: Scope, formula: Formula): Result {
	const { program } = scope;
	const given = new Map(formula.inputs.map((input) => [input.name, scope.input(input)]));
	const raw = evaluateNode(program.node(formula.expression), (name) => given.get(name) ?? null);
	const unit = program.measurementOf(formula.output)?.unit ?? formula.outputUnit;
	const value = typeof raw === 'number' ? convert(raw, formula.outputUnit, unit) : null;
	const missing = formula.inputs.filter(({ name }) => given.get(name) === null);
	const isPlausible = value !== null && !isOutsideHardLimits(program, formula.output, value);
	return {
		id: formula.output,
		value: isPlausible ? value : null,
		unit,
		formula: formula.id,
		inputs: Object.fromEntries(
			formula.inputs.map(({ name, field }) => [field, asNumber(given.get(name))])
		),
		missing: [...new Set(missing.flatMap(({ field }) => roots(scope, field)))],
		kind: formula.kind,
		verified: formula.verified,
		source: formula.source,
		machine: machineNumber(scope, formula, isPlausible ? value : null)
	};
}

const asNumber = (value: Value | undefined) => (typeof value === 'number' ? value : null);

/** What a person would have to enter: an index misses the height, not the surface area. */
function roots(scope: Scope, field: string, depth = 0): string[] {
	const result = depth < 5 && field !== '' ? scope.result(field) : null;
	return result && result.value === null && result.missing.length > 0 ? result.missing : [field];
}

/** R5: the machine's own number, when it differs beyond rounding or stands alone. */
function machineNumber(scope: Scope, formula: Formula, ours: number | null): Result['machine'] {
	const { machine } = scope.reading(formula.output);
	if (!machine || typeof machine.value !== 'number') return null;
	const decimals = scope.program.measurementOf(formula.output)?.decimals ?? 0;
	const isSame = ours !== null && Math.abs(ours - machine.value) <= 0.5 * 10 ** -decimals + 1e-9;
	if (isSame) return null;
	const isStale = formula.inputs.some(({ field }) => wasChangedByPerson(scope, field));
	return { value: machine.value, entryId: machine.entry.id, stale: isStale };
}

function wasChangedByPerson(scope: Scope, field: string, depth = 0): boolean {
	const own = scope.reading(field).own;
	if (own) return isByPerson(own.entry);
	const formulas = depth < 5 ? (scope.program.formulas.get(field) ?? []) : [];
	return formulas.some((formula) =>
		formula.inputs.some((input) => wasChangedByPerson(scope, input.field, depth + 1))
	);
}

const isByPerson = ({ source }: Entry) => source.kind === 'person' || source.kind === 'caliper';
