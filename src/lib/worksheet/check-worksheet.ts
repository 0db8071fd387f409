/** What only shows when the sections of a worksheet come together. Rules C1–C9. */
import { partsOf } from './compose.ts';
import type { Field, ResolvedWorksheet } from './definition.ts';
import { editionNames } from './editions.ts';
import { functionNames } from './expression-functions.ts';
import { findCircle } from './find-circle.ts';
import { numberIn, unitMismatch } from './infer.ts';
import type { Inferred, TypeOf } from './infer.ts';
import type { Library } from './read-library.ts';
import { reporter } from './reporter.ts';
import { resolveLocated } from './resolve.ts';
import type { RawSection, RawStatement, RawWorksheet } from './file-schemas.ts';
import type { Located, Problem } from './source-files.ts';
import { isComparable } from './units.ts';

/** @param mayBeText a practice's own may have sections of free text only; the library may not (C11). */
export function checkWorksheet(
	library: Library,
	sheet: Located<RawWorksheet>,
	{ mayBeText = false }: { mayBeText?: boolean } = {}
): Problem[] {
	const problems: Problem[] = [];
	const { report } = reporter(sheet, problems);
	const { parts, problems: composing } = partsOf(library, sheet);
	const resolved = composing.length === 0 ? resolveLocated(library, sheet) : null;
	if (!resolved) return composing;
	if (parts.length === 0) report(['sections'], `${resolved.id} has no section`, 'Name one.');
	for (const { section, framed } of parts) {
		const resolvedSection = resolved.sections.find(({ id }) => id === section.value.id);
		// C11: what nobody can count, compare or index is no worksheet section.
		const sumsUp = section.value.statements.some(({ summary }) => summary);
		const isText = resolvedSection?.fields.every(({ kind }) => kind === 'text') ?? false;
		if (!framed && !sumsUp && isText && !mayBeText) {
			const what = `section "${section.value.id}" of ${resolved.id} is free text only`;
			problems.push({
				file: section.file,
				line: section.line(),
				what,
				remedy: 'Give it coded or numeric fields, or leave it out.'
			});
		}
	}
	const here = typesOf(resolved);
	const typeOf: TypeOf = (name) => here(name) ?? typeElsewhere(library, name);
	const fields = new Map(
		resolved.sections.flatMap((section) => section.fields).map((field) => [field.id, field])
	);
	sheet.value.requiredBeforeSign.forEach((id, index) => {
		if (!fields.has(id))
			report(['requiredBeforeSign', index], `no field "${id}"`, 'Correct the id.');
	});
	const standards = new Set(library.accreditation.map(({ value }) => value.id));
	sheet.value.accreditation.forEach((id, index) => {
		if (!standards.has(id))
			report(['accreditation', index], `there is no standard "${id}"`, 'See accreditation.yaml.');
	});
	const seen = new Set<string>();
	for (const { section } of parts) {
		problems.push(...checkSection(library, resolved, section, typeOf, seen));
	}
	for (const grade of resolved.grades) {
		const raw = gradeFileOf(library, grade.id);
		if (!raw) continue;
		const here = reporter(raw, problems);
		if (grade.appliesWhen) here.condition(['appliesWhen'], grade.appliesWhen, typeOf);
		grade.inputs.forEach(({ field, alternatives }, index) => {
			if ([field, ...alternatives].every((each) => typeOf(each) === null)) {
				const what = `${resolved.id} has no field "${field}" for grade "${grade.id}"`;
				here.report(['inputs', index], what, 'Add the field to a section.');
			}
		});
	}
	for (const file of library.plausibility) {
		const here = reporter(file, problems);
		file.value.checks.forEach((check, index) => {
			const isUsed = resolved.crossChecks.some(({ id }) => id === check.id);
			if (isUsed) here.condition(['checks', index, 'mustHold'], check.mustHold, typeOf);
		});
	}
	for (const file of library.contradictions) {
		const here = reporter(file, problems);
		file.value.contradictions.forEach((each, index) => {
			const isUsed = resolved.contradictions?.some(({ id }) => id === each.id);
			if (isUsed) here.condition(['contradictions', index, 'when'], each.when, typeOf);
		});
		file.value.quotes.forEach(({ field }, index) => {
			if (typeOf(field)?.type === 'number') return;
			here.report(['quotes', index], `there is no number "${field}"`, 'See measurements.json.');
		});
	}
	// A condition that does not read is told above; without one, look for circles.
	const circle = problems.length === 0 ? findCircle(resolved) : null;
	if (circle) report(['sections'], `goes in a circle: ${circle.join(' → ')}`, 'Take one step out.');
	return problems;
}

