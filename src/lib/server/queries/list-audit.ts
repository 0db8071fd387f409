import { and, desc, eq, lt } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { auditEvents } from '../db/schema/audit.ts';

/** Events of a practice, newest first; `before` is the sequence at which the last page ended. */
export async function listAudit(
	db: Queryable,
	practiceId: PracticeId,
	filter: {
		before?: number | undefined;
		limit: number;
		action?: string | undefined;
		object?: string | undefined;
		actor?: string | undefined;
	}
) {
	const { before, limit, action, object, actor } = filter;
	const rows = await db
		.select()
		.from(auditEvents)
		.where(
			and(
				eq(auditEvents.practiceId, practiceId),
				before === undefined ? undefined : lt(auditEvents.sequence, before),
				action === undefined ? undefined : eq(auditEvents.action, action),
				object === undefined ? undefined : eq(auditEvents.object, object),
				actor === undefined ? undefined : eq(auditEvents.actor, actor)
			)
		)
		.orderBy(desc(auditEvents.sequence))
		.limit(limit);
	return rows.map((row) => ({
		sequence: row.sequence,
		at: row.at,
		actor: row.actor,
		roles: row.roles,
		action: row.action,
		dicomCode: row.dicomCode,
		object: row.object,
		outcome: row.outcome,
		address: row.address,
		device: row.device,
		detail: row.detail
	}));
}
