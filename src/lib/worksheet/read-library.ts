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
	contradictions: readonly Located<files.RawContradictions>[];
	/** By path below `sections/`, without ending: `echo/mitral-valve`. */
	sections: ReadonlyMap<string, Located<files.RawTemplate>>;
	frames: ReadonlyMap<string, files.Frames[string]>;
	/** What accrediting bodies ask for. */
	accreditation: readonly Located<files.RawStandard>[];
	charts: ReadonlyMap<string, Located<files.RawChart>>;
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
	const sections = all(/^sections\/.+(?<!\.cases)\.yaml$/, files.templateSchema);
	const catalogue = all(/^catalogue\/[^/]+\.yaml$/, files.catalogueSchema).flatMap((list) =>
		worksheetsOf(list, problems)
	);
	const worksheets = [...all(worksheetFile, files.worksheetSchema), ...catalogue];
	const charts = all(/^charts\/[^/]+\.yaml$/, files.chartSchema);
	problems.push(...duplicates(grades), ...duplicates(worksheets), ...duplicates(charts));
	const library: Library = {
		measurements: new Map(rows.map((row) => [row.id, row])),
		sources: mapOf(all(/^sources\.yaml$/, files.sourcesSchema)),
		options: mapOf(all(/^options\.yaml$/, files.optionsSchema)),
		formulas: all(/^formulas\/[^/]+\.yaml$/, files.formulasSchema).flatMap(locateItems),
		normals: all(/^normals\/[^/]+\.yaml$/, files.normalsSchema).flatMap(locateItems),
		grades: new Map(grades.map((grade) => [grade.value.id, grade])),
		plausibility: all(/^plausibility\/[^/]+\.yaml$/, files.plausibilitySchema),
		contradictions: all(/^contradictions\/[^/]+\.yaml$/, files.contradictionsSchema),
		sections: new Map(
			sections.map((section) => [section.file.replace(/^sections\/|\.yaml$/g, ''), section])
		),
		accreditation: texts.has('accreditation.yaml')
			? read('accreditation.yaml', files.accreditationSchema).flatMap(locateItems)
			: [],
		frames: mapOf(all(/^frames\.yaml$/, files.framesSchema)),
		charts: new Map(charts.map((chart) => [chart.value.id, chart])),
		worksheets: new Map(worksheets.map((worksheet) => [worksheet.value.id, worksheet]))
	};
	return { library, problems };
}

/** `<group>/<id>.yaml`, without the golden cases beside it. */
export const worksheetFile =
	/^(?!sections\/|formulas\/|normals\/|grades\/|plausibility\/|contradictions\/|catalogue\/|charts\/)[^/]+\/[^/]+(?<!\.cases)\.yaml$/;

/** The worksheets of a catalogue file, each with what the file says of all of them. */
function worksheetsOf(
	list: Located<z.infer<typeof files.catalogueSchema>>,
	problems: Problem[]
): Located<files.RawWorksheet>[] {
	const { group, defaults, worksheets } = list.value;
	return worksheets.flatMap((own, index) => {
		const at = (path: readonly (string | number)[] = []) =>
			list.line(['worksheets', index, ...path]);
		const parsed = files.worksheetSchema.safeParse({ group, procedures: [], ...defaults, ...own });
		if (parsed.success) return [{ value: parsed.data, file: list.file, line: at }];
		for (const issue of parsed.error.issues) {
			const path = issue.path.filter((part) => typeof part !== 'symbol');
			const what = `${own.id}: ${path.join('.')}: ${issue.message}`;
			const remedy = 'Compare with a neighbouring entry; docs/worksheet-spec.md lists every key.';
			problems.push({ file: list.file, line: at(path), what, remedy });
		}
		return [];
	});
}

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
