/** Which editions decide something on a sheet, and where: what is not used is neither asked nor named. */
import type { Grade, ResolvedWorksheet } from './definition.ts';
import { editionNames, editionProfiles } from './editions.ts';
import type { EditionName } from './editions.ts';
import { programOf } from './program.ts';

export interface EditionUse {
	edition: EditionName;
	/** The section in which it decides most. */
	section: string;
}

const known = new WeakMap<ResolvedWorksheet, EditionUse[]>();

/** In the order of the sheet. */
export function editionUses(worksheet: ResolvedWorksheet): readonly EditionUse[] {
	let uses = known.get(worksheet);
	if (!uses) {
		uses = findUses(worksheet);
		known.set(worksheet, uses);
	}
	return uses;
}

function findUses(worksheet: ResolvedWorksheet): EditionUse[] {
	const places = worksheet.sections.map(({ id }) => id);
	return editionNames
		.flatMap((edition) => {
			const counts = new Map<string, number>();
			for (const section of usesOf(worksheet, edition))
				counts.set(section, (counts.get(section) ?? 0) + 1);
			const [most] = [...counts].sort((a, b) => b[1] - a[1]);
			return most ? [{ edition, section: most[0] }] : [];
		})
		.sort((a, b) => places.indexOf(a.section) - places.indexOf(b.section));
}

/** One section for each rule, range or field that the edition decides. */
function usesOf(worksheet: ResolvedWorksheet, edition: EditionName): string[] {
	const { namesOf } = programOf(worksheet);
	const reads = (text: string | null) =>
		text !== null && namesOf(text).includes(`option.${edition}`);
	const sectionOf = new Map(
		worksheet.sections.flatMap(({ id, fields }) => fields.map((field) => [field.id, id]))
	);
	const profiles = Object.values(editionProfiles[edition] ?? {});
	const ranged = worksheet.normals.filter(({ profile }) => profiles.includes(profile));
	const graded = worksheet.grades.filter((grade) => textsOf(grade).some(reads));
	return [
		...new Set(ranged.map(({ field }) => field)),
		...graded.flatMap(({ inputs, parameters, fills }) =>
			[...fills, ...inputs, ...parameters].map(({ field }) => field)
		)
	]
		.flatMap((field) => sectionOf.get(field) ?? [])
		.concat(
			worksheet.statements
				.filter(({ when, slots }) => [when, ...Object.values(slots)].some(reads))
				.map(({ section }) => section),
			worksheet.sections.flatMap(({ id, fields }) =>
				fields.filter(({ visibleWhen }) => reads(visibleWhen)).map(() => id)
			)
		);
}

const textsOf = (grade: Grade): string[] => [
	...(grade.appliesWhen === null ? [] : [grade.appliesWhen]),
	...grade.let.map(({ expr }) => expr),
	...grade.rules.map((rule) => rule.if)
];
