import { and, eq, isNull } from 'drizzle-orm';
import type { TokenScope } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { UserId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { hashSecret, newPublicId, newSecret } from '../auth/secret.ts';
import { inTransaction } from '../db/client.ts';
import { apiTokens } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import type { Administrator } from './change-person.ts';

export interface CreateToken {
	/** Whose rights the token has, at most. */
	userId: UserId;
	name: string;
	scopes: TokenScope[];
	/** From one day to a year. */
	days: number;
}

/** A token for a program. Its value leaves once, here; stored is a hash. */
export async function createToken(
	services: Services,
	actor: Administrator,
	input: CreateToken
): Promise<{ id: string; value: string; expiresAt: Date }> {
	const { clock, audit } = services;
	const { practiceId } = actor;
	requireRight(actor, 'token.create', { practiceId, ownerId: input.userId });
	const createdAt = clock();
	const expiresAt = new Date(createdAt.getTime() + input.days * 86_400_000);
	const id = newPublicId();
	const secret = newSecret();
	return inTransaction(services.db, async (tx) => {
		await tx.insert(apiTokens).values({
			id,
			practiceId,
			userId: input.userId,
			name: input.name,
			secretHash: hashSecret(secret),
			scopes: input.scopes,
			expiresAt,
			createdAt
		});
		await audit.record(tx, actor, {
			action: 'token.created',
			object: `token:${id}`,
			detail: { scopes: input.scopes, owner: input.userId }
		});
		return { id, value: `${id}.${secret}`, expiresAt };
	});
}

export function revokeToken(services: Services, actor: Administrator, id: string): Promise<void> {
	const { practiceId } = actor;
	return inTransaction(services.db, async (tx) => {
		const [token] = await tx
			.select()
			.from(apiTokens)
			.where(and(eq(apiTokens.practiceId, practiceId), eq(apiTokens.id, id)));
		requireRight(actor, 'token.create', token ? { practiceId, ownerId: token.userId } : null);
		const revoked = await tx
			.update(apiTokens)
			.set({ revokedAt: services.clock() })
			.where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)))
			.returning({ id: apiTokens.id });
		if (revoked.length === 0) throw new DomainError('conflict', 'This token is revoked already.');
		await services.audit.record(tx, actor, {
			action: 'token.revoked',
			object: `token:${id}`,
			detail: {}
		});
	});
}
