import { eq } from 'drizzle-orm';
import type { Adapter, DatabaseSession, DatabaseUser } from 'lucia';
import type { Clock, PracticeId, UserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { sessions, users } from '../db/schema/people.ts';
import { hashSecret, matchesHash, splitSecret } from './secret.ts';

/** What a session row holds beside Lucia's own columns. */
export interface SessionAttributes {
	practiceId: PracticeId;
	lastActiveAt: Date;
	absoluteExpiresAt: Date;
	secondFactorAt: Date | null;
	confirmedAt: Date;
	address: string;
	device: string;
	createdAt: Date;
	/** Set when read: our own limit, which Lucia does not see. */
	idleUntil?: Date;
}

/**
 * Lucia's storage, with two things put right: the database never holds what opens a session, only
 * SHA-256 of its secret (A1), and our clock decides, not Lucia's. A session past its idle or absolute
 * limit is not there; renewal comes from activity alone, so Lucia's sliding renewal does nothing (A3).
 */
export function createSessionAdapter(db: Queryable, clock: Clock, lifetimeMs: number): Adapter {
	const remove = async (value: string) => {
		const split = splitSecret(value);
		if (split) await db.delete(sessions).where(eq(sessions.id, split.id));
	};
	return {
		async getSessionAndUser(value) {
			const split = splitSecret(value);
			if (!split) return [null, null];
			const [row] = await db
				.select()
				.from(sessions)
				.innerJoin(users, eq(users.id, sessions.userId))
				.where(eq(sessions.id, split.id));
			if (!row || !matchesHash(split.secret, row.sessions.secretHash)) return [null, null];
			const now = clock();
			const { expiresAt, absoluteExpiresAt } = row.sessions;
			if (now >= expiresAt || now >= absoluteExpiresAt) {
				await remove(value);
				return [null, null];
			}
			if (row.users.disabledAt) return [null, null];
			const { id: _, secretHash: __, userId, expiresAt: idleUntil, ...attributes } = row.sessions;
			const session: DatabaseSession = {
				id: value,
				userId,
				// Far enough away that Lucia neither refuses nor renews by the machine's clock.
				expiresAt: new Date(Date.now() + lifetimeMs),
				attributes: { ...attributes, idleUntil }
			};
			const user: DatabaseUser = { id: row.users.id, attributes: {} };
			return [session, user];
		},
		async getUserSessions() {
			throw new Error('Lists of sessions come from queries, without their secrets.');
		},
		async setSession({ id: value, userId, attributes }) {
			const split = splitSecret(value);
			if (!split) throw new Error('A session value is `id.secret`.');
			const { idleUntil: _, ...own } = attributes as SessionAttributes;
			await db.insert(sessions).values({
				...own,
				id: split.id,
				secretHash: hashSecret(split.secret),
				userId: userId as UserId,
				expiresAt: new Date(
					Math.min(own.lastActiveAt.getTime() + lifetimeMs, own.absoluteExpiresAt.getTime())
				)
			});
		},
		async updateSessionExpiration() {},
		deleteSession: remove,
		async deleteUserSessions(userId) {
			await db.delete(sessions).where(eq(sessions.userId, userId as UserId));
		},
		async deleteExpiredSessions() {}
	};
}
