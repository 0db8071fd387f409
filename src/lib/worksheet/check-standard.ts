import { checkSources } from './check-sources.ts';
import { typeElsewhere } from './check-worksheet.ts';
import type { RawStandard, RawWorksheet } from './file-schemas.ts';
import type { Library } from './read-library.ts';
import { reporter } from './reporter.ts';
import { resolveLocated } from './resolve.ts';
import type { Located, Problem } from './source-files.ts';

/** K4: what a standard asks for exists, and every element says how it is answered. */
export function checkStandard(library: Library, standard: Located<RawStandard>): Problem[] {
	const problems: Problem[] = [];
	const { report, condition } = reporter(standard, problems);
	const { id, includes, elements } = standard.value;
	checkSources(library, standard, problems);
	const base = library.accreditation.find(({ value }) => value.id === includes)?.value;
	if (includes !== undefined && (!base || base.includes !== undefined || includes === id)) {
		report(['includes'], `"${includes}" is no standard that can be included`, 'Correct the id.');
	}
	const seen = new Set(base?.elements.map((element) => element.id));
	const asking = worksheetsAsking(library, id);
	const fields = new Set(
		asking.flatMap((sheet) =>
			resolveLocated(library, sheet).sections.flatMap((section) =>
				section.fields.map(({ id }) => id)
			)
		)
	);
	elements.forEach((element, index) => {
		const path = ['elements', index];
		if (seen.has(element.id)) report(path, `"${element.id}" stands here twice`, 'Keep one.');
		seen.add(element.id);
		const ways = [element.header, element.clock, element.person].filter(Boolean).length;
		if (element.needs.length > 0 ? element.header || element.clock : ways !== 1) {
			const remedy = 'Fields in "needs", or one of "header", "clock" and "person".';
			report(path, `"${element.id}" does not say how it is answered`, remedy);
		}
		for (const key of element.source) {
			if (library.sources.has(key)) continue;
			report(path, `there is no source "${key}"`, 'Add it to sources.yaml.');
		}
		// Its fields may stand in a worksheet that is not in this library; then nobody is asked.
		if (asking.length === 0) return;
		for (const field of element.needs.flat()) {
			if (fields.has(field) || typeElsewhere(library, field) !== null) continue;
			report(path, `"${element.id}": no worksheet has "${field}"`, 'Correct the field.');
		}
		if (element.when !== null)
			condition(path, element.when, (name) => typeElsewhere(library, name));
	});
	return problems;
}

/** Those that name it, or one that includes it. */
function worksheetsAsking(library: Library, id: string): Located<RawWorksheet>[] {
	const ids = new Set([
		id,
		...library.accreditation.flatMap(({ value }) => (value.includes === id ? [value.id] : []))
	]);
	return [...library.worksheets.values()].filter(({ value }) =>
		value.accreditation.some((each) => ids.has(each))
	);
}
