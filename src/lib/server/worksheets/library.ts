import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { DomainError } from '$lib/errors.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { checkLibrary } from '$lib/worksheet/check.ts';
import type { ResolvedWorksheet, Section } from '$lib/worksheet/definition.ts';
import type { RawWorksheet } from '$lib/worksheet/file-schemas.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import type { Library } from '$lib/worksheet/read-library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import type { Problem } from '$lib/worksheet/source-files.ts';

export interface WorksheetSummary {
	id: string;
	title: string;
	version: string;
	group: string;
	modalities: string[];
	maturity: 'A' | 'B' | 'C';
	/** The scheme it follows, as its readers call it. */
	standard: string;
	sections: { id: string; title: string; fields: number }[];
	/** A row that can be repeated counts once. */
	fields: number;
	codedFields: number;
	/** Formulas, grades, normals, limits, checks and statements. */
	rules: number;
}

/** What is known of a study before anybody has looked at it. */
export interface StudyFacts {
	/** DICOM modalities of its series. */
	modalities: readonly string[];
	/** Procedure text of order or study. */
	procedure: string;
	/** Body Part Examined (0018,0015) of its series. */
	bodyParts?: readonly string[];
	/** Procedure codes, `scheme:value`. */
	codes?: readonly string[];
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
	 * The worksheet for a study; null when none is meant. A procedure code decides, then the longest
	 * text that a worksheet names and the procedure contains, then the body part, then the one that is
	 * meant for everything else of the modality.
	 */
	chooseFor(study: StudyFacts): ResolvedWorksheet | null;
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
	return libraryOf(library);
}

export function describeProblem({ file, line, what, remedy }: Problem): string {
	return `${file}:${line}: ${what}. ${remedy}`;
}

function libraryOf(library: Library): WorksheetLibrary {
	const hashes = new WeakMap<ResolvedWorksheet, string>();
	const resolved = new Map<string, ResolvedWorksheet | null>();
	const find = (id: string) => {
		const known = resolved.get(id);
		if (known !== undefined) return known;
		const worksheet = resolveWorksheet(library, id);
		resolved.set(id, worksheet);
		return worksheet;
	};
	const raws = [...library.worksheets.values()].map(({ value }) => value);
	let summaries: WorksheetSummary[] | null = null;
	return {
		list: () => (summaries ??= raws.flatMap(({ id }) => find(id) ?? []).map(summarise)),
		resolve(id, version) {
			const worksheet = library.worksheets.has(id) ? find(id) : null;
			const isWanted = version === undefined || worksheet?.version === version;
			return worksheet && isWanted ? worksheet : null;
		},
		hashOf(worksheet) {
			const known = hashes.get(worksheet) ?? contentHash(worksheet);
			hashes.set(worksheet, known);
			return known;
		},
		chooseFor(study) {
			const candidates = raws
				.filter(({ modalities }) => modalities.some((each) => study.modalities.includes(each)))
				.map((raw) => ({ raw, match: matchOf(raw, study) }))
				.filter(({ match }) => match > 0)
				.sort((a, b) => b.match - a.match);
			const [best] = candidates;
			return best ? find(best.raw.id) : null;
		}
	};
}

/** How well a worksheet fits; 0: not at all. */
function matchOf(raw: RawWorksheet, study: StudyFacts): number {
	const text = study.procedure.toLowerCase();
	if (raw.codes.some(({ scheme, value }) => study.codes?.includes(`${scheme}:${value}`))) return 1e4;
	const named = longestMatch(
		raw.procedures.map((each) => each.toLowerCase()),
		text
	);
	const bodyPart = raw.bodyParts.some((each) => study.bodyParts?.includes(each)) ? 5 : 0;
	if (named + bodyPart > 0) return named * 10 + bodyPart;
	return raw.fallback ? 1 : 0;
}

function longestMatch(procedures: readonly string[], text: string): number {
	return Math.max(
		0,
		...procedures.filter((each) => text.includes(each)).map((each) => each.length)
	);
}

function summarise(worksheet: ResolvedWorksheet): WorksheetSummary {
	const { id, title, version, group, modalities, maturity, standard = '', sections } = worksheet;
	const counted = sections.map((section) => ({
		section,
		fields: section.table?.growing ? onceARow(section) : section.fields
	}));
	const fields = counted.flatMap((each) => each.fields);
	return {
		id,
		title,
		version,
		group,
		modalities,
		maturity,
		standard,
		sections: counted.map(({ section, fields: own }) => ({
			id: section.id,
			title: section.title,
			fields: own.length
		})),
		fields: fields.length,
		codedFields: fields.filter(({ kind }) => kind === 'coded' || kind === 'multi-coded').length,
		rules:
			worksheet.formulas.length +
			worksheet.grades.length +
			worksheet.normals.length +
			worksheet.plausibility.length +
			worksheet.crossChecks.length +
			worksheet.statements.length
	};
}

function onceARow({ fields, table }: Section): Section['fields'] {
	const first = table?.rows[0]?.key;
	return fields.filter(({ row }) => row === undefined || row === first);
}
