import { DomainError } from '$lib/errors.ts';
import { text } from '$lib/dicom/json.ts';
import { matchesFilters, returnedKeywords } from '$lib/dicom/query.ts';
import { tagOf, tags } from '$lib/dicom/tags.ts';
import { isUsableUid } from '$lib/dicom/uid.ts';
import type { DicomJson, Search, SearchLevel } from './archive.ts';
import { withoutUris } from './answer-json.ts';
import { levelOfFilter, remoteQuery } from './remote-query.ts';
import { answer } from './search-results.ts';

type Ask = (path: string, signal: AbortSignal | undefined) => Promise<DicomJson[]>;

const pageSize = 500;
/** Beyond this a search is to be narrowed, rather than answered in part (D7). */
const mostMatches = 5000;
/** Studies or series that are looked into for one search of the level below. */
const mostParents = 200;

const narrow = () => new DomainError('too_many', 'Too much is found. Narrow the search.');

const merge = (parent: DicomJson, child: DicomJson): DicomJson => ({ ...parent, ...child });

/** Searches a server that may ignore filters, leave out fields and know only hierarchical paths. */
export class RemoteSearch {
	readonly #ask: Ask;

	constructor(ask: Ask) {
		this.#ask = ask;
	}

	async run(search: Search, signal: AbortSignal | undefined): Promise<DicomJson[]> {
		return answer(await this.#level(search.level, search, signal), search);
	}

	/** All matches of one level, each with what the levels above it say when they were asked. */
	async #level(
		level: SearchLevel,
		search: Search,
		signal: AbortSignal | undefined
	): Promise<DicomJson[]> {
		if (level === 'studies') {
			const filters = search.studyUid
				? { ...search.filters, StudyInstanceUID: search.studyUid }
				: search.filters;
			return this.#pages('studies', '/studies', filters, search, signal);
		}
		const parents = await this.#parents(level, search, signal);
		if (parents.length > mostParents) throw narrow();
		const found: DicomJson[] = [];
		for (const parent of parents) {
			const study = text(parent, tags.StudyInstanceUID);
			const series = text(parent, tags.SeriesInstanceUID);
			if (!isUsableUid(study) || (series && !isUsableUid(series))) continue;
			const path =
				level === 'series'
					? `/studies/${study}/series`
					: series
						? `/studies/${study}/series/${series}/instances`
						: `/studies/${study}/instances`;
			const matches = await this.#pages(level, path, search.filters, search, signal);
			for (const match of matches) found.push(merge(parent, match));
			if (found.length > mostMatches) throw narrow();
		}
		return found;
	}

	/** What the search is done in: named by the path, or found by the filters of the levels above. */
	async #parents(level: 'series' | 'instances', search: Search, signal: AbortSignal | undefined) {
		const levels = Object.keys(search.filters).map(levelOfFilter);
		const uid = (value: string) => ({ vr: 'UI', Value: [value] });
		if (search.studyUid && !levels.includes('studies')) {
			const study: DicomJson = { [tags.StudyInstanceUID]: uid(search.studyUid) };
			if (level === 'series') return [study];
			if (search.seriesUid && !levels.includes('series')) {
				return [{ ...study, [tags.SeriesInstanceUID]: uid(search.seriesUid) }];
			}
			if (!levels.includes('series')) return [study];
		}
		const above = level === 'series' ? 'studies' : 'series';
		const found = await this.#level(above, search, signal);
		return search.seriesUid
			? found.filter((result) => text(result, tags.SeriesInstanceUID) === search.seriesUid)
			: found;
	}

	async #pages(
		level: SearchLevel,
		path: string,
		allFilters: Readonly<Record<string, string>>,
		search: Search,
		signal: AbortSignal | undefined
	): Promise<DicomJson[]> {
		const filters = Object.fromEntries(
			Object.entries(allFilters).filter(([key]) => levelOfFilter(key) === level)
		);
		const fields = [
			...new Set([
				...returnedKeywords[level].map((keyword) => tags[keyword] as string),
				...Object.keys(filters).map((key) => tagOf(key) ?? ''),
				...search.includeFields
			])
		].filter(Boolean);
		const key = {
			studies: tags.StudyInstanceUID,
			series: tags.SeriesInstanceUID,
			instances: tags.SOPInstanceUID
		}[level];
		const found = new Map<string, DicomJson>();
		for (let offset = 0; ; offset += pageSize) {
			const query = remoteQuery(level, filters, fields, { limit: pageSize, offset });
			const page = await this.#ask(`${path}?${query}`, signal).catch((e: unknown) => {
				// A study that is not there has no series.
				if (e instanceof DomainError && e.code === 'not_found') return [];
				throw e;
			});
			const before = found.size;
			for (const result of page) {
				const clean = withoutUris(result);
				if (matchesFilters(level, clean, filters)) found.set(text(clean, key), clean);
			}
			if (found.size > mostMatches) throw narrow();
			// An archive that ignores `offset` would send the same page for ever.
			if (page.length < pageSize || (found.size === before && offset > mostMatches)) break;
		}
		return [...found.values()];
	}
}
