import type { ResolvedWorksheet } from './definition.ts';
import { namesIn, parseExpression } from './expression.ts';

/**
 * A chain of fields and grades that leads back to its start, or null. The engine would answer "not
 * known" somewhere in it, and where would depend on which field is asked first.
 */
export function findCircle(sheet: ResolvedWorksheet): string[] | null {
	const needs = dependencies(sheet);
	const done = new Set<string>();
	const walk = (name: string, path: readonly string[]): string[] | null => {
		const start = path.indexOf(name);
		if (start >= 0) return [...path.slice(start), name];
		if (done.has(name)) return null;
		for (const next of needs.get(name) ?? []) {
			const circle = walk(next, [...path, name]);
			if (circle) return circle;
		}
		done.add(name);
		return null;
	};
	for (const name of needs.keys()) {
		const circle = walk(name, []);
		if (circle) return circle;
	}
	return null;
}

/** What each field and grade asks for. Names of grades are told from fields by having no row. */
function dependencies(sheet: ResolvedWorksheet): Map<string, string[]> {
	const needs = new Map<string, string[]>();
	const add = (name: string, more: readonly string[]) => {
		needs.set(name, [...(needs.get(name) ?? []), ...more]);
	};
	for (const { output, inputs } of sheet.formulas) {
		add(
			output,
			inputs.flatMap(({ field, alternatives, list }) => list ?? [field, ...alternatives])
		);
	}
	for (const { field, from } of sheet.chosen)
		add(
			field,
			from.map((each) => each.field)
		);
	const grades = new Set(sheet.grades.map(({ id }) => id));
	const subjectOf = (name: string) => {
		const head = name.split('.', 1)[0] ?? name;
		return grades.has(head) ? `grade ${head}` : name.replace(/^(flag|side|method)\./, '');
	};
	for (const { id, inputs, parameters, appliesWhen, fills } of sheet.grades) {
		add(
			`grade ${id}`,
			inputs.flatMap(({ field, alternatives }) => [field, ...alternatives])
		);
		add(
			`grade ${id}`,
			parameters.map(({ field }) => field)
		);
		if (appliesWhen) add(`grade ${id}`, namesIn(parseExpression(appliesWhen)).map(subjectOf));
		for (const { field } of fills) add(field, [`grade ${id}`]);
	}
	return needs;
}
