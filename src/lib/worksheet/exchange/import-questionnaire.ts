/** FHIR R4 Questionnaire → a worksheet of ours. */
import { parseUnit } from '../units.ts';
import { identifier, writeDraft } from './draft.ts';
import type {
	CodeOf,
	Draft,
	DraftCode,
	DraftField,
	DraftOption,
	Imported,
	IsTaken
} from './draft.ts';
import { leftBehind, type LeftBehind, type LeftCode } from './left-behind.ts';
import { containedSets, extensions, questionnaireSchema, schemeOf } from './questionnaire.ts';
import type { Coding, EnableWhen, Item, Questionnaire } from './questionnaire.ts';

/** @returns null with what is wrong when the text is no Questionnaire. */
export function importQuestionnaire(text: string, isTaken?: IsTaken): Imported | { wrong: string } {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		return { wrong: error instanceof Error ? error.message : 'is no JSON' };
	}
	if (depthOf(json) > 60) return { wrong: 'is nested too deep' };
	const parsed = questionnaireSchema.safeParse(json);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		return { wrong: `${issue?.path.join('.') || 'the resource'}: ${issue?.message}` };
	}
	const imported = writeDraft(draftOf(parsed.data), isTaken);
	return imported.fields === 0 ? { wrong: 'has no field' } : imported;
}

function draftOf(questionnaire: Questionnaire): Draft {
	const title = questionnaire.title ?? questionnaire.name ?? questionnaire.id ?? 'Questionnaire';
	const left: LeftBehind[] = [];
	const sets = containedSets(questionnaire);
	const sections: Draft['sections'] = [];
	const loose: DraftField[] = [];
	for (const item of questionnaire.item ?? []) {
		if (item.type === 'group')
			sections.push({
				title: item.text ?? item.linkId,
				fields: fieldsOf(item.item ?? [], [], sets, left)
			});
		else loose.push(...fieldsOf([item], [], sets, left));
	}
	if (loose.length > 0) sections.unshift({ title, fields: loose });
	return {
		id: identifier(questionnaire.name ?? title, 'questionnaire').replaceAll('_', '-'),
		title,
		modalities: ['OT'],
		standard: [questionnaire.publisher, questionnaire.url].filter(Boolean).join(' '),
		about: [
			`FHIR Questionnaire ${questionnaire.url ?? questionnaire.id ?? title} ${questionnaire.version ?? ''}`,
			...(questionnaire.copyright ? [questionnaire.copyright] : [])
		],
		sections,
		left
	};
}

type Sets = ReadonlyMap<string, Coding[]>;

function fieldsOf(
	items: readonly Item[],
	above: readonly string[],
	sets: Sets,
	left: LeftBehind[]
): DraftField[] {
	return items.flatMap((item) => {
		const name = item.text ?? item.prefix ?? item.linkId;
		const inside = fieldsOf(item.item ?? [], [...above, name], sets, left);
		if (item.type === 'group') {
			if (item.repeats) left.push(leftBehind('repeats', { field: name }));
			return inside;
		}
		if (item.type === 'display') {
			left.push(leftBehind('words', { field: name }));
			return inside;
		}
		const field = fieldOf(item, [...above, name].join(', '), sets, left);
		return field ? [field, ...inside] : inside;
	});
}

type Say = (code: LeftCode, what?: string) => void;

function fieldOf(item: Item, label: string, sets: Sets, left: LeftBehind[]): DraftField | null {
	const say: Say = (code, what) => void left.push(leftBehind(code, { field: label, what }));
	const codes = (item.code ?? []).flatMap(codeOf);
	const field: DraftField = {
		name: item.linkId,
		label,
		kind: 'text',
		...(codes.length > 0 ? { codes } : {}),
		...(item.required ? { required: true } : {}),
		...(item.enableWhen?.length ? { visibleWhen: conditionOf(item) } : {})
	};
	for (const { url } of item.extension ?? [])
		if (/calculatedExpression|enableWhenExpression|initialExpression/.test(url))
			say('expression', url.split('/').at(-1));
	const filled = presetOf(item);
	const made = ofType(item, field, sets, say);
	if (!made || filled.length === 0) return made;
	const isKept =
		made.kind === 'text' ||
		(/coded$/.test(made.kind) &&
			filled.every((value) => made.options?.some((option) => option.value === value)));
	if (!isKept) say('preset');
	return isKept ? { ...made, preset: filled } : made;
}

