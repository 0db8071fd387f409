/**
 * What an accrediting body asks of a report, and which of it is not there yet. Pure; the elements are
 * data in `worksheets/accreditation.yaml`. Rules K1–K5.
 */
import type { AccreditationStandard, ResolvedWorksheet } from './definition.ts';
import type { Evaluation } from './evaluation.ts';
import { isStated } from './stated.ts';
import { holds } from './expression.ts';
import type { RawStandard } from './file-schemas.ts';
import { lookupIn } from './lookup-in.ts';
import { programOf } from './program.ts';
import type { Library } from './read-library.ts';

type Element = AccreditationStandard['elements'][number];

export interface UnprovenElement {
	id: string;
	title: string;
	level: Element['level'];
	verified: boolean;
}

export interface MissingElement extends UnprovenElement {
	/** Where to go to give it. */
	field: string;
}

export interface AccreditationState {
	id: string;
	title: string;
	/** Elements that the sheet can answer for in this study, by level. */
	asked: { required: number; recommended: number };
	/** Required ones first, each in the order of the standard. */
	missing: MissingElement[];
	/** K3: what no field tells, in the same order; never counted as held. */
	toCheck: UnprovenElement[];
}

/** K2: an element is held when each group of fields has one with a value, or marked as not well seen. */
export function accreditationOf(
	worksheet: ResolvedWorksheet,
	evaluation: Evaluation
): AccreditationState[] {
	const program = programOf(worksheet);
	const lookup = lookupIn(program, evaluation);
	const unseen = new Set(evaluation.unseen);
	const isGiven = (field: string) => isStated(evaluation, field) || unseen.has(field);
	const lackOf = ({ needs }: Element) => needs.find((fields) => !fields.some(isGiven))?.[0];
	return (worksheet.accreditation ?? []).map(({ id, title, elements }) => {
		const asked = requiredFirst(
			elements.filter(
				({ when, clock }) => !clock && (when === null || holds(program.node(when), lookup))
			)
		);
		const missing = asked.flatMap((element): MissingElement[] => {
			const field = lackOf(element);
			return field === undefined ? [] : [{ ...unproven(element), field }];
		});
		const toCheck = asked.filter((each) => each.byPerson && lackOf(each) === undefined);
		const answered = asked.filter((each) => !each.byPerson);
		const count = (level: string) => answered.filter((element) => element.level === level).length;
		return {
			id,
			title,
			asked: { required: count('required'), recommended: count('recommended') },
			missing,
			toCheck: toCheck.map(unproven)
		};
	});
}

const unproven = ({ id, title, level, verified }: Element): UnprovenElement => ({
	id,
	title,
	level,
	verified
});

function requiredFirst(elements: readonly Element[]): Element[] {
	const of = (level: string) => elements.filter((element) => element.level === level);
	return [...of('required'), ...of('recommended')];
}

/** A standard with what it includes; null when there is none of this name. */
export function standardOf(library: Library, id: string): RawStandard | null {
	const found = library.accreditation.find(({ value }) => value.id === id)?.value;
	if (!found) return null;
	const base = library.accreditation.find(({ value }) => value.id === found.includes)?.value;
	const before = (base?.elements ?? []).map((element) => ({
		...element,
		source: element.source.length > 0 ? element.source : (base?.source ?? [])
	}));
	return { ...found, elements: [...before, ...found.elements] };
}

/** K3: what a sheet has no field for is left to a person; a group is what is left of it. */
export function onSheet(
	{ includes: _, ...standard }: RawStandard,
	has: (field: string) => boolean
): AccreditationStandard {
	const elements = standard.elements.map(({ person, clock, source, ref, ...element }): Element => {
		const needs = element.needs
			.map((fields) => fields.filter(has))
			.filter((fields) => fields.length > 0);
		return {
			...element,
			...(source.length > 0 ? { source } : {}),
			...(ref === undefined ? {} : { ref }),
			...(clock ? { clock } : {}),
			...(person || needs.length < element.needs.length ? { byPerson: true } : {}),
			needs
		};
	});
	return { ...standard, elements };
}
