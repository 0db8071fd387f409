/**
 * Everything that can be known to be wrong before a worksheet runs: references, types, units, bands,
 * sources. Each problem names file, line and remedy. Rules C1–C9 in docs/worksheet-spec.md.
 */
import { deviates, valueAt } from './chart.ts';
import { checkSources } from './check-sources.ts';
import { checkStandard } from './check-standard.ts';
import { checkWorksheet, isNamedAnywhere } from './check-worksheet.ts';
import type { Band } from './definition.ts';
import { ExpressionError, namesIn, parseExpression } from './expression.ts';
import { numberIn, unitMismatch } from './infer.ts';
import type { Inferred, TypeOf } from './infer.ts';
import type { Library } from './read-library.ts';
import { markupIn } from './plain-texts.ts';
import { reporter } from './reporter.ts';
import { resolveLocated } from './resolve.ts';
import type { RawChart, RawFormula, RawGrade, RawNormal, RawPlausibility } from './file-schemas.ts';
import type { Located, Path, Problem } from './source-files.ts';
import { isComparable, parseUnit } from './units.ts';

/** All problems of a library, in the order of files and lines. */
export function checkLibrary(library: Library): Problem[] {
	const problems = [
		...library.formulas.flatMap((formula) => checkFormula(library, formula)),
		...library.normals.flatMap((normal) => checkNormal(library, normal)),
		...[...library.grades.values()].flatMap((grade) => checkGrade(library, grade)),
		...library.plausibility.flatMap((file) => checkPlausibility(library, file)),
		...checkNames(library),
		...[...library.worksheets.values()].flatMap((sheet) => checkWorksheet(library, sheet)),
		...[...library.charts.values()].flatMap((chart) => checkChart(library, chart)),
		...[library.sections, library.grades, library.worksheets].flatMap((items) =>
			[...items.values()].flatMap(markupIn)
		),
		...checkDistinct(library),
		...library.accreditation.flatMap((standard) => checkStandard(library, standard))
	];
	const unique = new Map(problems.map((each) => [`${each.file}:${each.line}:${each.what}`, each]));
	return [...unique.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** C12: two worksheets with the same fields are one worksheet. */
function checkDistinct(library: Library): Problem[] {
	const seen = new Map<string, string>();
	return [...library.worksheets.values()].flatMap((sheet) => {
		const { sections } = resolveLocated(library, sheet);
		const fields = sections
			.flatMap((section) => section.fields)
			.map(({ id, options }) => `${id}:${options.map(({ code }) => code).join(',')}`);
		const key = fields.sort().join(';');
		const other = seen.get(key);
		seen.set(key, sheet.value.id);
		if (other === undefined) return [];
		const what = `"${sheet.value.id}" has the same fields as "${other}"`;
		const remedy = 'Give each what the other has not, or keep one.';
		return [{ file: sheet.file, line: sheet.line(), what, remedy }];
	});
}

function checkFormula(library: Library, formula: Located<RawFormula>): Problem[] {
	const problems: Problem[] = [];
	const { report, infer } = reporter(formula, problems);
	const { value } = formula;
	checkSources(library, formula, problems);
	value.uses.forEach((use, index) => {
		const lists = new Set(Object.keys(use.list ?? {}));
		const unitOf = (field: string) => library.measurements.get(field)?.unit ?? null;
		const units = new Map<string, string>();
		for (const [name, unit] of Object.entries(value.inputs)) {
			const fields = use.list?.[name] ?? [use.from[name] ?? []].flat();
			if (fields.length === 0) report(['uses', index], `"${name}" is not given`, 'Name its field.');
			const own = unit === '*' ? (unitOf(fields[0] ?? '') ?? '1') : unit;
			units.set(name, own);
			for (const field of fields) {
				const canonical = unitOf(field) ?? (library.measurements.has(field) ? '1' : null);
				if (field.startsWith('patient.')) continue;
				if (canonical === null) {
					report(['uses', index], `there is no measurement "${field}"`, 'See measurements.json.');
				} else if (!isComparable(canonical, own)) {
					report(
						['uses', index],
						`${field} is in ${canonical}, not in ${own}`,
						'Correct the unit.'
					);
				}
			}
		}
		const output = unitOf(use.output);
		if (output === null) {
			report(['uses', index], `there is no measurement "${use.output}"`, 'See measurements.json.');
			return;
		}
		const typeOf: TypeOf = (name) => {
			const unit = units.get(name);
			if (unit === undefined) return null;
			const type = numberIn(unit);
			return lists.has(name) ? { type: 'list', quantity: type.quantity } : type;
		};
		const isDefinition = value.kind === 'definition';
		const type = infer(['expression'], value.expression, typeOf, isDefinition);
		const unit = value.unit === '*' ? output : value.unit;
		const wrong = type && isDefinition ? unitMismatch(type, unit) : null;
		if (wrong) report(['uses', index], `${use.output}: ${wrong}`, 'Check units and factors.');
		if (!isComparable(unit, output)) {
			report(['uses', index], `${use.output} is in ${output}, not in ${unit}`, 'Correct the unit.');
		}
	});
	return problems;
}

function checkNormal(library: Library, normal: Located<RawNormal>): Problem[] {
	const problems: Problem[] = [];
	const { report } = reporter(normal, problems);
	const { field, unit, bands, direction, decimals } = normal.value;
	checkSources(library, normal, problems);
	const canonical = library.measurements.get(field)?.unit;
	if (canonical == null) {
		report(['field'], `there is no measurement "${field}"`, 'See measurements.json.');
	} else if (!isComparable(canonical, unit)) {
		report(['unit'], `${field} is in ${canonical}, not in ${unit}`, 'Correct the unit.');
	}
	const disorder = bandDisorder(bands, direction, decimals);
	if (disorder)
		report(['bands'], `${field}: ${disorder}`, 'Bands go from best to worst, without gaps.');
	return problems;
}

/** C6: bands from best to worst, without overlap, and without a gap wider than one printed step. */
export function bandDisorder(
	bands: Record<string, Band>,
	direction: 'high' | 'low' | 'both' | 'none',
	decimals: number
): string | null {
	if (direction === 'none' || direction === 'both') return null;
	const entries = Object.entries(bands);
	for (const [index, [name, band]] of entries.entries()) {
		const next = entries[index + 1];
		const low = band.ge ?? band.gt ?? -Infinity;
		const high = band.le ?? band.lt ?? Infinity;
		if (low > high) return `"${name}" is empty`;
		if (!next) continue;
		const edge = direction === 'high' ? high : low;
		const start = direction === 'high' ? (next[1].ge ?? next[1].gt) : (next[1].le ?? next[1].lt);
		if (start === undefined) return `"${next[0]}" has no bound next to "${name}"`;
		const gap = direction === 'high' ? start - edge : edge - start;
		if (gap < -1e-9) return `"${name}" and "${next[0]}" overlap`;
		if (gap > 10 ** -decimals * 1.0001 && next[0] !== 'severe') {
			return `between "${name}" and "${next[0]}" is a gap`;
		}
		if (gap < 1e-9) {
			const own = direction === 'high' ? band.le : band.ge;
			const other = direction === 'high' ? next[1].ge : next[1].le;
			if ((own === undefined) === (other === undefined)) {
				return `${start} belongs to ${own === undefined ? 'neither' : 'both'} of "${name}" and "${next[0]}"`;
			}
		}
	}
	return null;
}

function checkGrade(library: Library, grade: Located<RawGrade>): Problem[] {
	const problems: Problem[] = [];
	const { report, infer, condition } = reporter(grade, problems);
	const { value } = grade;
	checkSources(library, grade, problems);
	const types = new Map<string, Inferred>();
	value.inputs.forEach(({ name, field, alternatives = [], unit }, index) => {
		types.set(name, unit === null ? { type: 'text' } : numberIn(unit));
		if (unit !== null && !parseUnit(unit)) {
			report(['inputs', index], `unit "${unit}" is not known`, 'Use UCUM.');
		}
		for (const id of [field, ...alternatives]) {
			const canonical = library.measurements.get(id)?.unit;
			if (canonical && unit && !isComparable(canonical, unit)) {
				report(['inputs', index], `${id} is in ${canonical}, not in ${unit}`, 'Correct the unit.');
			}
		}
	});
	const typeOf: TypeOf = (name) => types.get(name) ?? null;
	value.let.forEach(({ name, expr }, index) => {
		types.set(name, infer(['let', index], expr, typeOf) ?? { type: 'null' });
	});
	value.rules.forEach((rule, index) => condition(['rules', index, 'if'], rule.if, typeOf));
	value.parameters.forEach((parameter, index) => {
		const canonical = library.measurements.get(parameter.field)?.unit;
		if (parameter.unit !== null && (!canonical || !isComparable(canonical, parameter.unit))) {
			const what = `${parameter.field} is in ${canonical ?? 'no unit'}, not in ${parameter.unit}`;
			report(['parameters', index], what, 'Correct the field or the unit.');
		}
		const { bands, direction, decimals } = parameter;
		const disorder = bandDisorder(bands, direction, decimals);
		if (disorder) {
			report(['parameters', index], `${parameter.field}: ${disorder}`, 'Order and join the bands.');
		}
	});
	return problems;
}

/** A chart with formulas yields what its publication prints, and says where it comes from. */
function checkChart(library: Library, chart: Located<RawChart>): Problem[] {
	const problems: Problem[] = [];
	const { report, infer } = reporter(chart, problems);
	const { value } = chart;
	checkSources(library, chart, problems);
	for (const axis of ['x', 'y'] as const) {
		const { unit, range } = value[axis];
		if (!parseUnit(unit)) report([axis, 'unit'], `unit "${unit}" is not known`, 'Use UCUM.');
		if (range[0] >= range[1]) report([axis, 'range'], 'is empty', 'Give lowest and highest.');
	}
	const typeOf: TypeOf = (name) => (name === 'x' ? numberIn('1') : null);
	for (const key of ['mean', 'sd'] as const) {
		const formula = value[key];
		if (formula !== undefined) infer([key], formula, typeOf, false);
		else if (value.percentiles.length > 0) report([key], `"${key}" is missing`, 'Give it.');
	}
	if (value.curves.length + value.percentiles.length === 0) {
		report(['curves'], 'has no curves', 'Give points, or percentiles with mean and sd.');
	}
	value.percentiles.forEach((percentile, index) => {
		if (Object.hasOwn(deviates, percentile)) return;
		const remedy = `Take one of ${Object.keys(deviates).join(', ')}.`;
		report(['percentiles', index], `percentile ${percentile} is not known`, remedy);
	});
	if (problems.length > 0) return problems;
	value.examples.forEach(({ percentile, x, y, tol }, index) => {
		const got = valueAt(value, percentile, x);
		if (got !== null && Math.abs(got - y) <= tol) return;
		const what = `percentile ${percentile} at ${x} is ${got?.toFixed(3) ?? 'not known'}, not ${y}`;
		report(['examples', index], what, 'Either the example or the chart is wrong: find out which.');
	});
	return problems;
}

/** C3: a check or a contradiction about what no sheet can have would never be asked. */
function checkNames(library: Library): Problem[] {
	const problems: Problem[] = [];
	const judge = (file: Located<unknown>, path: Path, expression: string) => {
		const { report } = reporter(file, problems);
		for (const name of namesOf(expression)) {
			if (isNamedAnywhere(library, name)) continue;
			report(path, `"${expression}": there is no "${name}"`, 'Write the name of a field.');
		}
	};
	for (const file of library.plausibility) {
		file.value.checks.forEach(({ mustHold }, index) => {
			judge(file, ['checks', index, 'mustHold'], mustHold);
		});
	}
	for (const file of library.contradictions) {
		file.value.contradictions.forEach(({ when, value }, index) => {
			judge(file, ['contradictions', index, 'when'], when);
			if (value) judge(file, ['contradictions', index, 'value'], value);
		});
	}
	return problems;
}

/** Of an expression that does not parse, none: where it is used, that is told. */
function namesOf(expression: string): string[] {
	try {
		return namesIn(parseExpression(expression));
	} catch (error) {
		if (error instanceof ExpressionError) return [];
		throw error;
	}
}

function checkPlausibility(library: Library, file: Located<RawPlausibility>): Problem[] {
	const problems: Problem[] = [];
	const { report } = reporter(file, problems);
	file.value.limits.forEach(({ field, unit, hard, soft }, index) => {
		const canonical = library.measurements.get(field)?.unit;
		if (canonical == null || !isComparable(canonical, unit)) {
			report(['limits', index], `"${field}" is no measurement in ${unit}`, 'Correct id or unit.');
		}
		if (hard[0] > soft[0] || soft[0] >= soft[1] || soft[1] > hard[1]) {
			report(['limits', index], `${field}: soft lies outside hard`, 'hard must include soft.');
		}
	});
	file.value.slips.forEach(({ field }, index) => {
		if (!library.measurements.has(field)) {
			report(['slips', index], `there is no measurement "${field}"`, 'See measurements.json.');
		}
	});
	return problems;
}
