import type { ResolvedWorksheet, Structure } from '../definition.ts';
import type { Evaluation } from '../evaluation.ts';
import { isAbnormal } from '../evaluate.ts';
import { holds, parseExpression, type Lookup } from '../expression.ts';

export interface NormalLine {
	section: string;
	field: string;
	code: string;
	/** "Mitral valve: Leaflets, Normal", as the list of what was asserted says it. */
	label: string;
}

export interface NormalPlan {
	lines: readonly NormalLine[];
	/** Structures left alone, and why. */
	skipped: readonly {
		id: string;
		title: string;
		why: 'not-seen' | 'abnormal' | 'conflict' | 'not-well-seen';
	}[];
}

export interface NormalInput {
	worksheet: ResolvedWorksheet;
	evaluation: Evaluation;
	/** Names of the views that are stored. */
	views: ReadonlySet<string>;
	lookup: Lookup;
}

/**
 * What one-click normal would assert. Unseen is not normal: a structure counts only with a stored
 * view or a value that somebody or something measured; one abnormal, conflicting or not well seen
 * field keeps the whole structure out. Fields that already hold something are never touched.
 */
export function normalPlan(input: NormalInput): NormalPlan {
	const { worksheet, evaluation } = input;
	const fields = new Map(worksheet.sections.flatMap((s) => s.fields).map((f) => [f.id, f]));
	const lines: NormalLine[] = [];
	const skipped: NormalPlan['skipped'][number][] = [];
	for (const structure of worksheet.structures) {
		const open = structure.asserts.filter(({ field }) => evaluation.values[field] === undefined);
		if (open.length === 0) continue;
		const why = reasonAgainst(structure, input);
		if (why) {
			skipped.push({ id: structure.id, title: structure.title, why });
			continue;
		}
		for (const { field, code } of open) {
			const definition = fields.get(field);
			const option = definition?.options.find((candidate) => candidate.code === code);
			if (!definition || !option) continue;
			lines.push({
				section: structure.section,
				field,
				code,
				label: `${structure.title}: ${definition.label ?? field}, ${option.label}`
			});
		}
	}
	return { lines, skipped };
}

function reasonAgainst(
	structure: Structure,
	{ evaluation, views, lookup }: NormalInput
): NormalPlan['skipped'][number]['why'] | null {
	const own = [...structure.fields, ...structure.asserts.map(({ field }) => field)];
	if (evaluation.conflicts.some(({ field }) => own.includes(field))) return 'conflict';
	if (own.some((field) => evaluation.unseen.includes(field))) return 'not-well-seen';
	const isWrong = (field: string) => {
		const flag = evaluation.flags[field];
		return flag !== undefined && isAbnormal(flag);
	};
	if (own.some(isWrong)) return 'abnormal';
	if (structure.unless && holds(parseExpression(structure.unless), lookup)) return 'abnormal';
	const wasMeasured = structure.fields.some((field) => evaluation.values[field] !== undefined);
	return wasMeasured || structure.views.some((view) => views.has(view)) ? null : 'not-seen';
}
