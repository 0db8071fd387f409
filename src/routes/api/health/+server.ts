import { isDatabaseAnswering } from '$lib/server/queries/is-database-answering.ts';
import type { RequestHandler } from './$types';

/** 200 when the database answers. Says nothing else. */
export const GET: RequestHandler = async ({ locals }) => {
	await isDatabaseAnswering(locals.services.db);
	return new Response('ok', { headers: { 'content-type': 'text/plain' } });
};
