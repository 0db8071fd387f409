import type { SrDocument } from '../dicom/sr/content-item.ts';

/**
 * What may say which procedure a study was, best first: what was ordered and what the operator
 * typed, else the titles of the machine's reports. A study without any words still says "Adult
 * Echocardiography Procedure Report".
 */
export function procedureTexts(
	described: readonly string[],
	documents: readonly Pick<SrDocument, 'title'>[]
): string[] {
	const titles = documents.flatMap(({ title }) => title?.meaning ?? []);
	return [described, [...new Set(titles)]]
		.map((texts) => texts.filter((text) => text.trim() !== '').join(' · '))
		.filter((text) => text !== '');
}
