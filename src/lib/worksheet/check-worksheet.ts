/** What only shows when the sections of a worksheet come together. Rules C1–C9. */
import type { ResolvedWorksheet } from './definition.ts';
import { functionNames } from './expression-functions.ts';
import { findCircle } from './find-circle.ts';
import { numberIn } from './infer.ts';
import type { Inferred, TypeOf } from './infer.ts';
import type { Library } from './read-library.ts';
import { reporter } from './reporter.ts';
import { resolveWorksheet } from './resolve.ts';
import type { RawSection, RawStatement, RawWorksheet } from './file-schemas.ts';
import type { Located, Problem } from './source-files.ts';

export function checkWorksheet(library: Library, sheet: Located<RawWorksheet>): Problem[] {
	const problems: Problem[] = [];
	const { report } = reporter(sheet, problems);
	const resolved = resolveWorksheet(library, sheet.value.id);
	if (!resolved) return problems;
	sheet.value.sections.forEach((path, index) => {
		if (!library.sections.has(path)) {
			report(['sections', index], `there is no section "${path}"`, 'See the folder sections/.');
		}
	});
	const typeOf = typesOf(resolved);
	const fields = new Map(
		resolved.sections.flatMap((section) => section.fields).map((field) => [field.id, field])
	);
	sheet.value.requiredBeforeSign.forEach((id, index) => {
		if (!fields.has(id))
			report(['requiredBeforeSign', index], `no field "${id}"`, 'Correct the id.');
	});
	const seen = new Set<string>();
	for (const path of sheet.value.sections) {
		const section = library.sections.get(path);
		if (section) problems.push(...checkSection(library, resolved, section, typeOf, seen));
	}
	for (const grade of resolved.grades) {
		const raw =
			library.grades.get(grade.id) ?? library.grades.get(grade.id.replace(/_(right|left)$/, ''));
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
	// A condition that does not read is told above; without one, look for circles.
	const circle = problems.length === 0 ? findCircle(resolved) : null;
	if (circle) report(['sections'], `goes in a circle: ${circle.join(' → ')}`, 'Take one step out.');
	return problems;
}

function checkSection(
	library: Library,
	sheet: ResolvedWorksheet,
	section: Located<RawSection>,
	typeOf: TypeOf,
	seen: Set<string>
): Problem[] {
	const problems: Problem[] = [];
	const { report, condition } = reporter(section, problems);
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
	});
	const isField = (id: string) => typeOf(id) !== null;
	for (const key of ['core', 'computed'] as const) {
		value[key].forEach((id, index) => {
			if (!own?.fields.some((field) => field.id === id)) {
				report([key, index], `there is no field "${id}" in this section`, 'Correct the id.');
			}
		});
	}
	value.grades.forEach((id, index) => {
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
		problems.push(...checkStatement(library, section, statement, index, typeOf));
	});
	return problems;
}

function isOption(sheet: ResolvedWorksheet, id: string, code: string): boolean {
	const fields = sheet.sections.flatMap((section) => section.fields);
	const field = fields.find((each) => each.id === id);
	return field?.options.some((option) => option.code === code) ?? false;
}

function checkStatement(
	library: Library,
	section: Located<RawSection>,
	statement: RawStatement,
	index: number,
	sheetTypes: TypeOf
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
	const all = new Set(
		[...library.sections.values()].flatMap(({ value }) => value.statements.map(({ id }) => id))
	);
	for (const id of statement.suppresses) {
		if (!all.has(id)) report(at('suppresses'), `there is no statement "${id}"`, 'Correct the id.');
	}
	for (const key of statement.source) {
		if (!library.sources.has(key)) report(at('source'), `no source "${key}"`, 'See sources.yaml.');
	}
	return problems;
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
				return ['diastology', 'profile', 'language', 'bsaFormula'].includes(rest) ? text : null;
			case 'patient':
				if (rest === 'sex') return text;
				if (rest === 'age') return numberIn('a');
				return ['male', 'sex_code'].includes(rest) ? numberIn('1') : null;
			default:
				return null;
		}
	};
}
