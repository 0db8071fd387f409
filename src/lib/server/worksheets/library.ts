import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { DomainError } from '$lib/errors.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { checkLibrary } from '$lib/worksheet/check.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import type { Problem } from '$lib/worksheet/source-files.ts';

export interface WorksheetSummary {
	id: string;
	title: string;
	version: string;
	group: string;
	modalities: string[];
	maturity: 'A' | 'B' | 'C';
	sections: { id: string; title: string; fields: number }[];
}

/** The worksheets of this installation: read, checked and resolved once. */
export interface WorksheetLibrary {
	list(): WorksheetSummary[];
	/**
	 * Null when there is none, or when the files hold another version: a signed report keeps the
	 * worksheet it was made with in the database, by its hash.
	 */
	resolve(id: string, version?: string): ResolvedWorksheet | null;
	/** SHA-256 of the resolved content; the same object is hashed once. */
	hashOf(worksheet: ResolvedWorksheet): string;
	/**
	 * The worksheet for a procedure; null when none is meant. The longest text that a worksheet names
	 * and the procedure contains decides.
	 */
	chooseFor(study: { modalities: readonly string[]; procedure: string }): ResolvedWorksheet | null;
}

/** Where `worksheets/` lies: beside the program, or in the working folder. */
export function worksheetFolder(env: NodeJS.ProcessEnv = process.env): string {
	return join(env.READROOM_ROOT ?? process.cwd(), 'worksheets');
}

/** Content of every YAML and JSON file, by its path below the folder, with `/` on every system. */
export function readWorksheetFiles(folder: string): Map<string, string> {
	const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(yaml|json)$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));
	return new Map(
		paths
			.sort()
			.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')])
	);
}

/**
 * Reads a folder of worksheets.
 *
 * @throws DomainError `invalid_input` when anything in it is wrong: a practice must not read with
 *   half of its rules. The detail names the first problem; `readroom worksheets check` lists all.
 */
export function openWorksheetLibrary(folder = worksheetFolder()): WorksheetLibrary {
	const { library, problems: unreadable } = readLibrary(readWorksheetFiles(folder));
	const [first, ...others] = [...unreadable, ...checkLibrary(library)];
	if (first) {
		const more = others.length > 0 ? ` (and ${others.length} more)` : '';
		throw new DomainError('invalid_input', `worksheets/${describeProblem(first)}${more}`);
	}
	const worksheets = [...library.worksheets.keys()].flatMap(
		(id) => resolveWorksheet(library, id) ?? []
	);
	return libraryOf(worksheets);
}

export function describeProblem({ file, line, what, remedy }: Problem): string {
	return `${file}:${line}: ${what}. ${remedy}`;
}

function libraryOf(worksheets: readonly ResolvedWorksheet[]): WorksheetLibrary {
	const hashes = new WeakMap<ResolvedWorksheet, string>();
	return {
		list: () => worksheets.map(summarise),
		resolve(id, version) {
			const worksheet = worksheets.find((each) => each.id === id);
			const isWanted = version === undefined || worksheet?.version === version;
			return worksheet && isWanted ? worksheet : null;
		},
		hashOf(worksheet) {
			const known = hashes.get(worksheet) ?? contentHash(worksheet);
			hashes.set(worksheet, known);
			return known;
		},
		chooseFor({ modalities, procedure }) {
			const text = procedure.toLowerCase();
			const candidates = worksheets
				.filter((worksheet) => worksheet.modalities.some((each) => modalities.includes(each)))
				.map((worksheet) => ({ worksheet, match: longestMatch(worksheet.procedures, text) }))
				.filter(({ match }) => match > 0)
				.sort((a, b) => b.match - a.match);
			return candidates[0]?.worksheet ?? null;
		}
	};
}

function longestMatch(procedures: readonly string[], text: string): number {
	return Math.max(
		0,
		...procedures.filter((each) => text.includes(each)).map((each) => each.length)
	);
}

function summarise(worksheet: ResolvedWorksheet): WorksheetSummary {
	const { id, title, version, group, modalities, maturity, sections } = worksheet;
	return {
		id,
		title,
		version,
		group,
		modalities,
		maturity,
		sections: sections.map((section) => ({
			id: section.id,
			title: section.title,
			fields: section.fields.length
		}))
	};
}
