import {
	generateAuthenticationOptions,
	generateRegistrationOptions,
	verifyAuthenticationResponse,
	verifyRegistrationResponse,
	type AuthenticationResponseJSON,
	type RegistrationResponseJSON
} from '@simplewebauthn/server';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { UserId } from '$lib/ids.ts';
import { inTransaction, isUniqueViolation, type Queryable } from '../db/client.ts';
import { passkeys, users } from '../db/schema/people.ts';
import { currentRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { createChallenge, takeChallenge } from './challenges.ts';

const base64url = z
	.string()
	.max(8192)
	.regex(/^[A-Za-z0-9_-]*$/);

/** What an authenticator answers when asked to confirm; everything else in it is ignored. */
export const assertionSchema = z.object({
	id: base64url,
	rawId: base64url,
	type: z.literal('public-key'),
	response: z.object({
		clientDataJSON: base64url,
		authenticatorData: base64url,
		signature: base64url,
		userHandle: base64url.optional()
	}),
	clientExtensionResults: z.unknown().transform(() => ({})),
	authenticatorAttachment: z.string().max(20).optional()
});

/** What an authenticator answers when a passkey is made. */
export const attestationSchema = z.object({
	id: base64url,
	rawId: base64url,
	type: z.literal('public-key'),
	response: z.object({
		clientDataJSON: base64url,
		attestationObject: base64url,
		transports: z.array(z.string().max(20)).max(10).default([])
	}),
	clientExtensionResults: z.unknown().transform(() => ({})),
	authenticatorAttachment: z.string().max(20).optional()
});

/** A passkey belongs to one site. The address bar's, as the server knows it, never as a body says. */
function site(): { origin: string; rpID: string } {
	const { origin } = currentRequest();
	if (!origin) throw new DomainError('reauthentication_failed', 'no origin');
	return { origin, rpID: new URL(origin).hostname };
}

export async function beginRegistration(services: Services, actor: UserActor) {
	const { db } = services;
	const [user] = await db.select().from(users).where(eq(users.id, actor.userId));
	if (!user) throw new DomainError('not_found');
	const { id, challenge } = await createChallenge(services, {
		purpose: 'register',
		userId: actor.userId
	});
	const own = await db.select().from(passkeys).where(eq(passkeys.userId, actor.userId));
	const options = await generateRegistrationOptions({
		rpName: 'Readroom',
		rpID: site().rpID,
		userName: user.email,
		userDisplayName: user.name,
		userID: new TextEncoder().encode(actor.userId),
		challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
		excludeCredentials: own.map((key) => ({ id: key.id, transports: key.transports })),
		authenticatorSelection: { residentKey: 'required', userVerification: 'required' }
	});
	return { challengeId: id, options };
}

export async function finishRegistration(
	services: Services,
	actor: UserActor,
	input: { challengeId: string; name: string; response: z.output<typeof attestationSchema> }
): Promise<{ id: string }> {
	const { db, clock, audit } = services;
	const { challenge } = await takeChallenge(db, services, {
		id: input.challengeId,
		purpose: 'register',
		userId: actor.userId
	});
	const { origin, rpID } = site();
	const result = await verifyRegistrationResponse({
		response: input.response as RegistrationResponseJSON,
		expectedChallenge: challenge,
		expectedOrigin: origin,
		expectedRPID: rpID,
		requireUserVerification: true
	}).catch(() => null);
	if (!result?.verified) throw new DomainError('reauthentication_failed');
	const { credential } = result.registrationInfo;
	try {
		await inTransaction(db, async (tx) => {
			await tx.insert(passkeys).values({
				id: credential.id,
				userId: actor.userId,
				publicKey: credential.publicKey,
				counter: credential.counter,
				transports: credential.transports ?? [],
				name: input.name,
				createdAt: clock()
			});
			await audit.record(tx, actor, {
				action: 'passkey.added',
				object: `user:${actor.userId}`,
				detail: { passkey: credential.id }
			});
		});
	} catch (e) {
		if (isUniqueViolation(e)) throw new DomainError('conflict', 'This passkey is here already.');
		throw e;
	}
	return { id: credential.id };
}

/** Options for asking the authenticator. `allow`: only these keys; empty: whichever the person picks. */
export function assertionOptions(challenge: string, allow: { id: string; transports: string[] }[]) {
	return generateAuthenticationOptions({
		rpID: site().rpID,
		challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
		allowCredentials: allow,
		userVerification: 'required'
	});
}

/** Whose passkey signed this challenge here and now, with the person verified; null when none did. */
export async function verifyAssertion(
	db: Queryable,
	{ clock }: Pick<Services, 'clock'>,
	challenge: string,
	response: z.output<typeof assertionSchema>
): Promise<UserId | null> {
	const [key] = await db.select().from(passkeys).where(eq(passkeys.id, response.id));
	if (!key) return null;
	const { origin, rpID } = site();
	const result = await verifyAuthenticationResponse({
		response: response as AuthenticationResponseJSON,
		expectedChallenge: challenge,
		expectedOrigin: origin,
		expectedRPID: rpID,
		credential: {
			id: key.id,
			publicKey: new Uint8Array(key.publicKey),
			counter: key.counter,
			transports: key.transports
		},
		requireUserVerification: true
	}).catch(() => null);
	if (!result?.verified) return null;
	await db
		.update(passkeys)
		.set({ counter: result.authenticationInfo.newCounter, lastUsedAt: clock() })
		.where(eq(passkeys.id, key.id));
	return key.userId;
}

export function removePasskey(services: Services, actor: UserActor, id: string): Promise<void> {
	return inTransaction(services.db, async (tx) => {
		const removed = await tx
			.delete(passkeys)
			.where(and(eq(passkeys.id, id), eq(passkeys.userId, actor.userId)))
			.returning({ id: passkeys.id });
		if (removed.length === 0) throw new DomainError('not_found');
		await services.audit.record(tx, actor, {
			action: 'passkey.removed',
			object: `user:${actor.userId}`,
			detail: { passkey: id }
		});
	});
}

export async function listPasskeys(db: Queryable, userId: UserId) {
	const rows = await db.select().from(passkeys).where(eq(passkeys.userId, userId));
	return rows.map(({ id, name, createdAt, lastUsedAt }) => ({ id, name, createdAt, lastUsedAt }));
}
