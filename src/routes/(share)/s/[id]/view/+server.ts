import { packedJson } from '$lib/server/grants/packed-json.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import { shareHeaders, visitorOf } from '$lib/server/grants/visitor.ts';
import { route } from '$lib/server/hooks/door.ts';
import type { RequestHandler } from './$types';

/** The view of a link that was opened before in this browser. */
export const GET: RequestHandler = route(async ({ params, locals, request }) => {
	const view = await sharedView(locals.services, visitorOf(locals, params.id));
	return packedJson(request, view, shareHeaders);
});
