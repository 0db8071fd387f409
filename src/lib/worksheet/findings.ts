/** What is wrong or odd about the values, in words for the reader. Rules P1–P7. */
import type { Entries } from './entry.ts';
import type { Finding } from './evaluation.ts';
import { evaluateNode, namesNeeded } from './expression.ts';
import { formatNumber } from './numbers.ts';
import { labelOf } from './program.ts';
import type { Program } from './program.ts';
import type { Scope } from './scope.ts';
import { convert } from './units.ts';

export function makeFindings(scope: Scope, entries: Entries): Finding[] {
	return [
		...unknownFields(scope.program, entries),
		...[...scope.program.fields.keys()].flatMap((field) => fieldFindings(scope, field)),
		...crossChecks(scope),
		...criticalResult(scope)
	];
}

/** P7: the sheet was changed below a running report; nothing is dropped silently. */
function unknownFields(program: Program, entries: Entries): Finding[] {
	return Object.keys(entries)
		.filter((field) => !program.fields.has(field))
		.slice(0, 50)
		.map((field) => ({
			kind: 'unknown-field',
			field: field.slice(0, 100),
			message: 'This worksheet has no such field; its value is kept but not used.',
			blocks: false,
			suggestion: null
		}));
}

function fieldFindings(scope: Scope, field: string): Finding[] {
	const reading = scope.reading(field);
	const found: Finding[] = [];
	if (reading.unusable.length > 0) {
		found.push(
			finding(
				'not-usable',
				field,
				`${labelOf(scope.program, field)}: the value has the wrong kind or unit.`
			)
		);
	}
	const value = reading.own?.value ?? reading.machine?.value;
	if (typeof value === 'number') found.push(...plausibility(scope, field, value));
	const required = scope.program.fields.get(field)?.requiredBeforeSign === true;
	const resolved = scope.resolve(field);
	const isDefault = resolved?.from === 'default'; // Z2
	if (required && (resolved === null || isDefault) && !reading.isUnseen) {
		const why = reading.conflict
			? 'two values disagree'
			: isDefault
				? 'nobody confirmed the default'
				: 'no value yet';
		found.push({
			...finding('required', field, `${labelOf(scope.program, field)}: ${why}.`),
			blocks: true
		});
	}
	return found;
}

/** P1–P3: one finding a number; what the slip means comes before the limit it breaks. */
function plausibility(scope: Scope, field: string, value: number): Finding[] {
	const { program } = scope;
	const measurement = program.measurementOf(field);
	if (!measurement?.unit) return [];
	const printed = print(value, measurement.unit, measurement.decimals);
	const limit = program.limits.get(field);
	const inUnit = limit ? convert(value, measurement.unit, limit.unit) : null;
	const isHard = limit !== undefined && inUnit !== null && isOutside(inUnit, limit.hard);
	const slip = (program.unitSlips.get(field) ?? []).find(
		({ between }) => !isOutside(value, between)
	);
	if (slip && !(limit && inUnit !== null && !isOutside(inUnit, limit.soft))) {
		const suggestion = Number((value * slip.factor).toPrecision(12));
		const meant = print(suggestion, measurement.unit, measurement.decimals);
		const message = `${measurement.label} ${printed} looks like ${slip.probably}: ${meant}?`;
		return [{ ...finding('unit-slip', field, message), blocks: isHard, suggestion }];
	}
	if (!limit || inUnit === null) return [];
	if (isHard) {
		const [low, high] = limit.hard;
		const message = `${measurement.label} ${printed} is not possible (${low} to ${high} ${limit.unit}).`;
		return [{ ...finding('hard-limit', field, message), blocks: true }];
	}
	if (!isOutside(inUnit, limit.soft)) return [];
	return [
		finding('soft-limit', field, `${measurement.label} ${printed} is unusual: please confirm.`)
	];
}

/** P4: a check with an input that is not known is skipped, but for what it asks `known(…)` of. */
function crossChecks(scope: Scope): Finding[] {
	return scope.program.crossChecks.flatMap((check) => {
		const node = scope.program.node(check.mustHold);
		const outcome = evaluateNode(node, (name) => exact(scope, name));
		const fields = namesNeeded(node);
		const isComplete = fields.every((name) => exact(scope, name) !== null);
		if (outcome !== false || !isComplete) return [];
		const isRejected = check.severity === 'reject';
		return [{ ...finding('cross-check', fields[0] ?? '', check.message), blocks: isRejected }];
	});
}

/** P8: a critical result is only half said until it stands who was told, and when. */
function criticalResult(scope: Scope): Finding[] {
	if (scope.resolve('critical.present')?.value !== 'yes') return [];
	return ['critical.told', 'critical.date', 'critical.time']
		.filter((field) => scope.program.fields.has(field) && scope.resolve(field) === null)
		.slice(0, 1)
		.map((field) =>
			finding(
				'critical',
				field,
				`A critical result is marked, but not ${field === 'critical.told' ? 'who was told' : 'when it was told'}.`
			)
		);
}

/** Unrounded: recomputing from rounded numbers would find differences that are none. */
function exact(scope: Scope, name: string) {
	return scope.resolve(name)?.value ?? scope.lookup(name);
}

const isOutside = (value: number, [low, high]: readonly [number, number]) =>
	value < low || value > high;

function print(value: number, unit: string, decimals: number | null): string {
	const shown = formatNumber(value, decimals ?? 1);
	// A value that the print precision would hide is shown as it is.
	const text = Number(shown) === 0 && value !== 0 ? String(Number(value.toPrecision(3))) : shown;
	return unit === '1' ? text : `${text} ${unit.replace('mm[Hg]', 'mmHg')}`;
}

function finding(kind: Finding['kind'], field: string, message: string): Finding {
	return { kind, field, message, blocks: false, suggestion: null };
}
