import echo from './bindings/echo.json' with { type: 'json' };
import measurementReport from './bindings/measurement-report.json' with { type: 'json' };
import obgyn from './bindings/obgyn.json' with { type: 'json' };
import valueTable from './bindings/values.json' with { type: 'json' };
import vascular from './bindings/vascular.json' with { type: 'json' };
import type { CodeKey } from './codes.ts';

/** Modifiers that a rule can name, with symbols of `bindings/values.json`; `none`: must be absent. */
export const ruleModifiers = [
	'method',
	'mode',
	'view',
	'flow',
	'phase',
	'respiration',
	'stage',
	'segment'
] as const;
export type RuleModifier = (typeof ruleModifiers)[number];

/**
 * How one measurement is recognised.
 * `basis`: where the combination was read. `standard` PS3.16/PS3.17, `instance` a machine's report,
 * `template` a template's row, `cid` the concept is in the context group of that section and the
 * modifiers are our reading, `local` our own reading: to be confirmed by the reader.
 */
export interface Rule extends Partial<Record<RuleModifier, string[]>> {
	measurement: string;
	/** `echo/lvidd/1`: written into the entry's source. */
	name: string;
	concept: CodeKey[];
	section?: string[];
	site?: string[];
	vessel?: string[];
	laterality?: 'left' | 'right';
	/** Named modifiers that the rest already says; a sender may leave them out. */
	implied?: RuleModifier[];
	/** Named modifiers taken as usual when the sender leaves them out; the reader is told. */
	assume?: RuleModifier[];
	/** Only of a fetus: the report or the section is an obstetric one. */
	fetus?: boolean;
	/** One value per vessel and segment: the field is found by its `site`. */
	bySite?: boolean;
	/** For sheets without a field for this one. */
	else?: string;
	basis: 'standard' | 'instance' | 'template' | 'cid' | 'local';
}

interface BindingFile {
	measurements: Record<string, { rules?: object[]; codes?: string[]; labels?: string[] }>;
}

const files: Record<string, BindingFile> = {
	echo,
	vascular,
	obgyn,
	report: measurementReport
};
const values: Record<string, Record<string, string[]>> = (({ generic: _, ...rest }) => rest)(
	valueTable
);

/** Concepts that mean nothing without a site: "peak velocity", "diameter". */
export const genericConcepts: ReadonlySet<CodeKey> = new Set(valueTable.generic);

/** Symbols of every kind of value by code: `symbols.method['DCM 125207']` is `mod-biplane`. */
const symbols: Record<string, Record<CodeKey, string>> = Object.fromEntries(
	Object.entries(values).map(([kind, table]) => [
		kind,
		Object.fromEntries(
			Object.entries(table).flatMap(([symbol, codes]) => codes.map((code) => [code, symbol]))
		)
	])
);

/** The symbol of a code, or the code itself when no rule names it. */
export function symbolOf(
	kind: RuleModifier | 'site' | 'vessel' | 'container',
	code: CodeKey
): string {
	const table = symbols[kind];
	return table && Object.hasOwn(table, code) ? table[code]! : code;
}

/** True when the code is one that some rule names. */
export function isKnown(kind: RuleModifier | 'site' | 'vessel', code: CodeKey): boolean {
	return symbolOf(kind, code) !== code;
}

/** Every rule, by each concept it accepts. */
export const rulesByConcept: ReadonlyMap<CodeKey, readonly Rule[]> = indexRules();

/** Measurement by lower-case label of a user-defined measurement. */
export const measurementByLabel: ReadonlyMap<string, string> = new Map(
	Object.values(files).flatMap((file) =>
		Object.entries(file.measurements).flatMap(([id, binding]) =>
			(binding.labels ?? []).map((label) => [label.toLowerCase(), id] as const)
		)
	)
);

/** Every measurement that has a binding. */
export const boundMeasurements: ReadonlySet<string> = new Set(
	Object.values(files).flatMap((file) => Object.keys(file.measurements))
);

function indexRules(): Map<CodeKey, Rule[]> {
	const index = new Map<CodeKey, Rule[]>();
	for (const [area, file] of Object.entries(files))
		for (const [measurement, binding] of Object.entries(file.measurements)) {
			const rules = (binding.rules ?? []).map(
				(rule, i) => ({ ...rule, measurement, name: `${area}/${measurement}/${i + 1}` }) as Rule
			);
			const whole = (binding.codes ?? []).map((code): Rule => ({
				measurement,
				name: `${area}/${measurement}/${code}`,
				concept: [code],
				basis: 'standard'
			}));
			for (const rule of [...rules, ...whole])
				for (const concept of rule.concept)
					index.set(concept, [...(index.get(concept) ?? []), rule]);
		}
	return index;
}

const sided = new Set([...vascular.sided, ...obgyn.sided]);
const negative = new Set(echo.negative);

/** One value per side; such a measurement never fills a field without a side. */
export function isSided(measurement: string): boolean {
	return sided.has(measurement);
}

/** Stored negative by convention: longitudinal strain. */
export function isNegative(measurement: string): boolean {
	return negative.has(measurement);
}
