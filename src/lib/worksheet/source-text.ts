/** A worksheet of the library as text that somebody can go on writing. */
import { dump } from 'js-yaml';
import type { RawWorksheet } from './file-schemas.ts';
import type { Library } from './read-library.ts';

const defaults: Partial<Record<keyof RawWorksheet, unknown>> = {
	bodyParts: [],
	codes: [],
	fallback: false,
	standard: '',
	drop: [],
	without: [],
	requiredBeforeSign: [],
	accreditation: []
};

/**
 * The worksheet as a file of its own, also where it stands in a catalogue among others. What is at its
 * default is left out. A copy is at most a B: golden cases stay with what they were written for.
 */
export function sourceText(library: Library, id: string): string | null {
	const raw = library.worksheets.get(id)?.value;
	return raw
		? writeWorksheet({ ...raw, maturity: raw.maturity === 'A' ? 'B' : raw.maturity })
		: null;
}

export function writeWorksheet(raw: RawWorksheet): string {
	const kept = Object.entries(raw).filter(
		([key, value]) =>
			value !== undefined &&
			JSON.stringify(value) !== JSON.stringify(defaults[key as keyof RawWorksheet])
	);
	return writeYaml(Object.fromEntries(kept));
}

export function writeYaml(value: unknown): string {
	return dump(value, { lineWidth: 100, noRefs: true, quotingType: "'", flowLevel: -1 });
}

/**
 * The worksheet with one shared section written out in it, so that its fields can be changed here
 * without changing it for all others; null when that section cannot be: it was narrowed or renamed.
 */
export function withSectionWrittenOut(
	library: Library,
	raw: RawWorksheet,
	index: number
): RawWorksheet | null {
	const use = raw.sections[index];
	if (use === undefined || (typeof use === 'object' && !('use' in use))) return null;
	const {
		use: path,
		with: given = {},
		...others
	} = typeof use === 'string' ? { use, with: {} } : use;
	const template = library.sections.get(path)?.value;
	if (!template || Object.values(others).some((each) => each !== undefined)) return null;
	const parameters = Object.fromEntries(
		Object.entries(template.parameters).map(([name, parameter]) => [
			name,
			Object.hasOwn(given, name) ? { ...parameter, default: given[name] } : parameter
		])
	);
	const { parameters: _, ...rest } = template;
	const section = Object.keys(parameters).length > 0 ? { ...rest, parameters } : rest;
	return { ...raw, sections: raw.sections.with(index, { section: section as typeof template }) };
}
