import { eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { inTransaction } from '../db/client.ts';
import { passkeys, users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { proveForStepUp, type Proof } from './reauthenticate.ts';
import { renewSession, type Session } from './sessions.ts';

/** So long a proof opens what needs one (c14). */
export const stepUpMs = 10 * 60_000;

/** Proves again that it is them; the new value of the session's cookie. */
export async function stepUp(services: Services, actor: UserActor, proof: Proof): Promise<string> {
	const method = await proveForStepUp(services, actor, proof);
	return inTransaction(services.db, async (tx) => {
		await services.audit.record(tx, actor, {
			action: 'session.reauthenticated',
			object: `user:${actor.userId}`,
			detail: { method, purpose: 'step-up' }
		});
		return renewSession(tx, services, actor.sessionId, { secondFactor: method === 'passkey' });
	});
}

/**
 * Whether this session was confirmed lately enough. Who has a passkey, or must have a second factor,
 * confirms with it; a password alone counts only for those who have nothing else yet (A7).
 */
export async function isSteppedUp(
	{ db, clock }: Pick<Services, 'db' | 'clock'>,
	session: Session | null
): Promise<boolean> {
	if (!session) return false;
	const [user] = await db.select().from(users).where(eq(users.id, session.userId));
	const [key] = await db
		.select({ id: passkeys.id })
		.from(passkeys)
		.where(eq(passkeys.userId, session.userId))
		.limit(1);
	const needsSecond = key !== undefined || user?.secondFactorRequired === true;
	const at = needsSecond ? session.secondFactorAt : session.confirmedAt;
	return at !== null && clock().getTime() - at.getTime() < stepUpMs;
}
