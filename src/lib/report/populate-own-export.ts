import type { SrDocument } from '../dicom/sr/content-item.ts';

/** What our exports carry as Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090). */
export const ownManufacturer = 'Readroom';

/** A report that we made never fills a field: it would confirm itself. */
export function isOwnExport(document: Pick<SrDocument, 'manufacturer' | 'model'>): boolean {
	return document.manufacturer === ownManufacturer || document.model === ownManufacturer;
}