/** The grade that one of a side or a row was made of. */
function gradeFileOf(library: Library, id: string) {
	for (let name = id; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('_')))) {
		const found = library.grades.get(name);
		if (found) return found;
	}
	return undefined;
}

function checkSection(
	library: Library,
	sheet: ResolvedWorksheet,
	section: Located<RawSection>,
	typeOf: TypeOf,
	seen: Set<string>
): Problem[] {
	const problems: Problem[] = [];
	const { report, condition, infer } = reporter(section, problems);
	const { value } = section;
	const own = sheet.sections.find(({ id }) => id === value.id);
	own?.fields.forEach((field, index) => {
		const at = ['fields', index];
		if (seen.has(field.id)) report(at, `field "${field.id}" stands twice`, 'Remove one.');
		seen.add(field.id);
		// C2: what looks like a measurement must be one; free fields carry the section's name.
		if (field.measurementId === null && !field.id.includes('.')) {
			report(at, `there is no measurement "${field.id}"`, 'See measurements.json for the id.');
		}
		if ((functionNames as string[]).includes(field.id)) {
			report(at, `"${field.id}" is the name of a function`, 'Choose another id.');
		}
		const isCoded = field.kind === 'coded' || field.kind === 'multi-coded';
		if (isCoded && field.options.length === 0) {
			report(at, `field "${field.id}" has nothing to choose from`, 'Give it options.');
		}
		if (field.visibleWhen) condition(at, field.visibleWhen, typeOf);
		const wrong = wrongDefault(field, own.table?.growing === true);
		if (wrong) report([...at, 'default'], `the default of "${field.id}" ${wrong}`, defaultRemedy);
	});
	value.fields.forEach((field, index) => {
		if (typeof field === 'string' || !field.calculation) return;
		const at = ['fields', index, 'calculation'];
		const { expression, kind, source } = field.calculation;
		const isDefinition = kind === 'definition';
		const type = infer([...at, 'expression'], expression, numeralsOf(sheet, typeOf), isDefinition);
		const unit = field.unit ?? sheet.measurements[field.measurement ?? field.id]?.unit ?? '1';
		const wrong = type && isDefinition ? unitMismatch(type, unit) : null;
		if (wrong) report(at, `${field.id}: ${wrong}`, 'Check units and factors.');
		if (source.length === 0) report(at, `${field.id} has no source`, 'Name the publication.');
		for (const key of source) {
			if (!library.sources.has(key)) report(at, `no source "${key}"`, 'See sources.yaml.');
		}
	});
	for (const [index, diagram] of value.diagrams.entries()) {
		const named =
			diagram.kind === 'bullseye'
				? diagram.fields
				: diagram.kind === 'growth'
					? [diagram.x, diagram.y]
					: Object.values(diagram.vessels);
		for (const id of named) {
			if (typeOf(id) === null) report(['diagrams', index], `no field "${id}"`, 'Correct the id.');
		}
		if (diagram.kind === 'growth') checkGrowth(diagram, index);
		if (diagram.kind === 'bullseye' && diagram.fields.length !== diagram.segments) {
			const what = `${diagram.fields.length} fields for ${diagram.segments} segments`;
			report(['diagrams', index], what, 'Give one field a segment.');
		}
	}
	function checkGrowth(
		diagram: Extract<RawSection['diagrams'][number], { kind: 'growth' }>,
		index: number
	) {
		const chart = library.charts.get(diagram.chart)?.value;
		if (!chart) {
			report(['diagrams', index], `there is no chart "${diagram.chart}"`, 'See charts/.');
			return;
		}
		for (const axis of ['x', 'y'] as const) {
			const unit = unitOn(sheet, diagram[axis]);
			if (unit === null || isComparable(unit, chart[axis].unit)) continue;
			const what = `${diagram[axis]} is in ${unit}, the chart in ${chart[axis].unit}`;
			report(['diagrams', index], what, 'Take another field or chart.');
		}
	}
	const isField = (id: string) => typeOf(id) !== null;
	for (const key of ['core', 'computed'] as const) {
		value[key].forEach((id, index) => {
			if (!own?.fields.some((field) => field.id === id)) {
				report([key, index], `there is no field "${id}" in this section`, 'Correct the id.');
			}
		});
	}
	value.grades.forEach((use, index) => {
		const id = typeof use === 'string' ? use : use.use;
		if (!library.grades.has(id)) report(['grades', index], `no grade "${id}"`, 'See grades/.');
	});
	value.chosen.forEach((chosen, index) => {
		for (const id of [chosen.field, ...Object.values(chosen.from)]) {
			if (!isField(id)) report(['chosen', index], `there is no field "${id}"`, 'Correct the id.');
		}
	});
	value.structures.forEach((structure, index) => {
		if (structure.unless) condition(['structures', index], structure.unless, typeOf);
		for (const id of [...structure.fields, ...Object.keys(structure.asserts)]) {
			if (!isField(id)) report(['structures', index], `no field "${id}"`, 'Correct the id.');
		}
		for (const [field, code] of Object.entries(structure.asserts)) {
			if (!isOption(sheet, field, code)) {
				report(['structures', index], `"${code}" is no answer of "${field}"`, 'See its options.');
			}
		}
	});
	value.statements.forEach((statement, index) => {
		problems.push(...checkStatement(library, section, statement, index, typeOf, sheet.statements));
	});
	return problems;
}

