import type { ResolvedWorksheet } from './definition.ts';

/** A fact that was not confirmed against its publication. */
export interface UnconfirmedFact {
	part: 'formula' | 'normal' | 'grade' | 'statement';
	id: string;
	name: string;
	source: string[];
}

/** Arithmetic and geometry need no confirmation; what was observed in people does. */
export function unconfirmedIn(sheet: ResolvedWorksheet): UnconfirmedFact[] {
	const fields = new Map(sheet.sections.flatMap((s) => s.fields).map((field) => [field.id, field]));
	const nameOf = (id: string) => {
		const field = fields.get(id);
		return field?.label ?? sheet.measurements[field?.measurementId ?? '']?.name ?? id;
	};
	const shorts = (keys: readonly string[]) => keys.map((key) => sheet.sources[key]?.short ?? key);
	const facts = [
		...sheet.formulas
			.filter(({ kind, verified }) => kind === 'empirical' && !verified)
			.map(({ output, name, source }) => ({
				part: 'formula' as const,
				id: output,
				name: `${nameOf(output)}: ${name}`,
				source: shorts(source)
			})),
		...sheet.normals
			.filter(({ verified }) => !verified)
			.map(({ field, sex, source }) => ({
				part: 'normal' as const,
				id: field,
				name: sex === 'any' ? nameOf(field) : `${nameOf(field)} (${sex})`,
				source: shorts(source)
			})),
		...sheet.grades
			.filter(({ verified, parameters }) => !verified || parameters.some((each) => !each.verified))
			.map(({ id, title, source }) => ({
				part: 'grade' as const,
				id,
				name: title,
				source: shorts(source)
			})),
		...firstRows(sheet)
			.filter(({ verified }) => verified === false)
			.map(({ id, text, source }) => ({
				part: 'statement' as const,
				id,
				name: text.en ?? id,
				source: shorts(source)
			}))
	];
	return [...new Map(facts.map((fact) => [`${fact.part}:${fact.name}`, fact])).values()];
}

/** Of a repeated section the sentences of its first row: the others rest on the same limits. */
function firstRows({ sections, statements }: ResolvedWorksheet) {
	const others = new Map(
		sections.map(({ id, table }) => [id, (table?.rows ?? []).slice(1).map(({ key }) => `_${key}`)])
	);
	return statements.filter(
		({ id, section }) => !others.get(section)?.some((ending) => id.endsWith(ending))
	);
}
