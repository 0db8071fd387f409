import type { GrantActor } from '$lib/access/actor.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { DomainError } from '$lib/errors.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { readMetadata } from '../dicomweb/metadata.ts';
import type { Place } from '../dicomweb/path.ts';
import { reach } from '../dicomweb/reach.ts';
import { recordImageRead } from '../dicomweb/read-audit.ts';
import type { Services } from '../services.ts';

/** What a length needs: which picture it is, its size, and what a pixel of it stands for. */
const asked = [
	tags.StudyInstanceUID,
	tags.SeriesInstanceUID,
	tags.SOPInstanceUID,
	tags.NumberOfFrames,
	tags.Rows,
	tags.Columns,
	tags.PixelSpacing,
	tags.PixelAspectRatio,
	tags.SequenceOfUltrasoundRegions
];

/**
 * The calibration of one picture of a link, for measuring without saving. Off at the switch, it does
 * not exist (c4, C9). Throws `not_found`.
 */
export async function sharedScale(
	services: Services,
	actor: GrantActor,
	place: Place,
	signal?: AbortSignal
): Promise<DicomJson> {
	const found = await reach(services, actor, place, 'view');
	const subject = await loadSubject(services.db, services, actor, { studyUid: place.studyUid });
	const [instance] = found.instances;
	if (!subject || !instance) throw new DomainError('not_found');
	requireRight(actor, 'report.measure', {
		...subject,
		sopUid: instance.sopUid,
		isDocument: false,
		item: 'measure'
	});
	await recordImageRead(services, actor, found.study.id, 'measure');
	const [dataset] = await readMetadata(services, found, place, signal);
	const elements = asked.flatMap((tag) => {
		const element = dataset?.[tag];
		return element ? [[tag, element] as const] : [];
	});
	return Object.fromEntries(elements);
}
