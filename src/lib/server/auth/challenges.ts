import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { UserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { authChallenges } from '../db/schema/people.ts';
import type { Services } from '../services.ts';

type Purpose = (typeof authChallenges.$inferSelect)['purpose'];

/** Two minutes (L1). */
const lifetimeMs = 120_000;

export interface Challenge {
	id: string;
	/** Base64url, what the authenticator signs. */
	challenge: string;
}

/**
 * A challenge that is a hash over fresh random bits and what it is about: the authenticator signs
 * the subject itself, not only our memory of it.
 */
export async function createChallenge(
	{ db, clock, newId }: Pick<Services, 'db' | 'clock' | 'newId'>,
	about: { purpose: Purpose; userId: UserId | null; subject?: Record<string, unknown> }
): Promise<Challenge> {
	const now = clock();
	const { purpose, userId, subject = {} } = about;
	const challenge = createHash('sha256')
		.update(randomBytes(32))
		.update(JSON.stringify(subject))
		.digest('base64url');
	const id = newId();
	await db
		.delete(authChallenges)
		.where(lt(authChallenges.expiresAt, new Date(now.getTime() - 3_600_000)));
	await db.insert(authChallenges).values({
		id,
		purpose,
		userId,
		challenge,
		subject,
		expiresAt: new Date(now.getTime() + lifetimeMs)
	});
	return { id, challenge };
}

/**
 * Takes a challenge: good once, in time, for this purpose and person. One statement, so that of two
 * who send it at the same moment one gets it.
 */
export async function takeChallenge(
	db: Queryable,
	{ clock }: Pick<Services, 'clock'>,
	wanted: { id: string; purpose: Purpose; userId: UserId | null }
): Promise<typeof authChallenges.$inferSelect> {
	const now = clock();
	const [row] = await db
		.update(authChallenges)
		.set({ usedAt: now })
		.where(
			and(
				eq(authChallenges.id, wanted.id),
				eq(authChallenges.purpose, wanted.purpose),
				wanted.userId === null
					? isNull(authChallenges.userId)
					: eq(authChallenges.userId, wanted.userId),
				isNull(authChallenges.usedAt),
				gt(authChallenges.expiresAt, now)
			)
		)
		.returning();
	if (!row) throw new DomainError('reauthentication_failed');
	return row;
}
