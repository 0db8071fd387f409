import type { Annotation } from '$lib/collab/report-doc.ts';

/** SOP Instance UIDs of whatever has one. */
export const uidsOf = (
	list: Iterable<{ sopInstanceUid: string } | null>
): ReadonlySet<string | undefined> => new Set([...list].map((one) => one?.sopInstanceUid));

export const frameKey = (sopInstanceUid: string, frame: number) => `${sopInstanceUid}/${frame}`;

/** By instance and frame, in the order of the list. */
export function byFrame(
	annotations: readonly Annotation[]
): ReadonlyMap<string, readonly Annotation[]> {
	const found = new Map<string, Annotation[]>();
	for (const annotation of annotations) {
		const key = frameKey(annotation.sopInstanceUid, annotation.frame);
		found.set(key, [...(found.get(key) ?? []), annotation]);
	}
	return found;
}

/** Frames of one instance with something on them, ascending, each once. */
export function framesOf(annotations: readonly Annotation[], sopInstanceUid: string): number[] {
	const own = annotations.filter((one) => one.sopInstanceUid === sopInstanceUid);
	return [...new Set(own.map((one) => one.frame))].sort((a, b) => a - b);
}
