import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import type { ObjectSummary } from './object-summary.ts';

/** One line of the index: what a search needs, and which bytes it speaks of. */
export interface IndexRecord {
	schema: 1;
	studyUid: string;
	seriesUid: string;
	sopUid: string;
	hash: string;
	size: number;
	attributes: DicomJson;
}

const known: ReadonlySet<string> = new Set(Object.values(tags));
/** Longer values are in the metadata, not in the index. */
const mostCharacters = 512;

/** The attributes that the product names, without sequences and without long values. */
export function indexRecord(summary: ObjectSummary): IndexRecord {
	const attributes: DicomJson = {};
	for (const [tag, element] of Object.entries(summary.dataset)) {
		if (!known.has(tag) || !element.Value || element.vr === 'SQ') continue;
		if (JSON.stringify(element.Value).length <= mostCharacters) attributes[tag] = element;
	}
	const { studyUid, seriesUid, sopUid, hash, size } = summary;
	return { schema: 1, studyUid, seriesUid, sopUid, hash, size, attributes };
}
