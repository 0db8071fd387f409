import { and, eq } from 'drizzle-orm';
import { requireRight } from '../access/require.ts';
import { inTransaction } from '../db/client.ts';
import { outbox } from '../db/schema/outbox.ts';
import type { Services } from '../services.ts';
import type { Administrator } from './change-person.ts';

/**
 * Everything that was given up on the way to one destination is tried again, for those who asked for
 * it first (B8). The destination works again, says an administrator; they see no report for it.
 */
export function resendToDestination(
	services: Services,
	actor: Administrator,
	{ destination }: { destination: string },
	steppedUp: boolean
): Promise<{ count: number }> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	return inTransaction(services.db, async (tx) => {
		const changed = await tx
			.update(outbox)
			.set({ state: 'pending', attempts: 0, nextAt: services.clock(), lastError: null })
			.where(
				and(
					eq(outbox.practiceId, practiceId),
					eq(outbox.destination, destination),
					eq(outbox.state, 'dead')
				)
			)
			.returning({ id: outbox.id });
		if (changed.length > 0) {
			await services.audit.record(tx, actor, {
				action: 'config.changed',
				detail: { what: 'exports sent again', reason: `${destination}: ${changed.length}` }
			});
		}
		return { count: changed.length };
	});
}
