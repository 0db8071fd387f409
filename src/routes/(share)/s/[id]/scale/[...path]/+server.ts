import { DomainError } from '$lib/errors.ts';
import { readPath } from '$lib/server/dicomweb/path.ts';
import { sharedScale } from '$lib/server/grants/shared-scale.ts';
import { shareHeaders, visitorOf } from '$lib/server/grants/visitor.ts';
import { route } from '$lib/server/hooks/door.ts';
import type { RequestHandler } from './$types';

/** What a pixel of one picture stands for, where the link lets its holder measure. */
export const GET: RequestHandler = route(async ({ params, locals, request }) => {
	const actor = visitorOf(locals, params.id);
	const target = readPath(params.path.split('/'), 'GET');
	if (target.kind !== 'retrieve' || !target.place.sopUid) throw new DomainError('invalid_input');
	const scale = await sharedScale(locals.services, actor, target.place, request.signal);
	return Response.json(scale, { headers: shareHeaders });
});
