import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { signatureMeanings, type SignatureMeaning } from '$lib/report/states.ts';
import { inTransaction } from '../db/client.ts';
import { passkeys, users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { clearAttempts, takeAttempt } from './attempts.ts';
import { createChallenge, takeChallenge } from './challenges.ts';
import { assertionOptions, assertionSchema, verifyAssertion } from './passkeys.ts';
import { verifyPassword } from './password.ts';

/** How somebody confirms, in the same request, that it is them. */
export const proofSchema = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('password'), password: z.string().min(1).max(1000) }),
	z.strictObject({
		kind: z.literal('passkey'),
		challengeId: z.string().max(64),
		response: assertionSchema
	})
]);
export type Proof = z.output<typeof proofSchema>;
export type ProofMethod = Proof['kind'];

/** What exactly is signed. */
export const signingSubjectSchema = z.strictObject({
	reportId: z.string().max(64),
	/** SHA-256 of the body that was shown, hex. */
	bodyHash: z.string().regex(/^[0-9a-f]{64}$/),
	meaning: z.enum(signatureMeanings)
});
export interface SigningSubject {
	reportId: string;
	bodyHash: string;
	meaning: SignatureMeaning;
}

/** Begins a proof by passkey over exactly these contents; good once, for two minutes (L1). */
export async function createSigningChallenge(
	services: Services,
	actor: UserActor,
	subjects: readonly SigningSubject[]
) {
	const { id, challenge } = await createChallenge(services, {
		purpose: 'sign-report',
		userId: actor.userId,
		subject: { subjects: subjects.map(pick) }
	});
	return { challengeId: id, options: await optionsFor(services, actor, challenge) };
}

/**
 * Proves that the actor, here and now, means to sign exactly `subjects`. Call it before the signing
 * transaction: a failed try must stay counted when everything else is rolled back, and a proof is
 * used up whether or not the signing succeeds. Throws `reauthentication_failed` or `too_many`.
 */
export async function proveForSigning(
	services: Services,
	actor: UserActor,
	proof: Proof,
	subjects: readonly SigningSubject[]
): Promise<ProofMethod> {
	return prove(services, actor, proof, 'signing', (covered) => {
		const named = z.object({ subjects: z.array(signingSubjectSchema) }).safeParse(covered);
		return named.success && subjects.every((s) => named.data.subjects.some((n) => same(n, s)));
	});
}

/** Begins a proof by passkey for a step-up: nothing is signed with it. */
export async function createStepUpChallenge(services: Services, actor: UserActor) {
	const { id, challenge } = await createChallenge(services, {
		purpose: 'sign-in',
		userId: actor.userId,
		subject: { stepUp: true }
	});
	return { challengeId: id, options: await optionsFor(services, actor, challenge) };
}

/** Proves that it is still them, for a while (c14, B7). */
export function proveForStepUp(
	services: Services,
	actor: UserActor,
	proof: Proof
): Promise<ProofMethod> {
	return prove(services, actor, proof, 'step-up', () => true);
}

async function prove(
	services: Services,
	actor: UserActor,
	proof: Proof,
	purpose: 'signing' | 'step-up',
	covers: (subject: Record<string, unknown>) => boolean
): Promise<ProofMethod> {
	const { db } = services;
	await takeAttempt(services, 'confirm', actor.userId);
	const holds =
		proof.kind === 'password'
			? await passwordHolds(services, actor, proof.password)
			: await passkeyHolds(services, actor, proof, purpose, covers);
	if (!holds) {
		await inTransaction(db, (tx) =>
			services.audit.record(tx, actor, {
				action: 'session.reauthentication-failed',
				object: `user:${actor.userId}`,
				outcome: 'failure',
				detail: { purpose, reason: proof.kind }
			})
		);
		throw new DomainError('reauthentication_failed');
	}
	await clearAttempts(services, 'confirm', actor.userId);
	return proof.kind;
}

async function passwordHolds({ db }: Services, actor: UserActor, password: string) {
	const [user] = await db.select().from(users).where(eq(users.id, actor.userId));
	return verifyPassword(user?.passwordHash ?? null, password);
}

async function passkeyHolds(
	services: Services,
	actor: UserActor,
	proof: Extract<Proof, { kind: 'passkey' }>,
	purpose: 'signing' | 'step-up',
	covers: (subject: Record<string, unknown>) => boolean
): Promise<boolean> {
	const taken = await takeChallenge(services.db, services, {
		id: proof.challengeId,
		purpose: purpose === 'signing' ? 'sign-report' : 'sign-in',
		userId: actor.userId
	}).catch((e: unknown) => {
		if (e instanceof DomainError) return null;
		throw e;
	});
	if (!taken || !covers(taken.subject)) return false;
	const owner = await verifyAssertion(services.db, services, taken.challenge, proof.response);
	return owner === actor.userId;
}

async function optionsFor({ db }: Services, actor: UserActor, challenge: string) {
	const own = await db.select().from(passkeys).where(eq(passkeys.userId, actor.userId));
	return assertionOptions(
		challenge,
		own.map(({ id, transports }) => ({ id, transports }))
	);
}

const pick = ({ reportId, bodyHash, meaning }: SigningSubject): SigningSubject => ({
	reportId,
	bodyHash,
	meaning
});
const same = (a: SigningSubject, b: SigningSubject) =>
	a.reportId === b.reportId && a.bodyHash === b.bodyHash && a.meaning === b.meaning;
