import type { DicomElement, DicomJson } from '$lib/dicom/json.ts';
import type { ObjectSummary } from './object-summary.ts';

function relative(dataset: DicomJson, prefix: string): DicomJson {
	return Object.fromEntries(
		Object.entries(dataset).map(([tag, element]): [string, DicomElement] => {
			if (element.BulkDataURI) {
				return [tag, { ...element, BulkDataURI: `${prefix}/${element.BulkDataURI}` }];
			}
			if (element.vr !== 'SQ' || !element.Value) return [tag, element];
			const items = element.Value.map((item) => relative(item as DicomJson, prefix));
			return [tag, { ...element, Value: items }];
		})
	);
}

/** The object's data set with BulkDataURI relative to the study, and the syntax it is stored in. */
export function studyMetadata(summary: ObjectSummary): DicomJson {
	const prefix = `series/${summary.seriesUid}/instances/${summary.sopUid}`;
	return {
		...relative(summary.dataset, prefix),
		'00083002': { vr: 'UI', Value: [summary.transferSyntax] }
	};
}
