import { and, desc, eq, gt } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { inTransaction } from '../db/client.ts';
import { sessions } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { cutSessions } from './sign-out.ts';

export interface OwnSession {
	id: string;
	address: string;
	/** What the browser says that it is. */
	device: string;
	createdAt: Date;
	lastActiveAt: Date;
	/** The one that asks. */
	isThis: boolean;
}

/** Where this person is signed in now, the latest first. */
export async function listOwnSessions(
	{ db, clock }: Services,
	{ userId, sessionId }: UserActor
): Promise<OwnSession[]> {
	const rows = await db
		.select()
		.from(sessions)
		.where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, clock())))
		.orderBy(desc(sessions.lastActiveAt));
	return rows.map(({ id, address, device, createdAt, lastActiveAt }) => ({
		id,
		address,
		device,
		createdAt,
		lastActiveAt,
		isThis: id === sessionId
	}));
}

/** Ends one of one's own sessions elsewhere, and what is open on it. This one ends by signing out. */
export async function endOwnSession(
	services: Services,
	actor: UserActor,
	id: string
): Promise<void> {
	if (id === actor.sessionId) throw new DomainError('conflict', 'Sign out to end this session.');
	await inTransaction(services.db, async (tx) => {
		const ended = await tx
			.delete(sessions)
			.where(and(eq(sessions.id, id), eq(sessions.userId, actor.userId)))
			.returning({ id: sessions.id });
		if (ended.length === 0) throw new DomainError('not_found');
		await services.audit.record(tx, actor, {
			action: 'session.ended',
			object: `user:${actor.userId}`,
			detail: { session: id }
		});
	});
	cutSessions([id]);
}
