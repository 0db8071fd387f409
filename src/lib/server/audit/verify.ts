import { and, asc, eq, gt } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { auditEvents, auditHeads } from '../db/schema/audit.ts';
import type { Anchor } from './anchor.ts';
import { chainHash, genesis } from './chain.ts';

/** What does not fit, and the first sequence at which it does not. */
export interface AuditFault {
	sequence: number;
	kind: 'changed' | 'missing' | 'moved' | 'end-missing' | 'anchor-differs';
}

export interface AuditReport {
	practiceId: string;
	/** Events read. */
	events: number;
	/** Null: the chain is whole, from the first event to the end that was last witnessed. */
	fault: AuditFault | null;
}

const batch = 1000;

/** Walks a practice's chain from its first event; stops at the first that does not fit (M4). */
export async function verifyChain(
	db: Queryable,
	options: { key: string; practiceId: string; anchors: readonly Anchor[] }
): Promise<AuditReport> {
	const { key, practiceId } = options;
	const anchors = new Map(
		options.anchors.filter((a) => a.practiceId === practiceId).map((a) => [a.sequence, a.hash])
	);
	const report = (
		events: number,
		kind?: AuditFault['kind'],
		sequence = events + 1
	): AuditReport => ({
		practiceId,
		events,
		fault: kind ? { kind, sequence } : null
	});

	let last = { sequence: 0, hash: genesis };
	for (;;) {
		const rows = await db
			.select()
			.from(auditEvents)
			.where(
				and(
					eq(auditEvents.practiceId, practiceId as PracticeId),
					gt(auditEvents.sequence, last.sequence)
				)
			)
			.orderBy(asc(auditEvents.sequence))
			.limit(batch);
		for (const row of rows) {
			const expected = last.sequence + 1;
			if (row.sequence !== expected) return report(last.sequence, 'missing');
			if (chainHash(key, row) !== row.hash) return report(last.sequence, 'changed');
			if (row.previousHash !== last.hash) return report(last.sequence, 'moved');
			const anchored = anchors.get(row.sequence);
			if (anchored !== undefined && anchored !== row.hash) {
				return report(last.sequence, 'anchor-differs');
			}
			last = { sequence: row.sequence, hash: row.hash };
		}
		if (rows.length < batch) break;
	}
	const [head] = await db
		.select()
		.from(auditHeads)
		.where(eq(auditHeads.practiceId, practiceId as PracticeId));
	const ends = [head?.sequence ?? 0, ...anchors.keys()];
	if (Math.max(...ends) > last.sequence) return report(last.sequence, 'end-missing');
	if (head && head.hash !== last.hash) return report(last.sequence, 'changed', last.sequence);
	return report(last.sequence);
}

/** Every practice that the database or an anchor knows of. */
export async function verifyAll(
	db: Queryable,
	options: { key: string; anchors: readonly Anchor[] }
): Promise<AuditReport[]> {
	const known = await db.selectDistinct({ id: auditEvents.practiceId }).from(auditEvents);
	const heads = await db.select({ id: auditHeads.practiceId }).from(auditHeads);
	const ids = new Set<string>(
		[...known, ...heads]
			.map((row) => row.id as string)
			.concat(options.anchors.map((a) => a.practiceId))
	);
	const reports: AuditReport[] = [];
	for (const practiceId of [...ids].sort()) {
		reports.push(await verifyChain(db, { ...options, practiceId }));
	}
	return reports;
}
