import type { UserActor } from '$lib/access/actor.ts';
import { requireRight } from '../access/require.ts';
import { inTransaction } from '../db/client.ts';
import { listAudit } from '../queries/list-audit.ts';
import type { Services } from '../services.ts';
import { anchorFile, readAnchors } from './anchor.ts';
import { verifyChain, type AuditReport } from './verify.ts';

type Filter = Parameters<typeof listAudit>[2];

/** A page of the log. Reading it is an event as well, written before anything is shown (M3). */
export async function readAudit(services: Services, actor: UserActor, filter: Filter) {
	const { practiceId } = actor;
	requireRight(actor, 'audit.read', { practiceId });
	return inTransaction(services.db, async (tx) => {
		const events = await listAudit(tx, practiceId, filter);
		await services.audit.record(tx, actor, {
			action: 'audit.read',
			detail: {
				what: 'events',
				...(events[0] ? { to: events[0].sequence } : {}),
				...(events.at(-1) ? { from: events.at(-1)?.sequence } : {})
			}
		});
		return events;
	});
}

/** Checks the practice's whole chain against its key, its head and the anchors outside. */
export async function verifyPractice(services: Services, actor: UserActor): Promise<AuditReport> {
	const { practiceId } = actor;
	requireRight(actor, 'audit.read', { practiceId });
	const { db, env } = services;
	const { anchors } = await readAnchors(env.AUDIT_KEY, anchorFile(env.DATA_DIR));
	return verifyChain(db, { key: env.AUDIT_KEY, practiceId, anchors });
}
