import { tagOf, tags } from '$lib/dicom/tags.ts';
import type { Keyword } from '$lib/dicom/tags.ts';
import type { SearchLevel } from './archive.ts';

/** Attributes that every server must match on (PS3.18 table 10.6.1-5), and how we may ask. */
const sent: Readonly<
	Record<SearchLevel, Partial<Record<Keyword, 'text' | 'date' | 'uids' | 'code'>>>
> = {
	studies: {
		StudyDate: 'date',
		AccessionNumber: 'text',
		ModalitiesInStudy: 'code',
		PatientName: 'text',
		PatientID: 'text',
		ReferringPhysicianName: 'text',
		StudyInstanceUID: 'uids',
		StudyID: 'text'
	},
	series: { Modality: 'code', SeriesInstanceUID: 'uids' },
	instances: { SOPClassUID: 'uids', SOPInstanceUID: 'uids' }
};

const keywordOf = new Map<string, Keyword>(
	Object.entries(tags).map(([keyword, tag]) => [tag, keyword as Keyword])
);

/** Characters that no server has to decode; Orthanc 1.10 decodes none. */
const plain = /^[A-Za-z0-9._~*-]*$/;

/**
 * A filter as it can be sent to any server, or null when it must be left to us. What is sent finds
 * at least everything that is wanted: whatever would need an escape becomes a wildcard.
 */
function sendable(how: 'text' | 'date' | 'uids' | 'code', value: string): string | null {
	if (value === '' || value === '*') return null;
	switch (how) {
		case 'date':
			return /^(\d{8}|\d{8}-|-\d{8}|\d{8}-\d{8})$/.test(value) ? value : null;
		case 'uids':
			return /^[\d.]+(,[\d.]+)*$/.test(value) ? value : null;
		case 'code':
			// Lists of codes are not in the Standard.
			return plain.test(value) ? value : null;
		case 'text': {
			const loose = value.replace(/[^A-Za-z0-9._~*-]+/g, '*').replace(/\*+/g, '*');
			return loose === '*' ? null : loose;
		}
	}
}

/** Keys by the level that they are of; filters of ours may name the levels above. */
export function levelOfFilter(key: string): SearchLevel | null {
	const keyword = keywordOf.get(tagOf(key) ?? '');
	if (!keyword) return null;
	const ofSeries: Keyword[] = [
		'SeriesNumber',
		'SeriesDescription',
		'SeriesDate',
		'PerformedProcedureStepStartDate',
		'PerformedProcedureStepStartTime'
	];
	const ofInstance: Keyword[] = ['InstanceNumber', 'ContentDate', 'NumberOfFrames'];
	if (keyword in sent.series || ofSeries.includes(keyword)) return 'series';
	if (keyword in sent.instances || ofInstance.includes(keyword)) return 'instances';
	return 'studies';
}

/** The query of one page. `fields` are tags that must come back for us to filter and show. */
export function remoteQuery(
	level: SearchLevel,
	filters: Readonly<Record<string, string>>,
	fields: readonly string[],
	page: { limit: number; offset: number }
): string {
	const parts: string[] = [];
	for (const [key, value] of Object.entries(filters)) {
		const keyword = keywordOf.get(tagOf(key) ?? '');
		const how = keyword && sent[level][keyword];
		const text = how && sendable(how, value);
		if (keyword && text) parts.push(`${keyword}=${text}`);
	}
	for (const tag of fields) parts.push(`includefield=${tag}`);
	parts.push(`limit=${page.limit}`, `offset=${page.offset}`);
	return parts.join('&');
}
