/** The real worksheets, and entries as short as a test wants them. */
import { openWorksheetLibrary, readWorksheetFiles } from '$lib/server/worksheets/library.ts';
import type { WorksheetLibrary } from '$lib/server/worksheets/library.ts';
import { checkLibrary } from '$lib/worksheet/check.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Entries, Entry, EntryValue } from '$lib/worksheet/entry.ts';
import type { PatientFacts } from '$lib/worksheet/evaluation.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import type { Library } from '$lib/worksheet/read-library.ts';
import type { Problem } from '$lib/worksheet/source-files.ts';
import { worksheetFolder } from './worksheet-folder.ts';

export { worksheetFolder };

let files: ReadonlyMap<string, string> | undefined;
let opened: WorksheetLibrary | undefined;

/** Every file below `worksheets/` by its path. */
export function worksheetFiles(): ReadonlyMap<string, string> {
	files ??= readWorksheetFiles(worksheetFolder);
	return files;
}

export function worksheetLibrary(): WorksheetLibrary {
	opened ??= openWorksheetLibrary(worksheetFolder);
	return opened;
}

let small: Library | undefined;

/** Everything but the catalogues: reading and judging seven hundred worksheets takes seconds. */
function withoutCatalogues(): Map<string, string> {
	return new Map([...worksheetFiles()].filter(([path]) => !path.startsWith('catalogue/')));
}

export function worksheet(id = 'adult-tte'): ResolvedWorksheet {
	small ??= readLibrary(withoutCatalogues()).library;
	const found = resolveWorksheet(small, id) ?? worksheetLibrary().resolve(id);
	if (!found) throw new Error(`there is no worksheet "${id}"`);
	return found;
}

/** What all files say, and everything wrong with them; takes seconds. */
export function wholeLibrary(): { library: Library; problems: Problem[] } {
	const { library, problems } = readLibrary(worksheetFiles());
	return { library, problems: [...problems, ...checkLibrary(library)] };
}

/** What the files but the catalogues say, and everything wrong with them, some replaced. */
export function checkedLibrary(replaced: Record<string, string> = {}): {
	library: Library;
	problems: Problem[];
} {
	const { library, problems } = readLibrary(
		new Map([...withoutCatalogues(), ...Object.entries(replaced)])
	);
	return { library, problems: [...problems, ...checkLibrary(library)] };
}

let count = 0;

/** An entry typed by a person, unless it is said otherwise. */
export function buildEntry(value: EntryValue, parts: Partial<Entry> = {}): Entry {
	count += 1;
	return {
		id: `entry-${count}`,
		value,
		unit: null,
		asSent: null,
		samples: [],
		derivation: 'single',
		range: null,
		status: 'given',
		source: { kind: 'person' },
		by: 'user-1',
		at: '2026-03-12T09:00:00.000Z',
		suggestion: false,
		...parts
	};
}

/** An entry that a machine sent in a structured report. */
export function buildMachineEntry(
	value: EntryValue,
	{ calculated = false, ...parts }: Partial<Entry> & { calculated?: boolean } = {}
): Entry {
	return buildEntry(value, {
		by: null,
		source: {
			kind: 'sr',
			studyUid: '1.2.3',
			sopInstanceUid: '1.2.3.4',
			contentPath: '1.5.1',
			calculated,
			rule: 'test',
			image: null
		},
		...parts
	});
}

/** One entry a field, by value. */
export function buildEntries(values: Record<string, EntryValue>): Entries {
	return Object.fromEntries(
		Object.entries(values).map(([field, value]) => [field, [buildEntry(value)]])
	);
}

export const woman: PatientFacts = { sex: 'female', ageYears: 65 };
export const man: PatientFacts = { sex: 'male', ageYears: 55 };
export const stranger: PatientFacts = { sex: 'unknown', ageYears: null };
