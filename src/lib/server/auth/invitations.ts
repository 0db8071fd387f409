import { and, eq, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { Clock, PracticeId, UserId } from '$lib/ids.ts';
import { inTransaction, type Queryable, type Tx } from '../db/client.ts';
import { invitations, users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { loadUserActor } from './actors.ts';
import { clearAttempts } from './attempts.ts';
import { hashPassword } from './password.ts';
import { passwordFault, passwordFaultWords } from './password-policy.ts';
import { loadPractice } from './practice.ts';
import { hashSecret, matchesHash, newPublicId, newSecret } from './secret.ts';
import { cutSessions, endSessionsIn } from './sign-out.ts';
import { openSession } from './sign-in.ts';

export type InvitationPurpose = 'first-admin' | 'invitation' | 'reset';

const daysValid = { 'first-admin': 7, invitation: 7, reset: 1 } as const;

/** The path of a one-time link; the secret is in the fragment, which no server ever sees. */
export const invitationPath = (id: string, secret: string) => `/welcome/${id}#${secret}`;

/** A new one-time link. Earlier ones of the same person and purpose stop working. */
export async function createInvitation(
	tx: Queryable,
	clock: Clock,
	about: { practiceId: PracticeId; userId: UserId; purpose: InvitationPurpose }
): Promise<{ id: string; path: string; expiresAt: Date }> {
	const { practiceId, userId, purpose } = about;
	const createdAt = clock();
	const expiresAt = new Date(createdAt.getTime() + daysValid[purpose] * 86_400_000);
	const id = newPublicId();
	const secret = newSecret();
	await tx
		.delete(invitations)
		.where(
			and(
				eq(invitations.purpose, purpose),
				isNull(invitations.usedAt),
				purpose === 'first-admin' ? undefined : eq(invitations.userId, userId)
			)
		);
	await tx.insert(invitations).values({
		id,
		secretHash: hashSecret(secret),
		practiceId,
		userId,
		purpose,
		expiresAt,
		createdAt
	});
	return { id, path: invitationPath(id, secret), expiresAt };
}

export type Invitation = typeof invitations.$inferSelect;

/** Locked until the transaction ends: of two who use it at the same moment, one does. */
export async function takeInvitation(
	tx: Tx,
	clock: Clock,
	{ id, secret }: { id: string; secret: string }
): Promise<Invitation> {
	const [row] = await tx.select().from(invitations).where(eq(invitations.id, id)).for('update');
	const fits = row !== undefined && matchesHash(secret, row.secretHash);
	// Unknown, used and expired are one answer.
	if (!fits || row.usedAt !== null || clock() >= row.expiresAt) {
		throw new DomainError('not_found', 'This link was used or has expired. Ask for a new one.');
	}
	await tx.update(invitations).set({ usedAt: clock() }).where(eq(invitations.id, id));
	return row;
}

export function requireGoodPassword(password: string, about: readonly string[]): void {
	const fault = passwordFault(password, about);
	if (fault) throw new DomainError('invalid_input', passwordFaultWords[fault]);
}

/** Sets the password of the invited person and signs them in; all their other sessions end. */
export async function acceptInvitation(
	services: Services,
	input: { id: string; secret: string; password: string }
): Promise<{ value: string; actor: UserActor }> {
	const { db, clock, audit } = services;
	const { actor, ended, email } = await inTransaction(db, async (tx) => {
		const invitation = await takeInvitation(tx, clock, input);
		const { userId, practiceId, purpose } = invitation;
		const found = await loadUserActor(tx, userId, practiceId);
		const [user] = await tx.select().from(users).where(eq(users.id, userId));
		if (!found || !user) throw new DomainError('not_found');
		const practice = await loadPractice(tx, practiceId);
		requireGoodPassword(input.password, [user.email, user.name, practice?.name ?? '']);
		await tx
			.update(users)
			.set({ passwordHash: await hashPassword(input.password) })
			.where(eq(users.id, userId));
		const sessions = await endSessionsIn(tx, userId);
		await audit.record(tx, found, {
			action: 'password.changed',
			object: `user:${userId}`,
			detail: { how: purpose }
		});
		return { actor: found, ended: sessions, email: user.email };
	});
	cutSessions(ended);
	await clearAttempts(services, 'account', email);
	return openSession(services, actor, 'one-time link');
}
