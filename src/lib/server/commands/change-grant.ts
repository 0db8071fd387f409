import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { DomainError } from '$lib/errors.ts';
import type { GrantId } from '$lib/ids.ts';
import { openThings } from '../access-registry.ts';
import { requireRight } from '../access/require.ts';
import { inTransaction } from '../db/client.ts';
import { grants, grantSessions } from '../db/schema/grants.ts';
import type { Services } from '../services.ts';
import { findGrant } from './create-grant.ts';

/** Ends a link for good: sessions are gone, running views, streams and downloads are cut (C5). */
export async function revokeGrant(
	services: Services,
	actor: UserActor,
	input: { id: GrantId; reason?: string }
): Promise<void> {
	const grant = await findGrant(services, actor, input.id);
	requireRight(actor, 'grant.revoke', {
		practiceId: grant.practiceId,
		ownerId: grant.createdBy
	});
	await inTransaction(services.db, async (tx) => {
		const changed = await tx
			.update(grants)
			.set({ revokedAt: services.clock(), revokedBy: actor.userId })
			.where(and(eq(grants.id, grant.id), isNull(grants.revokedAt)))
			.returning({ id: grants.id });
		// Already revoked: the wish is fulfilled.
		if (changed.length === 0) return;
		await tx.delete(grantSessions).where(eq(grantSessions.grantId, grant.id));
		await services.audit.record(tx, actor, {
			action: 'grant.revoked',
			object: `grant:${grant.id}`,
			detail: input.reason ? { reason: input.reason } : {}
		});
	});
	openThings.closeFor(`grant:${grant.id}`, closeCodes.signedOut, 'revoked');
}

/** Takes up a link that paused after wrong passcodes; the tries begin anew. */
export async function resumeGrant(
	services: Services,
	actor: UserActor,
	input: { id: GrantId }
): Promise<void> {
	const grant = await findGrant(services, actor, input.id);
	requireRight(actor, 'grant.revoke', { practiceId: grant.practiceId, ownerId: grant.createdBy });
	await inTransaction(services.db, async (tx) => {
		const changed = await tx
			.update(grants)
			.set({ pausedAt: null, pausedReason: null, passcodeTries: 0 })
			.where(and(eq(grants.id, grant.id), isNotNull(grants.pausedAt), isNull(grants.revokedAt)))
			.returning({ id: grants.id });
		if (changed.length === 0) throw new DomainError('conflict', 'This link is not paused.');
		await services.audit.record(tx, actor, {
			action: 'grant.resumed',
			object: `grant:${grant.id}`,
			detail: {}
		});
	});
}
