import { sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';

/** Whether the database answers; throws what the driver says when it does not. */
export async function isDatabaseAnswering(db: Queryable): Promise<true> {
	await db.execute(sql`select 1`);
	return true;
}
