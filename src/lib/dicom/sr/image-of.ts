import type { ContentItem, ImageReference } from './content-item.ts';

/**
 * Where a measurement was made: its own SCOORD or IMAGE, by value or by reference (TID 320), else
 * the one region of its measurement group (TID 1410). Coordinates win over a bare image.
 */
export function imageOf(
	item: ContentItem,
	group: ContentItem,
	index: ReadonlyMap<string, ContentItem>
): ImageReference | null {
	const own = targets(item, index);
	const region = targets(group, index).filter((target) => target.valueType === 'SCOORD');
	const best =
		own.find((target) => target.valueType === 'SCOORD') ??
		own.find((target) => target.valueType === 'IMAGE') ??
		(region.length === 1 ? region[0] : undefined);
	return best?.image && best.image.sopInstanceUid !== '' ? best.image : null;
}

function targets(item: ContentItem, index: ReadonlyMap<string, ContentItem>): ContentItem[] {
	return item.children.flatMap((child) => {
		const target = child.reference === null ? child : index.get(child.reference);
		return target?.image ? [target] : [];
	});
}
