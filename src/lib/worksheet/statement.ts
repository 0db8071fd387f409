/** Finding → slots → sentence. Rules S1–S9. */
import type { StatementRule } from './definition.ts';
import type { Statement } from './evaluation.ts';
import { evaluateNode, holds } from './expression.ts';
import type { Lookup, Value } from './expression.ts';
import { formatNumber } from './numbers.ts';
import type { Scope } from './scope.ts';

/**
 * The sentences that the values call for, in the order of the sheet, none twice.
 *
 * @param study facts about the whole study, for rules that sum it up.
 */
export function makeStatements(
	scope: Scope,
	study: (statements: readonly Statement[]) => Lookup
): Statement[] {
	const rules = scope.program.statements;
	const findings = fire(
		scope,
		rules.filter((rule) => !rule.summary),
		scope.lookup
	);
	const facts = study(findings);
	const all: Lookup = (name) => (name.startsWith('study.') ? facts(name) : scope.lookup(name));
	const summaries = fire(
		scope,
		rules.filter((rule) => rule.summary),
		all
	);
	const fired = new Map([...findings, ...summaries].map((statement) => [statement.id, statement]));
	return rules.flatMap(({ id }) => fired.get(id) ?? []);
}

function fire(scope: Scope, rules: readonly StatementRule[], lookup: Lookup): Statement[] {
	const holding = rules.filter((rule) => holds(scope.program.node(rule.when), lookup));
	const needless = new Set(holding.flatMap((rule) => rule.suppresses));
	return holding
		.filter((rule) => !needless.has(rule.id))
		.map((rule) => render(scope, rule, lookup))
		.filter((statement) => statement !== null);
}

/** Null when a slot outside brackets has no value: half a sentence is worse than none (S4). */
function render(scope: Scope, rule: StatementRule, lookup: Lookup): Statement | null {
	const { language } = scope.options;
	const spoken = Object.hasOwn(rule.text, language) ? language : 'en';
	const slots: Record<string, string> = {};
	for (const [slot, expression] of Object.entries(rule.slots)) {
		const value = evaluateNode(scope.program.node(expression), lookup);
		const text = printSlot(scope, rule, slot, value, spoken);
		if (text !== null) slots[slot] = text;
	}
	const filled = fillTemplate(rule.text[spoken] ?? '', slots);
	if (filled === null) return null;
	const text = filled.charAt(0).toUpperCase() + filled.slice(1);
	const decides = (expression: string | null, otherwise: boolean) =>
		expression ? holds(scope.program.node(expression), lookup) : otherwise;
	const because = becauseOf(scope, rule, lookup);
	return {
		id: rule.id,
		section: rule.section,
		text,
		slots,
		because,
		conclusion: decides(rule.conclusionWhen, rule.conclusion),
		abnormal: decides(rule.abnormalWhen, rule.abnormal),
		unconfirmed: rule.verified === false || restsOnUnconfirmed(scope, rule),
		order: rule.order
	};
}

/** S10: an answer without words of its own is printed as its label: "Mild" within a sentence is "mild". */
function inSentence(label: string): string {
	return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function printSlot(
	scope: Scope,
	rule: StatementRule,
	slot: string,
	value: Value,
	language: string
): string | null {
	if (value === null || value === '') return null;
	const words = rule.words[slot]?.[language] ?? rule.words[slot]?.en ?? {};
	const labels = scope.program.fields.get(rule.slots[slot] ?? '')?.options ?? [];
	const word = (code: string) => {
		if (Object.hasOwn(words, code)) return words[code] ?? code;
		const label = labels.find((option) => option.code === code)?.label;
		return label === undefined ? code : inSentence(label);
	};
	if (typeof value === 'number') {
		const decimals =
			rule.decimals[slot] ?? scope.program.measurementOf(rule.slots[slot] ?? '')?.decimals ?? 1;
		const text = formatNumber(value, decimals);
		return language === 'de' ? text.replace('.', ',') : text;
	}
	if (typeof value === 'object') return value.map((code) => word(String(code))).join(', ');
	return word(String(value));
}

/** S3: `{slot}` is replaced; `[…]` goes when a slot in it has no value. */
export function fillTemplate(template: string, slots: Record<string, string>): string | null {
	let isWhole = true;
	const optional = template.replace(/\[([^[\]]*)\]/g, (_, part: string) => {
		const filled = replaceSlots(part, slots);
		if (filled === null) isWhole = false;
		return filled ?? '';
	});
	return replaceSlots(isWhole ? optional : tidied(optional), slots);
}

/** Where the first of several parts went: "Frontal:, left low." is "Frontal: left low." */
function tidied(text: string): string {
	return text
		.replace(/^\s*[,;]\s*/, '')
		.replace(/\(\s*[,;]\s*/g, '(')
		.replace(/:\s*[,;]\s*/g, ': ')
		.replace(/\s*:\.$/, '.')
		.replace(/\s*\(\)/g, '');
}

function replaceSlots(text: string, slots: Record<string, string>): string | null {
	let isComplete = true;
	const filled = text.replace(/\{([a-z0-9_]+)\}/gi, (_, slot: string) => {
		if (!Object.hasOwn(slots, slot)) isComplete = false;
		return slots[slot] ?? '';
	});
	return isComplete ? filled : null;
}

/** S8: a flag or grade that the rule names and that is not confirmed, or nothing of the kind. */
function restsOnUnconfirmed(scope: Scope, rule: StatementRule): boolean {
	const texts = [rule.when, ...Object.values(rule.slots)];
	return texts.flatMap(scope.program.namesOf).some((name) => {
		const [head = '', ...rest] = name.split('.');
		if (head === 'flag' || head === 'side') return scope.flag(rest.join('.'))?.verified === false;
		return scope.grade(head)?.verified === false;
	});
}

/** The fields and grades it rests on, as far as they are known. */
function becauseOf(scope: Scope, rule: StatementRule, lookup: Lookup): string[] {
	const names = [rule.when, ...Object.values(rule.slots)].flatMap(scope.program.namesOf);
	const known = names.filter((name) => lookup(name) !== null && !name.startsWith('study.'));
	const subjects = known.map((name) => name.replace(/^(flag|side|method)\./, ''));
	const isGrade = (name: string) => scope.program.grades.has(name.split('.', 1)[0] ?? '');
	const grades = subjects.map((name) => (isGrade(name) ? (name.split('.', 1)[0] ?? name) : name));
	return [...new Set(grades)].filter((name) => scope.program.fields.has(name) || isGrade(name));
}
