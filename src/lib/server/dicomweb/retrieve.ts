import { randomUUID } from 'node:crypto';
import type { Actor } from '$lib/access/actor.ts';
import type { Payload } from '../archive/archive.ts';
import type { Services } from '../services.ts';
import { partChoices, readAccept, type PartChoice } from './accept.ts';
import {
	answered,
	etagOf,
	isUnchanged,
	notAcceptable,
	unchanged,
	type DoorAnswer,
	type DoorRequest
} from './answer.ts';
import type { Flow } from './flow.ts';
import { multipartEnd, partHead } from './multipart.ts';
import type { Place } from './path.ts';
import { zeroPreamble, type Through } from './pieces.ts';
import { reachWhileSent, type InstanceRow, type Reach } from './reach.ts';
import { recordImageRead } from './read-audit.ts';

const dicom = 'application/dicom';
const offered = [`multipart/related; type="${dicom}"`, dicom];

/**
 * WADO-RS retrieval of whole objects, in the transfer syntax in which they are stored. One instance
 * may be had bare (`Accept: application/dicom`); several are parts.
 */
export async function retrieveObjects(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	flow: Flow,
	place: Place,
	accept: string | null
): Promise<DoorAnswer> {
	const found = await reachWhileSent(services, actor, flow, place, place.sopUid ? 'view' : 'take');
	const [first] = found.instances;
	const single = found.instances.length === 1;
	const choice = partChoices(readAccept(accept), [dicom]).find((c) => fits(c, found.instances));
	if (!choice || !first || (choice.single && !single)) return notAcceptable(offered);

	await recordImageRead(services, actor, found.study.id, 'wado');
	const etag = single ? etagOf(first.contentHash, choice.single ? '' : 'm') : null;
	if (etag && isUnchanged(request, etag)) return unchanged(etag);

	// The first object is opened before anything is said: an archive that is away is a 503.
	const opened = await open(services, found, first, flow.signal);
	return choice.single ? bare(opened, etag) : multipart(services, flow, found, opened, etag);
}

function fits(choice: PartChoice, instances: readonly InstanceRow[]): boolean {
	if (choice.type !== '*' && choice.type !== dicom && choice.type !== 'application/*') return false;
	const { transferSyntax } = choice;
	return (
		transferSyntax === null ||
		transferSyntax === '*' ||
		instances.every((i) => i.transferSyntax === transferSyntax)
	);
}

async function open(
	services: Services,
	{ study }: Reach,
	instance: InstanceRow,
	signal: AbortSignal
): Promise<Payload> {
	const { seriesUid, sopUid } = instance;
	return (await services.archives.get(study.archiveId)).instance(
		{ studyUid: study.studyUid, seriesUid, sopUid },
		signal
	);
}

const objectOf = (payload: Payload): Through => ({
	source: payload.body,
	filter: zeroPreamble()
});

function bare(payload: Payload, etag: string | null): DoorAnswer {
	return answered(
		{ list: [objectOf(payload)] },
		{
			'content-type': dicom,
			...(payload.length === null ? {} : { 'content-length': String(payload.length) }),
			...(etag ? { etag } : {})
		}
	);
}

function multipart(
	services: Services,
	flow: Flow,
	found: Reach,
	opened: Payload,
	etag: string | null
): DoorAnswer {
	const boundary = randomUUID();
	async function* parts(): AsyncGenerator<Buffer | Through> {
		for (const [at, instance] of found.instances.entries()) {
			const payload = at === 0 ? opened : await open(services, found, instance, flow.signal);
			const syntax = instance.transferSyntax;
			const type = syntax ? `${dicom}; transfer-syntax=${syntax}` : dicom;
			yield partHead(boundary, { 'Content-Type': type }, at === 0);
			yield objectOf(payload);
		}
		yield multipartEnd(boundary);
	}
	return answered(
		{ list: parts() },
		{
			'content-type': `multipart/related; type="${dicom}"; boundary=${boundary}`,
			...(etag ? { etag } : {})
		}
	);
}
