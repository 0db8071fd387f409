import { DomainError } from '$lib/errors.ts';
import { values } from './json.ts';
import type { DicomJson, PersonName } from './json.ts';
import { tagOf, tags } from './tags.ts';
import type { Keyword } from './tags.ts';

/** QIDO-RS (PS3.18 10.6): which attributes may be asked for, how values match, what is returned. */
export type QueryLevel = 'studies' | 'series' | 'instances';

type Matching = 'text' | 'name' | 'date' | 'time' | 'uids' | 'codes' | 'number';

/** Closed list (D2): another key is an error, since servers that ignore it answer with everything. */
const matching: Readonly<Record<QueryLevel, Partial<Record<Keyword, Matching>>>> = {
	studies: {
		StudyDate: 'date',
		StudyTime: 'time',
		AccessionNumber: 'text',
		ModalitiesInStudy: 'codes',
		ReferringPhysicianName: 'name',
		PatientName: 'name',
		PatientID: 'text',
		IssuerOfPatientID: 'text',
		PatientBirthDate: 'date',
		PatientSex: 'codes',
		StudyInstanceUID: 'uids',
		StudyID: 'text',
		StudyDescription: 'text'
	},
	series: {
		Modality: 'codes',
		SeriesInstanceUID: 'uids',
		SeriesNumber: 'number',
		SeriesDescription: 'text',
		SeriesDate: 'date',
		PerformedProcedureStepStartDate: 'date',
		PerformedProcedureStepStartTime: 'time'
	},
	instances: {
		SOPClassUID: 'uids',
		SOPInstanceUID: 'uids',
		InstanceNumber: 'number',
		ContentDate: 'date',
		NumberOfFrames: 'number'
	}
};

const above: Readonly<Record<QueryLevel, QueryLevel[]>> = {
	studies: ['studies'],
	series: ['studies', 'series'],
	instances: ['studies', 'series', 'instances']
};

/** Returned without being asked for (PS3.18 tables 10.6.3-3 to -5), and what our lists show. */
export const returnedKeywords: Readonly<Record<QueryLevel, Keyword[]>> = {
	studies: [
		'StudyDate',
		'StudyTime',
		'AccessionNumber',
		'InstanceAvailability',
		'ModalitiesInStudy',
		'ReferringPhysicianName',
		'TimezoneOffsetFromUTC',
		'StudyDescription',
		'PatientName',
		'PatientID',
		'IssuerOfPatientID',
		'PatientBirthDate',
		'PatientSex',
		'StudyInstanceUID',
		'StudyID',
		'NumberOfStudyRelatedSeries',
		'NumberOfStudyRelatedInstances'
	],
	series: [
		'StudyInstanceUID',
		'Modality',
		'SeriesDescription',
		'TimezoneOffsetFromUTC',
		'SeriesInstanceUID',
		'SeriesNumber',
		'NumberOfSeriesRelatedInstances',
		'PerformedProcedureStepStartDate',
		'PerformedProcedureStepStartTime'
	],
	instances: [
		'StudyInstanceUID',
		'SeriesInstanceUID',
		'SOPClassUID',
		'SOPInstanceUID',
		'InstanceAvailability',
		'TimezoneOffsetFromUTC',
		'InstanceNumber',
		'NumberOfFrames',
		'Rows',
		'Columns',
		'BitsAllocated'
	]
};

/** What a search asks, checked: keyword → value, extra fields as tags. */
export interface Query {
	filters: Record<string, string>;
	includeFields: string[];
	limit: number;
	offset: number;
}

const keywordOf = new Map<string, Keyword>(
	Object.entries(tags).map(([keyword, tag]) => [tag, keyword as Keyword])
);

function howToMatch(level: QueryLevel, keywordOrTag: string): [Keyword, Matching] | null {
	const tag = tagOf(keywordOrTag);
	const keyword = tag && keywordOf.get(tag);
	if (!keyword) return null;
	for (const each of above[level]) {
		const how = matching[each][keyword];
		if (how) return [keyword, how];
	}
	return null;
}

function count(text: string | null, name: string, most: number, otherwise: number): number {
	if (text === null) return otherwise;
	if (!/^\d{1,9}$/.test(text)) throw new DomainError('invalid_input', `${name} is not a number.`);
	return Math.min(Number(text), most);
}

/** More is not answered at once, whatever is asked for. */
export const mostResults = 1000;

/**
 * Query parameters of a QIDO-RS request.
 * @throws DomainError `invalid_input` for a key or value that is not on the list; names the key.
 */
