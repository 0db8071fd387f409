import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import type { AuditAction, AuditObject } from '../audit/events.ts';
import type { Queryable } from '../db/client.ts';
import { auditEvents } from '../db/schema/audit.ts';
import { auditNames } from './audit-names.ts';

/** Events of a practice, newest first; `before` is the sequence at which the last page ended. */
export async function listAudit(
	db: Queryable,
	practiceId: PracticeId,
	filter: {
		before?: number | undefined;
		limit: number;
		/** Any of these. */
		actions?: readonly string[] | undefined;
		object?: string | undefined;
		actor?: string | undefined;
	}
) {
	const { before, limit, actions, object, actor } = filter;
	const rows = await db
		.select()
		.from(auditEvents)
		.where(
			and(
				eq(auditEvents.practiceId, practiceId),
				before === undefined ? undefined : lt(auditEvents.sequence, before),
				actions === undefined ? undefined : inArray(auditEvents.action, [...actions]),
				object === undefined ? undefined : eq(auditEvents.object, object),
				actor === undefined ? undefined : eq(auditEvents.actor, actor)
			)
		)
		.orderBy(desc(auditEvents.sequence))
		.limit(limit);
	const mentioned = rows.flatMap(({ actor, object }) => (object ? [actor, object] : [actor]));
	const names = await auditNames(db, practiceId, mentioned);
	/** Of the person or link that a name ends in; null where the practice has none. */
	const nameIn = (mention: string) => {
		const at = Math.max(mention.lastIndexOf('user:'), mention.lastIndexOf('grant:'));
		return at < 0 ? null : (names.get(mention.slice(at)) ?? null);
	};
	return rows.map((row) => ({
		sequence: row.sequence,
		at: row.at,
		actor: row.actor,
		actorName: nameIn(row.actor),
		roles: row.roles,
		// Written by `record` alone, whose types are these; a column is text.
		action: row.action as AuditAction,
		dicomCode: row.dicomCode,
		object: row.object as AuditObject | null,
		objectName: row.object === null ? null : nameIn(row.object),
		outcome: row.outcome,
		address: row.address,
		device: row.device,
		detail: row.detail
	}));
}
