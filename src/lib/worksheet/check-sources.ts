import type { Library } from './read-library.ts';
import { reporter } from './reporter.ts';
import type { Located, Problem } from './source-files.ts';

/** C7: a fact names its publication, and that is listed. */
export function checkSources(
	library: Library,
	item: Located<{ source: string[] }>,
	problems: Problem[]
) {
	const { report } = reporter(item, problems);
	if (item.value.source.length === 0) report(['source'], 'has no source', 'Name the publication.');
	for (const key of item.value.source) {
		if (!library.sources.has(key)) {
			report(['source'], `there is no source "${key}"`, 'Add it to sources.yaml.');
		}
	}
}
