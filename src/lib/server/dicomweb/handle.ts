import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { witnessRefusal } from '../access/witness-refusal.ts';
import { nobody } from '../auth/actors.ts';
import { errorTable, publicError } from '../error-table.ts';
import { currentRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { answered, refused, type DoorAnswer, type DoorRequest } from './answer.ts';
import { retrieveBulkdata } from './bulkdata.ts';
import { retrieveMetadata } from './metadata.ts';
import { openFlow, type Flow } from './flow.ts';
import { readPath, type Target } from './path.ts';
import { retrieveFrames, retrievePicture } from './pixels.ts';
import { retrieveObjects } from './retrieve.ts';
import { searchIndex } from './search.ts';
import { toResponse } from './send.ts';
import { storeObjects } from './store.ts';

const door = '/dicom-web';
/** Says as whose holder a request asks; not a question to an archive. */
const identityKeys = ['grant'];

export interface DoorAddress {
	url: URL;
	/** The request line's target as it was sent; an address has dots resolved already. */
	sentTarget?: string | undefined;
}

/**
 * The DICOMweb door: QIDO-RS, WADO-RS and STOW-RS over the actor's practice. Knows nothing of the
 * framework, so that a plain HTTP server can stand before it. Never throws.
 */
export async function answerDicomWeb(
	services: Services,
	/** Who asks, as it stands now; asked again while the answer is on its way. */
	identify: () => Promise<Actor>,
	request: DoorRequest,
	address: DoorAddress
): Promise<DoorAnswer> {
	let actor = nobody;
	let flow: Flow | undefined;
	try {
		flow = openFlow(request, await identify(), identify);
		// Once more, now that it can be cut: an end that came in between would be missed.
		actor = await identify();
		const found = await answer(services, actor, request, flow, address);
		// What was stored is stored, and said.
		if (request.method === 'POST') flow.done();
		flow.signal.throwIfAborted();
		return { ...found, flow };
	} catch (error) {
		const cut: unknown = flow?.signal.aborted ? flow.signal.reason : error;
		flow?.end(new Error('nothing to send'));
		// Nobody is there to be told, and nothing went wrong.
		if (request.signal.aborted) return answered(null, {}, 499);
		return await refuse(services, actor, cut);
	}
}

/** The same as a web response. */
export async function handleDicomWeb(
	services: Services,
	identify: () => Promise<Actor>,
	request: Request,
	sentTarget?: string
): Promise<Response> {
	const address = { url: new URL(request.url), sentTarget };
	return toResponse(await answerDicomWeb(services, identify, request, address));
}

async function answer(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	flow: Flow,
	{ url, sentTarget }: DoorAddress
): Promise<DoorAnswer> {
	const { method } = request;
	if (method !== 'GET' && method !== 'POST') {
		return answered(null, { allow: 'GET, POST' }, 405);
	}
	// Nobody learns which addresses are right.
	if (actor.kind === 'nobody') throw new DomainError('not_signed_in');
	const at = url.pathname.indexOf(`${door}/`);
	if (at < 0) throw new DomainError('not_found');
	if (sentTarget !== undefined && sentTarget.split('?', 1)[0] !== url.pathname) {
		throw new DomainError('invalid_input', 'This is not a DICOMweb address.');
	}
	const target = readPath(url.pathname.slice(at + door.length + 1).split('/'), method);
	const base = `${url.origin}${url.pathname.slice(0, at)}${door}`;
	// A copy: who asks is told by the address as well, and may be asked again.
	const params = new URLSearchParams(url.search);
	for (const key of identityKeys) params.delete(key);
	checkKeys(target, params);
	const accept = params.get('accept') ?? request.headers.get('accept');

	switch (target.kind) {
		case 'search':
			return searchIndex(services, actor, flow, target, params, base, accept);
		case 'retrieve':
			return retrieveObjects(services, actor, request, flow, target.place, accept);
		case 'metadata':
			return retrieveMetadata(services, actor, request, flow, target.place, base, accept);
		case 'frames':
			return retrieveFrames(services, actor, request, flow, target.place, target.frames, accept);
		case 'rendered':
		case 'thumbnail':
			return retrievePicture(services, actor, request, flow, target.place, target, params, accept);
		case 'bulkdata':
			return retrieveBulkdata(services, actor, request, flow, target.place, target.path, accept);
		case 'store':
			return storeObjects(services, actor, request, target.studyUid, base);
	}
}

/** Query keys are a list too (D2); a search reads its own. `quality` is allowed and has no effect. */
function checkKeys(target: Target, params: URLSearchParams): void {
	if (target.kind === 'search') return;
	const pictures = target.kind === 'rendered' || target.kind === 'thumbnail';
	const known = pictures ? ['accept', 'viewport', 'quality'] : ['accept'];
	for (const key of params.keys()) {
		if (!known.includes(key)) {
			throw new DomainError('invalid_input', `“${key.slice(0, 40)}” has no meaning here.`);
		}
	}
}

async function refuse(services: Services, actor: Actor, error: unknown): Promise<DoorAnswer> {
	const { requestId } = currentRequest();
	if (!(error instanceof DomainError)) {
		services.log.error({ err: error, requestId, door }, 'unexpected');
	} else if (errorTable[error.code].report) {
		services.log.error({ code: error.code, requestId, door }, 'refused');
	}
	try {
		await witnessRefusal(services, actor, door, error);
	} catch (e) {
		services.log.error({ err: e, requestId, door }, 'refusal not witnessed');
	}
	const { code, status, message, detail } = publicError(error);
	const id = code === 'internal' ? { id: requestId } : {};
	return refused(status, { code, message, ...(detail ? { detail } : {}), ...id });
}
