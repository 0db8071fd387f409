/** All files below `worksheets/` → what they say, found by id. */
import type { Measurement } from './definition.ts';
import * as files from './file-schemas.ts';
import { locateItems, parseFile } from './source-files.ts';
import type { Located, Problem } from './source-files.ts';
import type { z } from 'zod';

export interface Library {
	measurements: ReadonlyMap<string, Measurement & { quantity: string }>;
	sources: ReadonlyMap<string, { short: string; full: string }>;
	options: ReadonlyMap<string, Record<string, string>>;
	formulas: readonly Located<files.RawFormula>[];
	normals: readonly Located<files.RawNormal>[];
	grades: ReadonlyMap<string, Located<files.RawGrade>>;
	plausibility: readonly Located<files.RawPlausibility>[];
	/** By path below `sections/`, without ending: `echo/mitral-valve`. */
	sections: ReadonlyMap<string, Located<files.RawSection>>;
	worksheets: ReadonlyMap<string, Located<files.RawWorksheet>>;
}

/**
 * @param texts content of each file by its path below `worksheets/`.
 * @returns what could be read, and what could not.
 */
export function readLibrary(texts: ReadonlyMap<string, string>): {
	library: Library;
	problems: Problem[];
} {
	const problems: Problem[] = [];
	const read = <T>(path: string, schema: z.ZodType<T>): Located<T>[] => {
		const { located, problems: found } = parseFile(path, texts.get(path) ?? '', schema);
		problems.push(...found);
		return located ? [located] : [];
	};
	const all = <T>(pattern: RegExp, schema: z.ZodType<T>) =>
		[...texts.keys()]
			.filter((path) => pattern.test(path))
			.sort()
			.flatMap((path) => read(path, schema));

	const rows = all(/^measurements\.json$/, files.measurementsSchema).flatMap(
		({ value }) => value.rows
	);
	const grades = all(/^grades\/[^/]+\.yaml$/, files.gradesSchema).flatMap(locateItems);
	const sections = all(/^sections\/.+\.yaml$/, files.sectionSchema);
	const worksheets = all(worksheetFile, files.worksheetSchema);
	problems.push(...duplicates(grades), ...duplicates(worksheets));
	const library: Library = {
		measurements: new Map(rows.map((row) => [row.id, row])),
		sources: mapOf(all(/^sources\.yaml$/, files.sourcesSchema)),
		options: mapOf(all(/^options\.yaml$/, files.optionsSchema)),
		formulas: all(/^formulas\/[^/]+\.yaml$/, files.formulasSchema).flatMap(locateItems),
		normals: all(/^normals\/[^/]+\.yaml$/, files.normalsSchema).flatMap(locateItems),
		grades: new Map(grades.map((grade) => [grade.value.id, grade])),
		plausibility: all(/^plausibility\/[^/]+\.yaml$/, files.plausibilitySchema),
		sections: new Map(
			sections.map((section) => [section.file.replace(/^sections\/|\.yaml$/g, ''), section])
		),
		worksheets: new Map(worksheets.map((worksheet) => [worksheet.value.id, worksheet]))
	};
	return { library, problems };
}

/** `<group>/<id>.yaml`, without the golden cases beside it. */
const worksheetFile =
	/^(?!sections\/|formulas\/|normals\/|grades\/|plausibility\/)[^/]+\/[^/]+(?<!\.cases)\.yaml$/;

function mapOf<T>(parts: readonly Located<Record<string, T>>[]): Map<string, T> {
	return new Map(parts.flatMap(({ value }) => Object.entries(value)));
}

function duplicates(items: readonly Located<{ id: string }>[]): Problem[] {
	const seen = new Set<string>();
	return items.flatMap((item) => {
		const isNew = !seen.has(item.value.id);
		seen.add(item.value.id);
		if (isNew) return [];
		const what = `"${item.value.id}" is defined twice`;
		return [{ file: item.file, line: item.line(), what, remedy: 'Rename or remove one of them.' }];
	});
}