const defaultRemedy = 'Take one of its options, or leave the default out.';

/** C14: a default is an answer that a person could give, and never a number. */
function wrongDefault(field: Field, isGrowing: boolean): string | null {
	const { default: given, kind, options } = field;
	if (given === undefined) return null;
	if (field.computed) return 'stands at a field that nobody types';
	if (isGrowing && field.row !== undefined) return 'would fill rows that nobody asked for';
	if (kind === 'number' || kind === 'date') return `stands at a ${kind}`;
	if (Array.isArray(given) !== (kind === 'multi-coded'))
		return kind === 'multi-coded' ? 'must be a list' : 'must be one answer';
	if (kind === 'text') return null;
	const codes = [given].flat();
	const unknown = codes.find((code) => !options.some((option) => option.code === code));
	if (unknown !== undefined) return `is "${unknown}", which is no option of it`;
	const numeral = codes.find((code) => /^-?\d+(\.\d+)?$/.test(code));
	return numeral === undefined ? null : `is "${numeral}", which counts as a number`;
}

/** Of a number on the sheet. */
function unitOn(sheet: ResolvedWorksheet, id: string): string | null {
	const fields = sheet.sections.flatMap((section) => section.fields);
	const field = fields.find((each) => each.id === id);
	return sheet.measurements[field?.measurementId ?? '']?.unit ?? null;
}

function isOption(sheet: ResolvedWorksheet, id: string, code: string): boolean {
	const fields = sheet.sections.flatMap((section) => section.fields);
	const field = fields.find((each) => each.id === id);
	return field?.options.some((option) => option.code === code) ?? false;
}