function ofType(item: Item, field: DraftField, sets: Sets, say: Say): DraftField | null {
	switch (item.type) {
		case 'boolean':
			return { ...field, kind: 'coded', options: yesNo };
		case 'integer':
		case 'decimal':
		case 'quantity':
			return { ...field, kind: 'number', ...numberOf(item, say) };
		case 'date':
			return { ...field, kind: 'date' };
		case 'dateTime':
			say('time_of_day');
			return { ...field, kind: 'date' };
		case 'choice':
		case 'open-choice':
		case 'coding': {
			const options = optionsOf(item, sets);
			if (options.length === 0) {
				say('answers', item.answerValueSet ?? '–');
				return field;
			}
			if (item.type === 'open-choice') say('open_choice');
			return { ...field, kind: item.repeats ? 'multi-coded' : 'coded', options };
		}
		case 'string':
		case 'text':
		case 'url':
		case 'time':
			return field;
		default:
			say('type', item.type);
			return null;
	}
}

/** `initial`, or else the answers that are selected at first; as our options name them. */
function presetOf({ initial = [], answerOption = [] }: Item): string[] {
	const given = initial.length > 0 ? initial : answerOption.filter((one) => one.initialSelected);
	return given.map((one) => {
		const coding = one.valueCoding;
		if (coding) return coding.code ?? coding.display ?? '';
		const plain = one.valueString ?? one.valueDate ?? one.valueBoolean ?? one.valueInteger;
		return plain?.toString() ?? '';
	});
}

const yesNo: DraftOption[] = [
	{ value: 'true', label: 'Yes' },
	{ value: 'false', label: 'No' }
];

function numberOf(item: Item, say: Say): Partial<DraftField> {
	const value = (url: string) => item.extension?.find((each) => each.url === url);
	const number = (url: string) => value(url)?.valueDecimal ?? value(url)?.valueInteger;
	const unit = value(extensions.unit)?.valueCoding;
	const code = unit?.code ?? unit?.display ?? '1';
	if (!parseUnit(code)) say('unit', code);
	const decimals = number(extensions.decimals) ?? (item.type === 'integer' ? 0 : 2);
	const [min, max] = [number(extensions.minValue), number(extensions.maxValue)];
	return {
		unit: parseUnit(code) ? code : '1',
		decimals: Math.min(4, Math.max(0, Math.round(decimals))),
		...(min !== undefined && max !== undefined ? { limits: [min, max] } : {})
	};
}

function optionsOf(item: Item, sets: Sets): DraftOption[] {
	const listed = (item.answerOption ?? []).flatMap((option): DraftOption[] => {
		const { valueCoding, valueString, valueInteger, valueDate } = option;
		if (valueCoding) return codedOption(valueCoding);
		const value = valueString ?? valueDate ?? valueInteger?.toString();
		return value === undefined ? [] : [{ value, label: value }];
	});
	return [...listed, ...(sets.get(item.answerValueSet ?? '') ?? []).flatMap(codedOption)];
}

function codedOption(coding: Coding): DraftOption[] {
	const value = coding.code ?? coding.display;
	if (!value) return [];
	const [code] = codeOf(coding);
	return [{ value, label: coding.display ?? value, ...(code ? { code } : {}) }];
}

function codeOf({ system, code, display }: Coding): DraftCode[] {
	if (!system || !code) return [];
	return [{ value: code, scheme: schemeOf(system), meaning: display ?? code }];
}

const comparisons: Record<string, string> = {
	'=': '==',
	'!=': '!=',
	'>': '>',
	'<': '<',
	'>=': '>=',
	'<=': '<='
};

/** `enableWhen` in our language; null when one part of it has no counterpart. */
function conditionOf({ enableWhen = [], enableBehavior }: Item): DraftField['visibleWhen'] {
	return (idOf, code) => {
		const parts = enableWhen.map((when) => partOf(when, idOf, code));
		if (parts.some((part) => part === null)) return null;
		return parts.length === 1
			? (parts[0] ?? null)
			: parts.map((part) => `(${part})`).join(enableBehavior === 'any' ? ' or ' : ' and ');
	};
}

function partOf(
	when: EnableWhen,
	idOf: (name: string) => string | null,
	code: CodeOf
): string | null {
	const field = idOf(when.question);
	if (field === null) return null;
	if (when.operator === 'exists')
		return when.answerBoolean === false ? `not known(${field})` : `known(${field})`;
	const sign = comparisons[when.operator];
	if (sign === undefined) return null;
	const number = when.answerDecimal ?? when.answerInteger;
	if (number !== undefined) return `${field} ${sign} ${number}`;
	const answer = when.answerCoding?.code ?? when.answerString ?? when.answerBoolean?.toString();
	const known = answer === undefined ? null : code(when.question, answer);
	return known === null || !/^[=!]=$/.test(sign) ? null : `${field} ${sign} "${known}"`;
}

function depthOf(value: unknown): number {
	let level: unknown[] = [value];
	let depth = 0;
	while (level.length > 0 && depth <= 100) {
		depth += 1;
		level = level.flatMap((each) =>
			typeof each === 'object' && each !== null ? Object.values(each) : []
		);
	}
	return depth;
}
