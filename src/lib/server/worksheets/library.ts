import { DomainError } from '$lib/errors.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { checkLibrary } from '$lib/worksheet/check.ts';
import { chooseAmong } from '$lib/worksheet/choose.ts';
import type { Candidate, StudyFacts } from '$lib/worksheet/choose.ts';
import { partsOf } from '$lib/worksheet/compose.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { readLibrary, worksheetFile } from '$lib/worksheet/read-library.ts';
import type { Library } from '$lib/worksheet/read-library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import type { Problem } from '$lib/worksheet/source-files.ts';
import { summarise } from '$lib/worksheet/summary.ts';
import type { WorksheetSummary } from '$lib/worksheet/summary.ts';
import { describeProblem, readWorksheetFiles, worksheetFolder } from './files.ts';
import { fingerprintOf, recall, remember } from './verified.ts';
import type { VerifiedWorksheet } from './verified.ts';

export type { StudyFacts, WorksheetSummary };
export { describeProblem, readWorksheetFiles, worksheetFolder };

/** The worksheets of this installation: read, checked and resolved once. */
export interface WorksheetLibrary {
	/** Cheap: resolves nothing. */
	list(): readonly WorksheetSummary[];
	/** What each is meant for, in the order in which they are asked. */
	candidates(): readonly Candidate[];
	/**
	 * Null when there is none, or when the files hold another version: a signed report keeps the
	 * worksheet it was made with in the database, by its hash.
	 */
	resolve(id: string, version?: string): ResolvedWorksheet | null;
	/** SHA-256 of the resolved content; the same object is hashed once. */
	hashOf(worksheet: ResolvedWorksheet): string;
	/** The worksheet for a study; null when none is meant. */
	chooseFor(study: StudyFacts): ResolvedWorksheet | null;
	/** What the files say, for checking a worksheet that is being written; read when first asked. */
	readonly parts: Library;
	/** The file as it is written, by its path below `worksheets/`. */
	textOf(path: string): string | null;
}

/**
 * Opens a folder of worksheets. Files that were found in order before are neither read as YAML nor
 * checked again; a worksheet is resolved when it is first asked for.
 *
 * @throws DomainError `invalid_input` when anything in it is wrong: a practice must not read with
 *   half of its rules. The detail names the first problem; `readroom worksheets check` lists all.
 */
export function openWorksheetLibrary(
	folder = worksheetFolder(),
	/** Told before all is checked, which takes from seconds to minutes. */
	onCheck: () => void = () => {}
): WorksheetLibrary {
	const files = readWorksheetFiles(folder);
	const fingerprint = fingerprintOf(files);
	const known = recall(fingerprint);
	if (known) return libraryOf(files, known, () => refuseProblems(readLibrary(files)).library);
	onCheck();
	const read = readLibrary(files);
	const library = refuseProblems(read, checkLibrary(read.library)).library;
	const verified = verifiedFrom(library);
	remember(fingerprint, verified);
	return libraryOf(files, verified, () => library);
}

/** What is kept of files that were found in order. */
export function verifiedFrom(library: Library): VerifiedWorksheet[] {
	return [...library.worksheets.values()].flatMap(({ value }) => {
		const resolved = resolveWorksheet(library, value.id);
		if (!resolved) return [];
		const { id, modalities, procedures, bodyParts, codes, fallback } = value;
		const meantFor = {
			id,
			modalities,
			procedures: procedures.map((text) => text.toLowerCase()),
			bodyParts,
			codes: codes.map(({ scheme, value: code }) => ({ scheme, value: code })),
			fallback
		};
		return [{ summary: summarise(resolved), meantFor, files: filesOf(library, id) }];
	});
}

/** The worksheet's own file, those of what it extends, and its sections. */
function filesOf(library: Library, id: string): string[] {
	const sheet = library.worksheets.get(id);
	if (!sheet) return [];
	const sections = partsOf(library, sheet).parts.map(({ section }) => section.file);
	const base = sheet.value.extends === undefined ? [] : filesOf(library, sheet.value.extends);
	return [...new Set([sheet.file, ...base, ...sections])];
}

/** Dictionary, formulas, normals, grades: what every worksheet draws on. */
function isShared(path: string): boolean {
	return !/^(sections|catalogue)\/|\.cases\.yaml$/.test(path) && !worksheetFile.test(path);
}

function refuseProblems(
	read: { library: Library; problems: Problem[] },
	more: readonly Problem[] = []
): { library: Library } {
	const [first, ...others] = [...read.problems, ...more];
	if (!first) return read;
	const rest = others.length > 0 ? ` (and ${others.length} more)` : '';
	throw new DomainError('invalid_input', `worksheets/${describeProblem(first)}${rest}`);
}

function libraryOf(
	files: ReadonlyMap<string, string>,
	verified: readonly VerifiedWorksheet[],
	read: () => Library
): WorksheetLibrary {
	const hashes = new WeakMap<ResolvedWorksheet, string>();
	const resolved = new Map<string, ResolvedWorksheet | null>();
	const ids = new Set(verified.map(({ summary }) => summary.id));
	const summaries = verified.map(({ summary }) => summary);
	const candidates = verified.map(({ meantFor }) => meantFor);
	const needs = new Map(verified.map((each) => [each.summary.id, each.files]));
	let library: Library | undefined;
	const parts = () => (library ??= read());
	let common: Library | undefined;
	/** Reading all files as YAML takes a second; one worksheet needs a tenth of them. */
	const partsFor = (id: string): Library => {
		if (library) return library;
		const only = (wanted: (path: string) => boolean) =>
			readLibrary(new Map([...files].filter(([path]) => wanted(path)))).library;
		common ??= only(isShared);
		const wanted = new Set(needs.get(id));
		const { sections, worksheets } = only((path) => wanted.has(path) && !isShared(path));
		return { ...common, sections, worksheets };
	};
	const find = (id: string) => {
		const known = resolved.get(id);
		if (known !== undefined) return known;
		const worksheet = resolveWorksheet(partsFor(id), id);
		resolved.set(id, worksheet);
		return worksheet;
	};
	return {
		list: () => summaries,
		candidates: () => candidates,
		resolve(id, version) {
			const worksheet = ids.has(id) ? find(id) : null;
			const isWanted = version === undefined || worksheet?.version === version;
			return worksheet && isWanted ? worksheet : null;
		},
		hashOf(worksheet) {
			const known = hashes.get(worksheet) ?? contentHash(worksheet);
			hashes.set(worksheet, known);
			return known;
		},
		chooseFor(study) {
			const best = chooseAmong(candidates, study);
			return best ? find(best.id) : null;
		},
		get parts() {
			return parts();
		},
		textOf: (path) => files.get(path) ?? null
	};
}
