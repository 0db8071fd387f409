/** What changed between two worksheets, for the person who is about to publish one of them. */
import type { Field, ResolvedWorksheet } from './definition.ts';

export type DifferentPart =
	'section' | 'field' | 'formula' | 'normal' | 'grade' | 'statement' | 'check' | 'choice' | 'about';

export interface Difference {
	kind: 'added' | 'removed' | 'changed';
	part: DifferentPart;
	id: string;
	/** What it is called. */
	name: string;
	/** Of a change: which of its properties. */
	properties: string[];
}

/** In the order of the sheet; a field that only moved to another place is not listed. */
export function differenceOf(before: ResolvedWorksheet, after: ResolvedWorksheet): Difference[] {
	return [
		...about(before, after),
		...compared('section', before.sections, after.sections, {
			id: ({ id }) => id,
			name: ({ title }) => title,
			told: ({ title, short, table, diagrams }) => ({ title, short, table, diagrams })
		}),
		...compared('field', fieldsOf(before), fieldsOf(after), {
			id: ({ field }) => field.id,
			name: ({ name }) => name,
			told: ({ field, unit, decimals }) => ({ ...field, unit, decimals })
		}),
		...compared('formula', before.formulas, after.formulas, {
			id: ({ id, output, option }) => `${id}:${output}:${option?.value ?? ''}`,
			name: ({ name }) => name,
			told: (each) => ({ ...each })
		}),
		...compared('normal', before.normals, after.normals, {
			id: ({ field, sex, profile, ageMin, ageMax }) =>
				[field, sex, profile, ageMin, ageMax].join(':'),
			name: ({ field }) => nameOf(after, field) ?? nameOf(before, field) ?? field,
			told: (each) => ({ ...each })
		}),
		...compared('grade', before.grades, after.grades, {
			id: ({ id }) => id,
			name: ({ title }) => title,
			told: (each) => ({ ...each })
		}),
		...compared('statement', before.statements, after.statements, {
			id: ({ section, id }) => `${section}:${id}`,
			name: ({ text, id }) => text.en ?? id,
			told: ({ order: _, ...each }) => each
		}),
		...compared('check', checksOf(before), checksOf(after), {
			id: ({ id }) => id,
			name: ({ name }) => name,
			told: (each) => ({ ...each })
		}),
		...compared('choice', before.chosen, after.chosen, {
			id: ({ field }) => field,
			name: ({ field }) => nameOf(after, field) ?? nameOf(before, field) ?? field,
			told: (each) => ({ ...each })
		})
	];
}

interface Manner<T> {
	id: (item: T) => string;
	name: (item: T) => string;
	/** What makes two of them different. */
	told: (item: T) => Record<string, unknown>;
}

function compared<T>(
	part: DifferentPart,
	before: readonly T[],
	after: readonly T[],
	{ id, name, told }: Manner<T>
): Difference[] {
	const earlier = new Map(before.map((item) => [id(item), item]));
	const later = new Map(after.map((item) => [id(item), item]));
	const row = (kind: Difference['kind'], item: T, properties: string[] = []) => ({
		kind,
		part,
		id: id(item),
		name: name(item),
		properties
	});
	const removed = before.filter((item) => !later.has(id(item)));
	return [
		...after.flatMap((item) => {
			const other = earlier.get(id(item));
			if (other === undefined) return [row('added', item)];
			const properties = changedIn(told(other), told(item));
			return properties.length > 0 ? [row('changed', item, properties)] : [];
		}),
		...removed.map((item) => row('removed', item))
	];
}

function changedIn(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
	const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
	return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

function about(before: ResolvedWorksheet, after: ResolvedWorksheet): Difference[] {
	const told = ({
		title,
		group,
		modalities,
		maturity,
		procedures,
		...rest
	}: ResolvedWorksheet) => ({
		title,
		group,
		modalities,
		maturity,
		procedures,
		bodyParts: rest.bodyParts,
		codes: rest.codes,
		fallback: rest.fallback,
		standard: rest.standard
	});
	const properties = changedIn(told(before), told(after));
	if (properties.length === 0) return [];
	return [{ kind: 'changed', part: 'about', id: after.id, name: after.title, properties }];
}

function fieldsOf(sheet: ResolvedWorksheet) {
	return sheet.sections.flatMap((section) =>
		section.fields.map((field) => ({
			field,
			name: `${section.title}: ${fieldName(sheet, field)}`,
			unit: sheet.measurements[field.measurementId ?? '']?.unit,
			decimals: sheet.measurements[field.measurementId ?? '']?.decimals
		}))
	);
}

function checksOf(sheet: ResolvedWorksheet) {
	const limits = sheet.plausibility.map((each) => ({
		...each,
		id: `limits:${each.field}`,
		name: nameOf(sheet, each.field) ?? each.field
	}));
	return [...limits, ...sheet.crossChecks.map((each) => ({ ...each, name: each.message }))];
}

function fieldName(sheet: ResolvedWorksheet, field: Field): string {
	return field.label ?? sheet.measurements[field.measurementId ?? '']?.label ?? field.id;
}

function nameOf(sheet: ResolvedWorksheet, id: string): string | null {
	const field = sheet.sections.flatMap((section) => section.fields).find((each) => each.id === id);
	return field ? fieldName(sheet, field) : null;
}
