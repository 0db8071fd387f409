import { and, asc, eq, isNull } from 'drizzle-orm';
import * as Y from 'yjs';
import { analyseUpdate, type Change } from '$lib/collab/update-analysis.ts';
import type { NewId, ReportId, UserId } from '$lib/ids.ts';
import type { Db, Queryable, Tx } from '../db/client.ts';
import { lateEdits } from '../db/schema/reports.ts';
import { findReport, loadDocument } from './persist.ts';

/** An edit that came after signing: a proposed addendum, its author's to pursue (L7). */
export interface LateEdit {
	id: string;
	reportId: ReportId;
	userId: UserId;
	at: Date;
	/** What it would have changed. */
	changes: readonly Change[];
}

const open = (reportId: ReportId) =>
	and(eq(lateEdits.reportId, reportId), isNull(lateEdits.resolvedAt));

/** The unresolved late edit of one person, as a Yjs update. */
export async function findLateEdit(
	tx: Queryable,
	reportId: ReportId,
	userId: UserId
): Promise<{ id: string; update: Uint8Array } | null> {
	const [row] = await tx
		.select({ id: lateEdits.id, update: lateEdits.update })
		.from(lateEdits)
		.where(and(open(reportId), eq(lateEdits.userId, userId)));
	return row ?? null;
}

/** Keeps an update beside the signed report; what the same person sends later joins it. */
export async function keepLateEdit(
	tx: Tx,
	parts: { reportId: ReportId; userId: UserId; update: Uint8Array; at: Date; newId: NewId }
): Promise<string> {
	const { reportId, userId, update, at } = parts;
	const held = await findLateEdit(tx, reportId, userId);
	if (held) {
		const merged = Y.mergeUpdates([held.update, update]);
		await tx.update(lateEdits).set({ update: merged, at }).where(eq(lateEdits.id, held.id));
		return held.id;
	}
	const id = parts.newId();
	await tx.insert(lateEdits).values({ id, reportId, userId, update, at });
	return id;
}

/** Unresolved late edits of a report, oldest first, with what each would have changed. */
export async function readLateEdits(db: Db, reportId: ReportId): Promise<LateEdit[]> {
	const rows = await db.select().from(lateEdits).where(open(reportId)).orderBy(asc(lateEdits.at));
	const report = rows.length > 0 ? await findReport(db, reportId) : null;
	if (!report) return [];
	const stored = await loadDocument(db, reportId, report.generation);
	const doc = new Y.Doc();
	for (const update of stored.updates) Y.applyUpdate(doc, update);
	const edits = rows.map(({ id, userId, at, update }) => {
		const analysis = analyseUpdate(doc, update);
		return {
			id,
			reportId,
			userId,
			at,
			changes: analysis.kind === 'change' ? analysis.changes : []
		};
	});
	doc.destroy();
	return edits;
}

/** Made into an addendum, or let go, by its author or a physician. */
export async function resolveLateEdit(tx: Tx, id: string, at: Date): Promise<void> {
	await tx
		.update(lateEdits)
		.set({ resolvedAt: at })
		.where(and(eq(lateEdits.id, id), isNull(lateEdits.resolvedAt)));
}
