import type { UserActor } from '$lib/access/actor.ts';
import { closeCodes } from '$lib/collab/close-codes.ts';
import type { UserId } from '$lib/ids.ts';
import { openThings } from '../access-registry.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { Services } from '../services.ts';
import { endSession, endSessionsOf } from './sessions.ts';

/** Ends this session and all that hangs on it: sockets, streams, downloads (A5). */
export async function signOut(services: Services, actor: UserActor): Promise<void> {
	await inTransaction(services.db, async (tx) => {
		await endSession(tx, actor.sessionId);
		await services.audit.record(tx, actor, {
			action: 'session.signed-out',
			object: `user:${actor.userId}`,
			detail: { session: actor.sessionId, why: 'asked' }
		});
	});
	cutSession(actor.sessionId);
}

/** In a transaction that changes what a person may do: every session but `exceptId` ends (A5). */
export function endSessionsIn(tx: Tx, userId: UserId, exceptId?: string): Promise<string[]> {
	return endSessionsOf(tx, userId, exceptId);
}

/** After that transaction has committed. */
export function cutSessions(sessionIds: readonly string[]): void {
	for (const id of sessionIds) cutSession(id);
}

function cutSession(sessionId: string): void {
	openThings.closeFor(`session:${sessionId}`, closeCodes.signedOut, 'signed out');
}
