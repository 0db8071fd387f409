import { and, desc, eq } from 'drizzle-orm';
import type { PracticeId, UserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { apiTokens } from '../db/schema/people.ts';

/** A person's tokens, newest first, without anything that opens. */
export async function listTokens(db: Queryable, practiceId: PracticeId, userId: UserId) {
	const rows = await db
		.select()
		.from(apiTokens)
		.where(and(eq(apiTokens.practiceId, practiceId), eq(apiTokens.userId, userId)))
		.orderBy(desc(apiTokens.createdAt));
	return rows.map(({ id, name, scopes, expiresAt, revokedAt, lastUsedAt, createdAt }) => ({
		id,
		name,
		scopes,
		expiresAt,
		revokedAt,
		lastUsedAt,
		createdAt
	}));
}
