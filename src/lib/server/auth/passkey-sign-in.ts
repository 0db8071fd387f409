import { asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import { memberships } from '../db/schema/people.ts';
import { currentRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { loadUserActor } from './actors.ts';
import { giveBackAttempt, takeAttempt } from './attempts.ts';
import { createChallenge, takeChallenge } from './challenges.ts';
import { newDeviceMark } from './known-device.ts';
import { assertionOptions, verifyAssertion, type assertionSchema } from './passkeys.ts';
import { openSession, type SignedIn } from './sign-in.ts';

/** Names nobody: the authenticator offers the accounts that it knows here. */
export async function beginPasskeySignIn(services: Services) {
	const { id, challenge } = await createChallenge(services, { purpose: 'sign-in', userId: null });
	return { challengeId: id, options: await assertionOptions(challenge, []) };
}

export async function signInByPasskey(
	services: Services,
	input: {
		challengeId: string;
		response: z.output<typeof assertionSchema>;
		formerSessionId?: string | undefined;
	}
): Promise<SignedIn> {
	const { db, env } = services;
	const { address } = currentRequest();
	if (address) await takeAttempt(services, 'address', address);
	const { challenge } = await takeChallenge(db, services, {
		id: input.challengeId,
		purpose: 'sign-in',
		userId: null
	});
	const userId = await verifyAssertion(db, services, challenge, input.response);
	const [member] = userId
		? await db
				.select()
				.from(memberships)
				.where(eq(memberships.userId, userId))
				.orderBy(asc(memberships.createdAt))
				.limit(1)
		: [];
	const actor = member && (await loadUserActor(db, member.userId, member.practiceId));
	if (!actor) throw new DomainError('not_signed_in', 'This passkey does not fit an account here.');
	if (address) await giveBackAttempt(services, 'address', address);
	const opened = await openSession(services, actor, 'passkey', input.formerSessionId);
	return { ...opened, deviceMark: newDeviceMark(env, actor.userId) };
}