/** Ids of the statements of every section, as their files have them. */
function statementIds(library: Library): ReadonlySet<string> {
	const before = idsByLibrary.get(library);
	if (before) return before;
	const ids = [...library.sections.values()].flatMap(({ value }) =>
		Array.isArray(value.statements)
			? value.statements.flatMap((each: unknown) => (each as { id?: string }).id ?? [])
			: []
	);
	const found = new Set(ids);
	idsByLibrary.set(library, found);
	return found;
}
const idsByLibrary = new WeakMap<Library, ReadonlySet<string>>();

function checkStatement(
	library: Library,
	section: Located<RawSection>,
	statement: RawStatement,
	index: number,
	sheetTypes: TypeOf,
	statements: readonly { id: string }[]
): Problem[] {
	const problems: Problem[] = [];
	const { report, infer, condition } = reporter(section, problems);
	const at = (...rest: (string | number)[]) => ['statements', index, ...rest];
	const typeOf: TypeOf = (name) => {
		if (!name.startsWith('study.')) return sheetTypes(name);
		if (!statement.summary) return null;
		return name === 'study.unseen_fields' ? { type: 'list', quantity: null } : numberIn('1');
	};
	condition(at('when'), statement.when, typeOf);
	for (const key of ['conclusion', 'abnormal'] as const) {
		const expression = statement[key];
		if (typeof expression === 'string') condition(at(key), expression, typeOf);
	}
	for (const [slot, expression] of Object.entries(statement.slots)) {
		infer(at('slots', slot), expression, typeOf);
	}
	if (!statement.text.en) report(at('text'), `"${statement.id}" has no English text`, 'Add "en".');
	for (const [language, text] of Object.entries(statement.text)) {
		for (const [, slot] of text.matchAll(/\{([^}]*)\}/g)) {
			if (slot === undefined || !Object.hasOwn(statement.slots, slot)) {
				report(at('text', language), `there is no slot "${slot}"`, 'Add it to "slots".');
			}
		}
	}
	for (const id of statement.suppresses) {
		const isThere = statementIds(library).has(id) || statements.some((each) => each.id === id);
		if (!isThere) report(at('suppresses'), `there is no statement "${id}"`, 'Correct the id.');
	}
	for (const key of statement.source) {
		if (!library.sources.has(key)) report(at('source'), `no source "${key}"`, 'See sources.yaml.');
	}
	return problems;
}

/**
 * W9: a section may ask for a field or grade of another section. On a sheet without that section it is
 * not known; what exists nowhere is a slip of the pen.
 */
/** Of a name that any worksheet may have. */
export function typeElsewhere(library: Library, name: string): Inferred | null {
	const bare = name.replace(/^(flag|side|method)\./, '');
	const measurement = library.measurements.get(bare);
	const found = measurement
		? measurement.unit === null
			? ({ type: 'text' } as const)
			: numberIn(measurement.unit)
		: (fieldsElsewhere(library).get(bare) ?? gradeElsewhere(library, bare));
	return found !== null && bare !== name ? { type: 'text' } : found;
}

/** Whether a worksheet can have what an expression names; of a templated id any row counts. */
export function isNamedAnywhere(library: Library, name: string): boolean {
	if (/^(patient|option|study)\./.test(name) || typeElsewhere(library, name) !== null) return true;
	const bare = name.replace(/^(flag|side|method)\./, '');
	if ([...fieldsElsewhere(library).keys()].some((id) => rowOf(id)?.test(bare))) return true;
	const grade = bare.slice(0, bare.indexOf('.'));
	const isRow = [...library.grades.keys()].some((id) => grade.startsWith(`${id}_`));
	return bare.includes('.') && isRow;
}

/** `vein.content_$(row)` as a pattern for the fields that are made of it; null: it makes none. */
function rowOf(id: string): RegExp | null {
	if (!id.includes('$(')) return null;
	const parts = id.split(/\$\([a-z0-9_]+\)/).map((part) => part.replaceAll('.', '\\.'));
	return new RegExp(`^${parts.join('[a-z0-9_]+')}$`);
}

