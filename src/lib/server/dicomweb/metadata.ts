import type { Actor } from '$lib/access/actor.ts';
import { text, type DicomElement, type DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { DomainError } from '$lib/errors.ts';
import type { Services } from '../services.ts';
import { chooseType, readAccept } from './accept.ts';
import {
	dicomJson,
	etagOf,
	isUnchanged,
	notAcceptable,
	unchanged,
	type DoorAnswer,
	type DoorRequest
} from './answer.ts';
import type { Flow } from './flow.ts';
import type { Place } from './path.ts';
import { reachWhileSent, type Reach } from './reach.ts';
import { recordImageRead } from './read-audit.ts';

const offered = ['application/dicom+json', 'application/json'];

/** WADO-RS metadata: what the archive says of the instances that this actor may see. */
export async function retrieveMetadata(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	flow: Flow,
	place: Place,
	base: string,
	accept: string | null
): Promise<DoorAnswer> {
	const found = await reachWhileSent(services, actor, flow, place, 'view');
	if (!chooseType(readAccept(accept), offered)) return notAcceptable(offered);
	await recordImageRead(services, actor, found.study.id, 'metadata');
	const [first] = found.instances;
	const etag = place.sopUid && first ? etagOf(first.contentHash, 'json') : null;
	if (etag && isUnchanged(request, etag)) return unchanged(etag);
	const datasets = await readMetadata(services, found, place, flow.signal);
	const answer = datasets.map((dataset) =>
		withOurAddresses(dataset, `${base}/studies/${place.studyUid}`)
	);
	return dicomJson(answer, etag ? { headers: { etag } } : {});
}

/** Each of the reach, no other, and only of the study that was asked for (D3). */
export async function readMetadata(
	services: Services,
	{ study, instances }: Reach,
	place: Place,
	signal?: AbortSignal
): Promise<DicomJson[]> {
	const all = await (
		await services.archives.get(study.archiveId)
	).metadata(study.studyUid, place.seriesUid ?? undefined, place.sopUid ?? undefined, signal);
	const allowed = new Map<string, string>(instances.map((i) => [i.sopUid, i.seriesUid]));
	const asked = all.filter(
		(dataset) =>
			text(dataset, tags.StudyInstanceUID) === study.studyUid &&
			allowed.get(text(dataset, tags.SOPInstanceUID)) === text(dataset, tags.SeriesInstanceUID)
	);
	if (!asked.length) throw new DomainError('archive_answer_wrong', 'The archive left it out.');
	return asked;
}

/** As in the archive adapters' answers: relative to the study, and a template of ours (D4). */
const bulkPath =
	/^series\/[\d.]{1,64}\/instances\/[\d.]{1,64}\/bulk(?:\/[0-9A-Za-z]{1,32}){1,139}$/;

/**
 * Addresses within an answer are ours or gone: a BulkDataURI that is not relative to the study, and
 * every Retrieve URL, are left out and never called (D4, T29).
 */
export function withOurAddresses(dataset: DicomJson, studyAddress: string): DicomJson {
	return Object.fromEntries(
		Object.entries(dataset).flatMap(([tag, element]): [string, DicomElement][] => {
			if (element.vr === 'UR' || tag === tags.RetrieveURL) return [];
			if (element.BulkDataURI !== undefined) {
				if (!bulkPath.test(element.BulkDataURI)) return [[tag, { vr: element.vr }]];
				const BulkDataURI = `${studyAddress}/${element.BulkDataURI}`;
				return [[tag, { vr: element.vr, BulkDataURI }]];
			}
			if (element.vr !== 'SQ' || !element.Value) return [[tag, element]];
			const Value = element.Value.map((item) =>
				item && typeof item === 'object' ? withOurAddresses(item as DicomJson, studyAddress) : item
			);
			return [[tag, { ...element, Value }]];
		})
	);
}
