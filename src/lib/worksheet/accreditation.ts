/**
 * What an accrediting body asks of a report, and which of it is not there yet. Pure; the elements are
 * data in `worksheets/accreditation.yaml`. Rules K1–K4.
 */
import type { AccreditationStandard, ResolvedWorksheet } from './definition.ts';
import type { Evaluation } from './evaluation.ts';
import { holds } from './expression.ts';
import { lookupIn } from './lookup-in.ts';
import { programOf } from './program.ts';

export interface MissingElement {
	id: string;
	title: string;
	level: 'required' | 'recommended';
	verified: boolean;
	/** Where to go to give it. */
	field: string;
}

export interface AccreditationState {
	id: string;
	title: string;
	/** Elements that the standard asks for in this study, by level. */
	asked: { required: number; recommended: number };
	/** Required ones first, each in the order of the standard. */
	missing: MissingElement[];
}

/** K2: an element is held when each group of fields has one with a value, or marked as not well seen. */
export function accreditationOf(
	worksheet: ResolvedWorksheet,
	evaluation: Evaluation
): AccreditationState[] {
	const program = programOf(worksheet);
	const lookup = lookupIn(program, evaluation);
	const unseen = new Set(evaluation.unseen);
	const isGiven = (field: string) => Object.hasOwn(evaluation.values, field) || unseen.has(field);
	return (worksheet.accreditation ?? []).map(({ id, title, elements }) => {
		const asked = elements.filter(({ when }) => when === null || holds(program.node(when), lookup));
		const missing = asked.flatMap((element): MissingElement[] => {
			const group = element.needs.find((fields) => !fields.some(isGiven));
			const field = group?.[0];
			if (field === undefined) return [];
			const { id, title, level, verified } = element;
			return [{ id, title, level, verified, field }];
		});
		const count = (level: string) => asked.filter((element) => element.level === level).length;
		const of = (level: string) => missing.filter((element) => element.level === level);
		return {
			id,
			title,
			asked: { required: count('required'), recommended: count('recommended') },
			missing: [...of('required'), ...of('recommended')]
		};
	});
}

/** K3: what a sheet has no field for is asked of nobody; a group is what is left of it. */
export function onSheet(
	standard: AccreditationStandard,
	has: (field: string) => boolean
): AccreditationStandard {
	const elements = standard.elements.flatMap((element) => {
		if (element.header) return [element];
		const needs = element.needs
			.map((fields) => fields.filter(has))
			.filter((fields) => fields.length > 0);
		return needs.length > 0 ? [{ ...element, needs }] : [];
	});
	return { ...standard, elements };
}
