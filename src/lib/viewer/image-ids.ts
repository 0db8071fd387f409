/** The scheme under which the engine asks us for frames. */
export const scheme = 'readroom';

export interface InstanceAddress {
	studyUid: string;
	seriesUid: string;
	sopInstanceUid: string;
}

export function imageIdOf(address: InstanceAddress, frame: number): string {
	return `${scheme}:${address.studyUid}/${address.seriesUid}/${address.sopInstanceUid}/${frame}`;
}

/** Null for an id of another scheme or shape. */
export function parseImageId(imageId: string): (InstanceAddress & { frame: number }) | null {
	const [head, rest] = imageId.split(':', 2);
	const [studyUid, seriesUid, sopInstanceUid, number] = rest?.split('/') ?? [];
	const frame = Number(number);
	if (head !== scheme || !studyUid || !seriesUid || !sopInstanceUid) return null;
	if (!Number.isInteger(frame) || frame < 1) return null;
	return { studyUid, seriesUid, sopInstanceUid, frame };
}

/** WADO-RS (PS3.18 10.4). `base` is where the service root stands, `/dicom-web` at home. */
export function instanceUrl(
	base: string,
	{ studyUid, seriesUid, sopInstanceUid }: InstanceAddress
) {
	return `${base}/studies/${studyUid}/series/${seriesUid}/instances/${sopInstanceUid}`;
}

/** One frame as the browser can draw it, no larger than `size` pixels on a side. */
export function renderedUrl(base: string, address: InstanceAddress, frame: number, size: number) {
	return `${instanceUrl(base, address)}/frames/${frame}/rendered?viewport=${size},${size}`;
}
