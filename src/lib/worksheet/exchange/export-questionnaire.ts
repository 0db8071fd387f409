/** A worksheet of ours → FHIR R4 Questionnaire. */
import type { Code, Field, FieldOption, ResolvedWorksheet, Section } from '../definition.ts';
import { leftBehind, leftCounts, type LeftBehind } from './left-behind.ts';
import { extensions, systems } from './questionnaire.ts';
import type { Coding, EnableWhen, Extension, Item, Questionnaire } from './questionnaire.ts';

/** Where our own answers are defined: by worksheet and field, since a code means nothing alone. */
const ownSystem = 'urn:readroom:worksheet';

export interface Exported {
	questionnaire: Questionnaire;
	/** What a Questionnaire has no place for. */
	left: LeftBehind[];
}

export function exportQuestionnaire(sheet: ResolvedWorksheet): Exported {
	const left: LeftBehind[] = [];
	const item = sheet.sections.map((section) => groupOf(sheet, section, left));
	return {
		questionnaire: {
			resourceType: 'Questionnaire',
			id: sheet.id,
			url: `${ownSystem}:${sheet.id}`,
			name: sheet.id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
			title: sheet.title,
			version: sheet.version,
			status: 'active',
			...(sheet.codes?.length ? { code: sheet.codes.map(codingOf) } : {}),
			item
		},
		left: [
			...left,
			...leftCounts({
				formulas: sheet.formulas.length,
				normals: sheet.normals.length,
				grades: sheet.grades.length,
				statements: sheet.statements.length
			})
		]
	};
}

function groupOf(sheet: ResolvedWorksheet, section: Section, left: LeftBehind[]): Item {
	const make = (field: Field) => itemOf(sheet, field, left);
	const rows = (section.table?.rows ?? []).map(({ key, label }): Item => ({
		linkId: `${section.id}/${key}`,
		text: label,
		type: 'group',
		item: section.fields.filter((field) => field.row === key).map(make)
	}));
	return {
		linkId: section.id,
		text: section.title,
		type: 'group',
		item: [...section.fields.filter(({ row }) => row === undefined).map(make), ...rows]
	};
}

function itemOf(sheet: ResolvedWorksheet, field: Field, left: LeftBehind[]): Item {
	const measurement = sheet.measurements[field.measurementId ?? ''];
	const text = field.column?.label ?? field.label ?? measurement?.name ?? field.id;
	const codes = (field.codes ?? measurement?.codes ?? []).map(codingOf);
	const condition = field.visibleWhen === null ? null : conditionOf(sheet, field.visibleWhen);
	if (field.visibleWhen !== null && condition === null)
		left.push(leftBehind('condition', { field: text }));
	const isChoice = field.kind === 'coded' || field.kind === 'multi-coded';
	return {
		linkId: field.id,
		text,
		type: typeOf(field),
		...(codes.length > 0 ? { code: codes } : {}),
		...(condition
			? { enableWhen: condition, ...(condition.length > 1 ? { enableBehavior: 'all' } : {}) }
			: {}),
		...(field.requiredBeforeSign ? { required: true } : {}),
		...(field.kind === 'multi-coded' ? { repeats: true } : {}),
		...(field.computed ? { readOnly: true } : {}),
		...(isChoice
			? { answerOption: field.options.map((one) => ({ valueCoding: answerOf(sheet, field, one) })) }
			: {}),
		...initialOf(sheet, field),
		...(field.kind === 'number' ? { extension: numberOf(sheet, field) } : {})
	};
}

function answerOf(sheet: ResolvedWorksheet, field: Field, option: FieldOption): Coding {
	const { code, label, concept } = option;
	return concept
		? codingOf({ ...concept, meaning: label })
		: { system: `${ownSystem}:${sheet.id}:${field.id}`, code, display: label };
}

/** Z3: the default. */
function initialOf(sheet: ResolvedWorksheet, field: Field): Pick<Item, 'initial'> {
	const values = field.default === undefined ? [] : [field.default].flat();
	if (values.length === 0) return {};
	if (field.kind === 'text') return { initial: values.map((valueString) => ({ valueString })) };
	const chosen = field.options.filter(({ code }) => values.includes(code));
	return { initial: chosen.map((one) => ({ valueCoding: answerOf(sheet, field, one) })) };
}

function typeOf({ kind }: Field): string {
	switch (kind) {
		case 'number':
			return 'quantity';
		case 'coded':
		case 'multi-coded':
			return 'choice';
		case 'date':
			return 'date';
		case 'text':
			return 'text';
	}
}

function numberOf(sheet: ResolvedWorksheet, field: Field): Extension[] {
	const { unit = '1', decimals = 2 } = sheet.measurements[field.measurementId ?? ''] ?? {};
	const limits = sheet.plausibility.find((each) => each.field === field.id && each.unit === unit);
	const code = unit ?? '1';
	return [
		{ url: extensions.unit, valueCoding: { system: systems.UCUM ?? '', code, display: code } },
		{ url: extensions.decimals, valueInteger: decimals ?? 2 },
		...(limits
			? [
					{ url: extensions.minValue, valueDecimal: limits.hard[0] },
					{ url: extensions.maxValue, valueDecimal: limits.hard[1] }
				]
			: [])
	];
}

/** Comparisons joined by `and`; anything richer has no counterpart and gives null. */
function conditionOf(sheet: ResolvedWorksheet, expression: string): EnableWhen[] | null {
	const fields = new Map(sheet.sections.flatMap((s) => s.fields).map((field) => [field.id, field]));
	const parts = expression.split(/\s+and\s+/).map((part): EnableWhen | null => {
		const bare = part.replace(/^\((.*)\)$/, '$1').trim();
		const exists = /^(not )?known\(([a-z0-9_.]+)\)$/.exec(bare);
		if (exists?.[2] && fields.has(exists[2]))
			return { question: exists[2], operator: 'exists', answerBoolean: exists[1] === undefined };
		const compared = /^([a-z0-9_.]+)\s*(==|!=|>=|<=|>|<)\s*("[^"]*"|-?\d+(?:\.\d+)?)$/.exec(bare);
		const [, question = '', operator = '', value = ''] = compared ?? [];
		const field = fields.get(question);
		if (!field) return null;
		const sign = operator === '==' ? '=' : operator;
		if (!value.startsWith('"')) return { question, operator: sign, answerDecimal: Number(value) };
		const code = value.slice(1, -1);
		const option = field.options.find((each) => each.code === code);
		const coding = option?.concept
			? codingOf(option.concept)
			: { system: `${ownSystem}:${sheet.id}:${question}`, code };
		return { question, operator: sign, answerCoding: coding };
	});
	return parts.every((part) => part !== null) ? parts : null;
}

function codingOf({ value, scheme, meaning }: Code): Coding {
	return { system: systems[scheme] ?? scheme, code: value, display: meaning };
}
