import { liveUntilCut } from '$lib/server/grants/live-until-cut.ts';
import { shareHeaders, visitorOf } from '$lib/server/grants/visitor.ts';
import { route } from '$lib/server/hooks/door.ts';
import type { RequestHandler } from './$types';

/** Says nothing while the link is good, and ends at once when it is not (C5). */
export const GET: RequestHandler = route(({ params, locals, request }) => {
	const actor = visitorOf(locals, params.id);
	return new Response(liveUntilCut(locals.services, actor, request.signal), {
		headers: { ...shareHeaders, 'content-type': 'text/event-stream' }
	});
});
