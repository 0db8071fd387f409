import type { DicomJson } from '$lib/dicom/json.ts';
import { number, text } from '$lib/dicom/json.ts';
import { matchesFilters, project } from '$lib/dicom/query.ts';
import { tags } from '$lib/dicom/tags.ts';
import type { Search, SearchLevel } from './archive.ts';
import type { IndexRecord } from './index-record.ts';

/** Attributes of the instance that a series or study does not share. */
const ofInstance: readonly string[] = [
	tags.SOPClassUID,
	tags.SOPInstanceUID,
	tags.InstanceNumber,
	tags.NumberOfFrames,
	tags.Rows,
	tags.Columns,
	tags.BitsAllocated,
	tags.ContentDate,
	tags.ContentTime,
	tags.ImageType
];
const ofSeries: readonly string[] = [
	...ofInstance,
	tags.SeriesInstanceUID,
	tags.SeriesNumber,
	tags.SeriesDescription,
	tags.SeriesDate,
	tags.SeriesTime,
	tags.Modality,
	tags.ProtocolName
];

const without = (attributes: DicomJson, leftOut: readonly string[]): DicomJson =>
	Object.fromEntries(Object.entries(attributes).filter(([tag]) => !leftOut.includes(tag)));

const integer = (value: number) => ({ vr: 'IS', Value: [value] });
const online = { vr: 'CS', Value: ['ONLINE'] };

function groups<T>(records: readonly T[], key: (record: T) => string): T[][] {
	const found = new Map<string, T[]>();
	for (const record of records) {
		const group = found.get(key(record));
		if (group) group.push(record);
		else found.set(key(record), [record]);
	}
	return [...found.values()];
}

const distinct = (records: readonly IndexRecord[], tag: string) =>
	[...new Set(records.map((record) => text(record.attributes, tag)).filter(Boolean))].sort();

function studyResult(records: IndexRecord[]): DicomJson {
	const modalities = distinct(records, tags.Modality);
	return {
		// A later object fills what the first one left out, and changes nothing.
		...Object.assign({}, ...[...records].reverse().map((r) => without(r.attributes, ofSeries))),
		[tags.InstanceAvailability]: online,
		...(modalities.length
			? { [tags.ModalitiesInStudy]: { vr: 'CS', Value: modalities } }
			: undefined),
		[tags.NumberOfStudyRelatedSeries]: integer(new Set(records.map((r) => r.seriesUid)).size),
		[tags.NumberOfStudyRelatedInstances]: integer(records.length)
	};
}

function seriesResult(records: IndexRecord[], study: DicomJson): DicomJson {
	return {
		...study,
		...Object.assign({}, ...[...records].reverse().map((r) => without(r.attributes, ofInstance))),
		[tags.NumberOfSeriesRelatedInstances]: integer(records.length)
	};
}

/** One result per study, series or instance, each with what the levels above it say. */
export function resultsOf(level: SearchLevel, records: IndexRecord[]): DicomJson[] {
	return groups(records, (record) => record.studyUid).flatMap((ofStudy) => {
		const study = studyResult(ofStudy);
		if (level === 'studies') return [study];
		return groups(ofStudy, (record) => record.seriesUid).flatMap((series) => {
			const result = seriesResult(series, study);
			if (level === 'series') return [result];
			return series.map((record) => ({ ...result, ...record.attributes }));
		});
	});
}

const newestFirst = (result: DicomJson) =>
	text(result, tags.StudyDate).padEnd(8, '0') + text(result, tags.StudyTime).padEnd(6, '0');

/** A stable order, so that pages of a search fit together. */
function compare(level: SearchLevel, a: DicomJson, b: DicomJson): number {
	const byText = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
	const byNumber = (tag: string) => (number(a, tag) ?? 0) - (number(b, tag) ?? 0);
	const byUid = (tag: string) => byText(text(a, tag), text(b, tag));
	return (
		byText(newestFirst(b), newestFirst(a)) ||
		byUid(tags.StudyInstanceUID) ||
		(level === 'studies'
			? 0
			: byNumber(tags.SeriesNumber) ||
				byUid(tags.SeriesInstanceUID) ||
				(level === 'series' ? 0 : byNumber(tags.InstanceNumber) || byUid(tags.SOPInstanceUID)))
	);
}

/** The page of the results that was asked for, every filter applied by us. */
export function answer(results: DicomJson[], search: Search): DicomJson[] {
	return results
		.filter(
			(result) =>
				(!search.studyUid || text(result, tags.StudyInstanceUID) === search.studyUid) &&
				(!search.seriesUid || text(result, tags.SeriesInstanceUID) === search.seriesUid) &&
				matchesFilters(search.level, result, search.filters)
		)
		.sort((a, b) => compare(search.level, a, b))
		.slice(search.offset, search.offset + search.limit)
		.map((result) => project(search.level, result, search));
}
