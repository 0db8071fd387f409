import { randomUUID } from 'node:crypto';
import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { Services } from '../services.ts';
import { partChoices, readAccept } from './accept.ts';
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
import { reachWhileSent } from './reach.ts';
import { recordImageRead } from './read-audit.ts';

const octets = 'application/octet-stream';

/**
 * One long value of an object. Always as octets and as an attachment: a PDF or markup from outside
 * never shows itself from this door (D5, F2).
 */
export async function retrieveBulkdata(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	flow: Flow,
	place: Place,
	path: string,
	accept: string | null
): Promise<DoorAnswer> {
	// A link names pictures; what else lies in an object is not part of it (c4, T21).
	if (actor.kind === 'grant') throw new DomainError('not_found');
	const { study, instances } = await reachWhileSent(services, actor, flow, place, 'view');
	const [instance] = instances;
	if (!instance) throw new DomainError('not_found');
	const choice = partChoices(readAccept(accept), [octets]).find(
		(c) => c.type === '*' || c.type === octets || c.type === 'application/*'
	);
	if (!choice) return notAcceptable([octets, `multipart/related; type="${octets}"`]);

	await recordImageRead(services, actor, study.id, 'bulkdata');
	const etag = etagOf(instance.contentHash, `b${path.replaceAll('/', '.')}`);
	if (etag && isUnchanged(request, etag)) return unchanged(etag);

	const { seriesUid, sopUid } = instance;
	const payload = await (
		await services.archives.get(study.archiveId)
	).bulkdata({ studyUid: study.studyUid, seriesUid, sopUid }, path, flow.signal);
	const content = { source: payload.body, filter: null };
	const boundary = randomUUID();
	const part = [
		partHead(boundary, { 'Content-Type': octets }, true),
		content,
		multipartEnd(boundary)
	];
	// A bare `*/*` (a link in a page, a plain client) gets the value itself.
	const single = choice.single || choice.type === '*';
	return answered(
		{ list: single ? [content] : part },
		{
			'content-type': single ? octets : `multipart/related; type="${octets}"; boundary=${boundary}`,
			'content-disposition': 'attachment; filename="bulkdata.bin"',
			...(single && payload.length !== null ? { 'content-length': String(payload.length) } : {}),
			...(etag ? { etag } : {})
		}
	);
}
