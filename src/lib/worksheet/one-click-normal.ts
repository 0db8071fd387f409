/** What one-click normal may assert: never more than was seen. Rules O1–O6. */
import type { ResolvedWorksheet, Structure } from './definition.ts';
import { isAbnormal } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { holds } from './expression.ts';
import { programOf } from './program.ts';
import { lookupIn } from './lookup-in.ts';
import { isStated } from './stated.ts';

/** What is stored of the study, besides measurements. */
export interface Seen {
	/** Views of stored loops and stills: "PLAX", "A4C". */
	views: readonly string[];
}

export interface NormalAssertion {
	field: string;
	/** The code to set, marked `oneClickNormal` until signing. */
	code: string;
	structure: string;
	/** Views and measurements that it rests on. */
	because: string[];
}

export type LeftAlone =
	| { structure: string; reason: 'not-seen' | 'abnormal' | 'conflict' | 'not-well-seen' }
	| { structure: string; reason: 'already-judged' };

export interface OneClickNormal {
	asserted: NormalAssertion[];
	/** Every other structure, with the reason: unseen is not normal. */
	left: LeftAlone[];
}

export function oneClickNormal(
	worksheet: ResolvedWorksheet,
	evaluation: Evaluation,
	seen: Seen
): OneClickNormal {
	const answer: OneClickNormal = { asserted: [], left: [] };
	for (const structure of worksheet.structures) {
		const because = evidenceOf(structure, evaluation, seen);
		const reason = reasonToLeave(worksheet, structure, evaluation, because);
		if (reason) {
			answer.left.push({ structure: structure.id, reason });
			continue;
		}
		for (const { field, code } of structure.asserts) {
			if (isStated(evaluation, field)) continue;
			answer.asserted.push({ field, code, structure: structure.id, because });
		}
	}
	return answer;
}

/** O1: a stored view that shows it, or a measurement of it. */
function evidenceOf({ views, fields }: Structure, evaluation: Evaluation, seen: Seen): string[] {
	return [
		...views.filter((view) => seen.views.includes(view)),
		...fields.filter((field) => isStated(evaluation, field))
	];
}

function reasonToLeave(
	worksheet: ResolvedWorksheet,
	structure: Structure,
	evaluation: Evaluation,
	because: readonly string[]
): LeftAlone['reason'] | null {
	const judged = structure.asserts.map(({ field }) => field);
	const own = [...structure.fields, ...judged];
	if (evaluation.unseen.some((field) => own.includes(field))) return 'not-well-seen';
	if (evaluation.conflicts.some(({ field }) => own.includes(field))) return 'conflict';
	if (because.length === 0) return 'not-seen';
	if (isAbnormalStructure(worksheet, structure, evaluation)) return 'abnormal';
	return judged.every((field) => isStated(evaluation, field)) ? 'already-judged' : null;
}

/** O3: a flag, another answer than the normal one, or the structure's own condition. */
export function isAbnormalStructure(
	worksheet: ResolvedWorksheet,
	structure: Structure,
	evaluation: Evaluation
): boolean {
	const isFlagged = structure.fields.some((field) => {
		const flag = evaluation.flags[field];
		return flag !== undefined && isAbnormal(flag);
	});
	const isJudgedOtherwise = structure.asserts.some(({ field, code }) => {
		const value = evaluation.values[field]?.value;
		return isStated(evaluation, field) && value !== code;
	});
	if (isFlagged || isJudgedOtherwise) return true;
	if (structure.unless === null) return false;
	const program = programOf(worksheet);
	return holds(program.node(structure.unless), lookupIn(program, evaluation));
}