export function parseQuery(level: QueryLevel, params: URLSearchParams): Query {
	const filters: Record<string, string> = {};
	const includeFields: string[] = [];
	for (const [key, value] of params) {
		if (['limit', 'offset', 'fuzzymatching', 'accept'].includes(key)) continue;
		if (key === 'includefield') {
			for (const field of value.split(',')) {
				if (field === 'all') continue;
				const tag = tagOf(field);
				if (!tag) throw new DomainError('invalid_input', 'A field to include is not known here.');
				includeFields.push(tag);
			}
			continue;
		}
		const how = howToMatch(level, key);
		if (!how) {
			throw new DomainError('invalid_input', `“${key.slice(0, 64)}” cannot be searched for here.`);
		}
		if (Object.hasOwn(filters, how[0])) {
			throw new DomainError('invalid_input', `“${how[0]}” is asked for twice.`);
		}
		if (value.length > 1024) throw new DomainError('invalid_input', `“${how[0]}” is too long.`);
		filters[how[0]] = value;
	}
	return {
		filters,
		includeFields,
		limit: count(params.get('limit'), 'limit', mostResults, 100),
		offset: count(params.get('offset'), 'offset', 1_000_000, 0)
	};
}

/** `*` any run, `?` one character. Linear in practice: only the last star is ever retried. */
export function wildcardMatches(pattern: string, value: string): boolean {
	let p = 0;
	let v = 0;
	let star = -1;
	let retry = 0;
	while (v < value.length) {
		if (p < pattern.length && pattern[p] === '*') {
			star = p++;
			retry = v;
		} else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === value[v])) {
			p++;
			v++;
		} else if (star >= 0) {
			p = star + 1;
			v = ++retry;
		} else return false;
	}
	while (pattern[p] === '*') p++;
	return p === pattern.length;
}

const fold = (text: string) => text.normalize('NFC').toLocaleLowerCase('en').trim();

/** `a-b`, `-b`, `a-` or one value, compared as the digits that they are (PS3.4 C.2.2.2.5). */
function inRange(range: string, value: string, width: number): boolean {
	const pad = (text: string, fill: string) =>
		text
			.replace(/[^0-9]/g, '')
			.padEnd(width, fill)
			.slice(0, width);
	const dash = range.indexOf('-');
	const from = dash < 0 ? range : range.slice(0, dash);
	const to = dash < 0 ? range : range.slice(dash + 1);
	if (!/\d/.test(value)) return false;
	const it = pad(value, '0');
	return (!from || it >= pad(from, '0')) && (!to || it <= pad(to, '9'));
}

const writings = (value: unknown): string[] =>
	typeof value === 'string' || typeof value === 'number'
		? [String(value)]
		: value && typeof value === 'object'
			? Object.values(value as PersonName).map(String)
			: [];

function valueMatches(how: Matching, wanted: string, value: string): boolean {
	switch (how) {
		case 'date':
			return inRange(wanted, value, 8);
		case 'time':
			return inRange(wanted, value.split('.')[0]!, 6);
		case 'uids':
			return wanted.split(/[,\\]/).some((uid) => uid.trim() === value.trim());
		case 'codes':
			return wanted.split(/[,\\]/).some((code) => wildcardMatches(fold(code), fold(value)));
		case 'number':
			return Number(wanted) === Number(value);
		case 'name':
			// Trailing empty components are not part of a name (PS3.5 6.2.1).
			return wildcardMatches(fold(wanted.replace(/\^+$/, '')), fold(value.replace(/\^+$/, '')));
		case 'text':
			return wildcardMatches(fold(wanted), fold(value));
	}
}

/**
 * Whether a result is what was asked for. Applied to every answer of every archive, since some
 * ignore what they do not know and answer with everything. An empty value matches all.
 */
export function matchesFilters(
	level: QueryLevel,
	result: DicomJson,
	filters: Readonly<Record<string, string>>
): boolean {
	return Object.entries(filters).every(([key, wanted]) => {
		const how = howToMatch(level, key);
		if (!how) return false;
		if (wanted === '' || wanted === '*') return true;
		const found = values(result, tags[how[0]]).flatMap(writings);
		return found.some((value) => valueMatches(how[1], wanted, value));
	});
}

/** The result with nothing but what is returned by default, was filtered by, or was asked for. */
export function project(
	level: QueryLevel,
	result: DicomJson,
	query: Pick<Query, 'filters' | 'includeFields'>
): DicomJson {
	const wanted = new Set<string>(query.includeFields);
	for (const each of above[level]) {
		// Relational answers name the levels above; hierarchical ones do no harm by it.
		for (const keyword of returnedKeywords[each]) wanted.add(tags[keyword]);
	}
	for (const key of Object.keys(query.filters)) {
		const tag = tagOf(key);
		if (tag) wanted.add(tag);
	}
	return Object.fromEntries(
		Object.entries(result)
			.filter(([tag]) => wanted.has(tag))
			.sort(([a], [b]) => (a < b ? -1 : 1))
	);
}
