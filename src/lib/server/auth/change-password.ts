import { eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { inTransaction } from '../db/client.ts';
import { users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { requireGoodPassword } from './invitations.ts';
import { hashPassword } from './password.ts';
import { loadPractice } from './practice.ts';
import { proveForStepUp, type Proof } from './reauthenticate.ts';
import { renewSession } from './sessions.ts';
import { cutSessions, endSessionsIn } from './sign-out.ts';

/**
 * A person's own new password, with a proof in the same request. Their other sessions end, and this
 * one goes on under a new value, which is the answer (A2, A5).
 */
export async function changePassword(
	services: Services,
	actor: UserActor,
	input: { proof: Proof; password: string }
): Promise<string> {
	const { db, audit } = services;
	const { userId, practiceId, sessionId } = actor;
	const [user] = await db.select().from(users).where(eq(users.id, userId));
	if (!user) throw new DomainError('not_found');
	const practice = await loadPractice(db, practiceId);
	// Before the proof: a passkey's challenge is good once, and a poor password is no reason to spend it.
	requireGoodPassword(input.password, [user.email, user.name, practice?.name ?? '']);
	const method = await proveForStepUp(services, actor, input.proof);
	const passwordHash = await hashPassword(input.password);
	const { value, ended } = await inTransaction(db, async (tx) => {
		await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
		const others = await endSessionsIn(tx, userId, sessionId);
		await audit.record(tx, actor, {
			action: 'password.changed',
			object: `user:${userId}`,
			detail: { how: 'by themselves' }
		});
		const secondFactor = method === 'passkey';
		return { value: await renewSession(tx, services, sessionId, { secondFactor }), ended: others };
	});
	cutSessions(ended);
	return value;
}