function gradeElsewhere(library: Library, name: string): Inferred | null {
	const dot = name.indexOf('.');
	const grade = library.grades.get(name.slice(0, dot))?.value;
	const key = name.slice(dot + 1);
	if (!grade) return null;
	if (key === 'disagree') return { type: 'boolean' };
	if (key === 'count') return numberIn('1');
	const answers = [...grade.rules.map((rule) => rule.then), grade.otherwise];
	const isOfTable = grade.type === 'parameter_table' && ['worst', 'least', 'grade'].includes(key);
	const isAnswer = answers.some((each) => each !== null && Object.hasOwn(each, key));
	return isAnswer || isOfTable ? { type: 'text' } : null;
}

const elsewhere = new WeakMap<Library, ReadonlyMap<string, Inferred>>();

/** Fields of sections that need no parameter, as their files have them. */
function fieldsElsewhere(library: Library): ReadonlyMap<string, Inferred> {
	const before = elsewhere.get(library);
	if (before) return before;
	const fields = [...library.sections.values()]
		.flatMap(({ value }) => (Array.isArray(value.fields) ? (value.fields as unknown[]) : []))
		.filter((field) => typeof field === 'object' && field !== null)
		.map((field) => field as { id?: string; kind?: string; unit?: string })
		.map(({ id = '', kind, unit = '1' }): [string, Inferred] => {
			if (kind === 'number') return [id, numberIn(unit)];
			return [id, kind === 'multi-coded' ? { type: 'list', quantity: null } : { type: 'text' }];
		});
	const found = new Map(fields);
	elsewhere.set(library, found);
	return found;
}

/** Inside a calculation a score counts as the number that its code is. */
function numeralsOf(sheet: ResolvedWorksheet, typeOf: TypeOf): TypeOf {
	const numerals = new Set(
		sheet.sections
			.flatMap(({ fields }) => fields)
			.filter(({ options }) => options.some(({ code }) => /^\d/.test(code)))
			.map(({ id }) => id)
	);
	return (name) => (numerals.has(name) ? numberIn('1') : typeOf(name));
}

/** C3: every name a condition may read, and what it is. */
export function typesOf(sheet: ResolvedWorksheet): TypeOf {
	const text: Inferred = { type: 'text' };
	const fields = new Map(
		sheet.sections.flatMap((section) => section.fields).map((field) => [field.id, field])
	);
	const grades = new Map(sheet.grades.map((grade) => [grade.id, grade]));
	return (name) => {
		const field = fields.get(name);
		if (field) {
			const unit = field.measurementId ? sheet.measurements[field.measurementId]?.unit : null;
			if (field.kind === 'number') return numberIn(unit ?? '1');
			return field.kind === 'multi-coded' ? { type: 'list', quantity: null } : text;
		}
		const dot = name.indexOf('.');
		const head = name.slice(0, dot);
		const rest = name.slice(dot + 1);
		const grade = grades.get(head);
		if (grade) {
			if (rest === 'disagree') return { type: 'boolean' };
			if (rest === 'count') return numberIn('1');
			const answers = [...grade.rules.map((rule) => rule.then), grade.otherwise];
			const isAnswer = answers.some((each) => each !== null && Object.hasOwn(each, rest));
			const isTable = grade.type === 'parameter_table';
			const isOfTable = isTable && ['worst', 'least', 'grade'].includes(rest);
			return isAnswer || isOfTable ? text : null;
		}
		switch (head) {
			case 'flag':
			case 'side':
			case 'method':
				return fields.has(rest) ? text : null;
			case 'option':
				return [...editionNames, 'language', 'bsaFormula'].includes(rest) ? text : null;
			case 'patient':
				if (rest === 'sex') return text;
				if (rest === 'age') return numberIn('a');
				return ['male', 'sex_code'].includes(rest) ? numberIn('1') : null;
			default:
				return null;
		}
	};
}
