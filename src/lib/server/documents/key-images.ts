import type { InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import type { KeyImage } from '$lib/report/version.ts';
import type { StudyRow } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/**
 * JPEG bytes of a report's key images, by `${sopInstanceUid}/${frame}`. An image that the archive
 * does not give is left out: the PDF says so, and a report never waits for a picture.
 */
export async function keyImageBytes(
	services: Services,
	studies: StudyRow[],
	keyImages: readonly KeyImage[]
): Promise<Map<string, Uint8Array>> {
	const images = new Map<string, Uint8Array>();
	for (const image of keyImages) {
		const study = studies.find((row) => row.studyUid === image.studyUid);
		if (!study) continue;
		const frame = image.frame ?? 1;
		try {
			const archive = await services.archives.get(study.archiveId);
			const { body } = await archive.rendered(
				{
					studyUid: image.studyUid as StudyUid,
					seriesUid: image.seriesUid as SeriesUid,
					sopUid: image.sopInstanceUid as InstanceUid
				},
				{ frame, width: 1024, type: 'image/jpeg' },
				AbortSignal.timeout(8_000)
			);
			const chunks: Buffer[] = [];
			for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
			images.set(`${image.sopInstanceUid}/${frame}`, new Uint8Array(Buffer.concat(chunks)));
		} catch (error) {
			services.log.warn({ err: error, instance: image.sopInstanceUid }, 'key image not fetched');
		}
	}
	return images;
}
