import { sql } from 'drizzle-orm';
import type { RequestHandler } from './$types';

/** 200 when the database answers. Says nothing else. */
export const GET: RequestHandler = async ({ locals }) => {
	await locals.services.db.execute(sql`select 1`);
	return new Response('ok', { headers: { 'content-type': 'text/plain' } });
};
