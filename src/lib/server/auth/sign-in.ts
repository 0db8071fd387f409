import { asc, eq } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId } from '$lib/ids.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { systemPractice } from '../audit/record.ts';
import { inTransaction, type Queryable } from '../db/client.ts';
import { memberships, users } from '../db/schema/people.ts';
import { currentRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { loadUserActor, nobody } from './actors.ts';
import { clearAttempts, giveBackAttempt, takeAttempt } from './attempts.ts';
import { knownDevice, newDeviceMark } from './known-device.ts';
import { verifyPassword } from './password.ts';
import { createSession, endSession } from './sessions.ts';

export interface SignIn {
	email: string;
	password: string;
	/** What the browser's device cookie says. */
	deviceMark?: string | undefined;
	/** The session this browser had; it ends (A2). */
	formerSessionId?: string | undefined;
	/** Where a person belongs to several. */
	practiceId?: PracticeId | undefined;
}

export interface SignedIn {
	/** Value of the session cookie. */
	value: string;
	actor: UserActor;
	/** For the device cookie; null when the device is known already. */
	deviceMark: string | null;
}

export const foldEmail = (email: string) => email.normalize('NFKC').trim().toLowerCase();

/** One answer for an unknown name, a wrong password, and an account that is closed (A8). */
const refusal = () =>
	new DomainError('not_signed_in', 'The e-mail address or the password is not right.');

/**
 * Signs a person in by password. Throws `not_signed_in` when it does not fit and `too_many` while
 * account or address must wait; the same work is done for names that do not exist.
 */
export async function signInByPassword(services: Services, input: SignIn): Promise<SignedIn> {
	const { db, env } = services;
	const email = foldEmail(input.email);
	const [user] = await db.select().from(users).where(eq(users.email, email));
	const device = user ? knownDevice(env, input.deviceMark, user.id) : null;

	const { address } = currentRequest();
	if (address) await takeAttempt(services, 'address', address);
	const [kind, who] = device
		? (['device', `${device}:${email}`] as const)
		: (['account', email] as const);
	await takeAttempt(services, kind, who);

	const fits = await verifyPassword(user?.passwordHash ?? null, input.password);
	const practiceId = user && (await practiceOf(db, user.id, input.practiceId));
	const actor = fits && user && practiceId ? await loadUserActor(db, user.id, practiceId) : null;
	if (!actor) {
		await witnessFailure(services, user?.id ?? null, practiceId ?? systemPractice);
		throw refusal();
	}
	await clearAttempts(services, kind, who);
	await clearAttempts(services, 'account', email);
	if (address) await giveBackAttempt(services, 'address', address);
	const opened = await openSession(services, actor, 'password', input.formerSessionId);
	return { ...opened, deviceMark: device ? null : newDeviceMark(env, actor.userId) };
}

/** Makes the session of somebody who has proven who they are, and ends the browser's former one. */
export function openSession(
	services: Services,
	actor: UserActor,
	method: 'password' | 'passkey' | 'one-time link',
	formerSessionId?: string
): Promise<{ value: string; actor: UserActor }> {
	const { userId, practiceId } = actor;
	return inTransaction(services.db, async (tx) => {
		if (formerSessionId) await endSession(tx, formerSessionId);
		const { value, session } = await createSession(tx, services, {
			userId,
			practiceId,
			secondFactor: method === 'passkey'
		});
		const signedIn = { ...actor, sessionId: session.id };
		await services.audit.record(tx, signedIn, {
			action: 'session.signed-in',
			object: `user:${userId}`,
			detail: { method, session: session.id }
		});
		return { value, actor: signedIn };
	});
}

async function practiceOf(
	db: Queryable,
	userId: UserActor['userId'],
	wanted: PracticeId | undefined
): Promise<PracticeId | null> {
	const rows = await db
		.select({ id: memberships.practiceId })
		.from(memberships)
		.where(eq(memberships.userId, userId))
		.orderBy(asc(memberships.createdAt), asc(memberships.practiceId));
	if (wanted) return rows.some((row) => row.id === wanted) ? wanted : null;
	return rows[0]?.id ?? null;
}

function witnessFailure(
	{ db, audit }: Services,
	userId: UserActor['userId'] | null,
	practiceId: PracticeId
): Promise<void> {
	return inTransaction(db, (tx) =>
		audit.record(
			tx,
			nobody,
			{
				action: 'session.sign-in-failed',
				object: userId && `user:${userId}`,
				outcome: 'failure',
				detail: { reason: userId ? 'wrong password' : 'unknown name' }
			},
			practiceId
		)
	);
}
