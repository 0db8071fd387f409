/**
 * Whether a person did something: opened a page or sent a form. Pings, polling, prefetch, sync and
 * image frames are not activity (A3); what happens within a page is told by `session.touch`.
 */
export function isActivity(request: Request): boolean {
	const { headers, method } = request;
	if (/prefetch|prerender/.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '')) {
		return false;
	}
	if (headers.get('sec-fetch-mode') === 'navigate')
		return headers.get('sec-fetch-dest') === 'document';
	return method === 'POST' && headers.has('x-sveltekit-action');
}
