import { eq } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import type { Clock, PracticeId } from '$lib/ids.ts';
import type { Tx } from '../db/client.ts';
import { auditEvents as table, auditHeads } from '../db/schema/audit.ts';
import { currentRequest } from '../request-context.ts';
import { chainHash, genesis } from './chain.ts';
import { auditEvents, type AuditEvent } from './events.ts';

/** The chain of what belongs to no practice: the application itself, sign-ins of unknown names. */
export const systemPractice = '-' as PracticeId;

export interface Auditor {
	/**
	 * Writes the event inside the caller's transaction: the change and its event commit together or
	 * not at all (M3). The practice's chain is locked until that transaction ends, so record last.
	 * `practiceId` is needed only where the actor has none.
	 */
	record(tx: Tx, actor: Actor, event: AuditEvent, practiceId?: PracticeId): Promise<void>;
}

export function createAuditor(options: { key: string; clock: Clock }): Auditor {
	return {
		async record(tx, actor, event, practiceId = practiceOf(actor)) {
			const row = auditEvents[event.action];
			const detail = row.detail.parse(event.detail);
			const head = await lockHead(tx, practiceId);
			const { address, device } = currentRequest();
			const entry = {
				practiceId,
				sequence: head.sequence + 1,
				at: options.clock(),
				actor: nameOf(actor),
				roles: 'roles' in actor ? [...actor.roles] : [],
				action: event.action,
				dicomCode: row.dicom,
				object: event.object ?? null,
				outcome: event.outcome ?? ('success' as const),
				address,
				device,
				detail,
				previousHash: head.hash
			};
			const hash = chainHash(options.key, entry);
			await tx.insert(table).values({ ...entry, hash });
			await tx
				.update(auditHeads)
				.set({ sequence: entry.sequence, hash })
				.where(eq(auditHeads.practiceId, practiceId));
		}
	};
}

async function lockHead(tx: Tx, practiceId: PracticeId) {
	const find = () =>
		tx.select().from(auditHeads).where(eq(auditHeads.practiceId, practiceId)).for('update');
	const [head] = await find();
	if (head) return head;
	await tx
		.insert(auditHeads)
		.values({ practiceId, sequence: 0, hash: genesis })
		.onConflictDoNothing();
	const [made] = await find();
	if (!made) throw new Error('The end of the audit chain could not be locked.');
	return made;
}

function practiceOf(actor: Actor): PracticeId {
	return actor.kind === 'nobody' ? systemPractice : actor.practiceId;
}

/** `user:…`, `grant:…`: who, as it stands in the log. */
export function nameOf(actor: Actor): string {
	switch (actor.kind) {
		case 'user':
			return `user:${actor.userId}`;
		case 'grant':
			return `grant:${actor.grantId}`;
		case 'token':
			return `token:${actor.tokenId}`;
		case 'modality':
			return `modality:${actor.aeTitle}`;
		case 'job':
			return actor.onBehalfOf ? `job:${actor.name}:user:${actor.onBehalfOf}` : `job:${actor.name}`;
		case 'nobody':
			return 'nobody';
	}
}
