import type { DicomJson } from '$lib/dicom/json.ts';
import { hang } from '$lib/viewer/hanging.ts';
import { instanceUrl } from '$lib/viewer/image-ids.ts';
import { inOrder, loopOf } from '$lib/viewer/loop.ts';
import { fetchAhead } from '$lib/viewer/ui/playback/ahead.ts';

const base = '/dicom-web';
/** Older than this it is asked for again: instances may have come. */
const goodForMs = 10 * 60_000;

let ahead: { studyUid: string; at: number; metadata: Promise<DicomJson[]> } | null = null;

/**
 * Gets ready what the next study of the list opens with: its metadata and the loop that hangs first.
 * Who it is and what its report says is asked for when it opens: that may change meanwhile.
 */
export async function prepareStudy(studyUid: string, now = Date.now()): Promise<void> {
	if (ahead?.studyUid === studyUid && now - ahead.at < goodForMs) return;
	const metadata = fetchMetadata(studyUid);
	ahead = { studyUid, at: now, metadata };
	const loops = await metadata.then(
		(instances) => inOrder(instances.map(loopOf).filter((loop) => loop !== null)),
		() => []
	);
	const [first] = hang(loops, 4);
	if (first && ahead?.studyUid === studyUid) fetchAhead([instanceUrl(base, first)]);
}

/** The study's metadata, from what was prepared if there is any. */
export async function metadataOf(studyUid: string, now = Date.now()): Promise<DicomJson[]> {
	const prepared = ahead?.studyUid === studyUid && now - ahead.at < goodForMs ? ahead : null;
	if (prepared) ahead = null;
	return (await prepared?.metadata.catch(() => null)) ?? fetchMetadata(studyUid);
}

async function fetchMetadata(studyUid: string): Promise<DicomJson[]> {
	const response = await fetch(`${base}/studies/${studyUid}/metadata`, {
		headers: { accept: 'application/dicom+json' }
	});
	if (!response.ok) throw new Error(`metadata: ${response.status}`);
	return (await response.json()) as DicomJson[];
}
