import { items, numbers, text } from '../json.ts';
import type { DicomJson } from '../json.ts';
import { tags } from '../tags.ts';
import { cleanText } from './clean-text.ts';
import type { ContentItem, ImageReference } from './content-item.ts';
import { srTags } from './sr-tags.ts';

const graphicTypes = ['POINT', 'MULTIPOINT', 'POLYLINE', 'CIRCLE', 'ELLIPSE'] as const;
const mostPoints = 10_000;

/** IMAGE, COMPOSITE and WAVEFORM: what Referenced SOP Sequence (0008,1199) names; null without. */
export function readReference(item: DicomJson): ImageReference | null {
	const reference = items(item, tags.ReferencedSOPSequence)[0];
	if (!reference) return null;
	const frame = numbers(reference, tags.ReferencedFrameNumber)[0] ?? null;
	return {
		sopClassUid: cleanText(text(reference, tags.ReferencedSOPClassUID)),
		sopInstanceUid: cleanText(text(reference, tags.ReferencedSOPInstanceUID)),
		frame: frame !== null && Number.isInteger(frame) && frame > 0 ? frame : null,
		graphicType: null,
		points: []
	};
}

/** SCOORD: points in image space, still without the image (PS3.3 C.18.6). */
export function readCoordinates(item: DicomJson): ImageReference {
	const flat = numbers(item, srTags.GraphicData);
	const points: [number, number][] = [];
	for (let i = 0; i + 1 < flat.length && points.length < mostPoints; i += 2) {
		const column = flat[i];
		const row = flat[i + 1];
		if (column !== null && column !== undefined && row !== null && row !== undefined)
			points.push([column, row]);
	}
	const name = text(item, srTags.GraphicType);
	return {
		sopClassUid: '',
		sopInstanceUid: '',
		frame: null,
		graphicType: graphicTypes.find((type) => type === name) ?? null,
		points
	};
}

/**
 * Gives every SCOORD the image it is selected from, found by value or by reference. A SCOORD whose
 * image is missing keeps its points and an empty UID.
 */
export function resolveImages(items: ReadonlyMap<string, ContentItem>): void {
	for (const item of items.values()) {
		if (item.valueType !== 'SCOORD' || !item.image) continue;
		for (const child of item.children) {
			const target = child.reference === null ? child : items.get(child.reference);
			if (target?.valueType !== 'IMAGE' || !target.image) continue;
			item.image = {
				...target.image,
				graphicType: item.image.graphicType,
				points: item.image.points
			};
			break;
		}
	}
}
