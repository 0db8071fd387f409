import { and, eq, gt, isNull } from 'drizzle-orm';
import { closeCodes } from '$lib/collab/close-codes.ts';
import type { GrantId, PracticeId, UserId } from '$lib/ids.ts';
import { openThings } from '../access-registry.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { grants, grantSessions } from '../db/schema/grants.ts';
import type { Services } from '../services.ts';

/** Stops a link until somebody of the practice takes it up; who holds it open is cut off (C5). */
export async function pauseGrant(
	services: Services,
	grant: { id: GrantId; practiceId: PracticeId },
	reason: string
): Promise<void> {
	await inTransaction(services.db, (tx) => pauseIn(services, tx, grant, reason));
	cutGrants([grant.id], 'paused');
}

/**
 * Part of closing an account: all links of this sender in every practice pause. Hand the ids to
 * `cutGrants` after the transaction.
 */
export async function pauseGrantsOf(
	services: Services,
	tx: Tx,
	senderId: UserId
): Promise<GrantId[]> {
	const live = await tx
		.select({ id: grants.id, practiceId: grants.practiceId })
		.from(grants)
		.where(
			and(
				eq(grants.createdBy, senderId),
				isNull(grants.revokedAt),
				isNull(grants.pausedAt),
				gt(grants.expiresAt, services.clock())
			)
		);
	for (const grant of live) await pauseIn(services, tx, grant, 'account of the sender closed');
	return live.map(({ id }) => id);
}

/** After the transaction: views, streams and downloads of these links end. */
export function cutGrants(ids: readonly GrantId[], why: string): void {
	for (const id of ids) openThings.closeFor(`grant:${id}`, closeCodes.signedOut, why);
}

async function pauseIn(
	services: Services,
	tx: Tx,
	{ id, practiceId }: { id: GrantId; practiceId: PracticeId },
	reason: string
): Promise<void> {
	const changed = await tx
		.update(grants)
		.set({ pausedAt: services.clock(), pausedReason: reason })
		.where(and(eq(grants.id, id), isNull(grants.pausedAt)))
		.returning({ id: grants.id });
	if (changed.length === 0) return;
	await tx.delete(grantSessions).where(eq(grantSessions.grantId, id));
	await services.audit.record(
		tx,
		{ kind: 'job', name: 'grants', practiceId, onBehalfOf: null },
		{ action: 'grant.paused', object: `grant:${id}`, detail: { reason } }
	);
}
