import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm';
import * as Y from 'yjs';
import type { Change } from '$lib/collab/update-analysis.ts';
import type { PatientId, PracticeId, ReportId, UserId } from '$lib/ids.ts';
import type { ReportState } from '$lib/report/states.ts';
import type { Db, Queryable, Tx } from '../db/client.ts';
import {
	documentClients,
	documentSnapshots,
	documentUpdates,
	fieldHistory,
	reports
} from '../db/schema/reports.ts';
import { keepCriticalFlag, touchesCritical } from './critical-flag.ts';

/** Owner of what the server itself writes; no account has this id. */
export const serverOwner = 'server' as UserId;

/** What the live document needs to know of its report. */
export interface ReportFacts {
	id: ReportId;
	practiceId: PracticeId;
	patientId: PatientId;
	state: ReportState;
	generation: number;
}

const facts = {
	id: reports.id,
	practiceId: reports.practiceId,
	patientId: reports.patientId,
	state: reports.state,
	generation: reports.generation
};

export async function findReport(db: Queryable, id: ReportId): Promise<ReportFacts | null> {
	const [row] = await db.select(facts).from(reports).where(eq(reports.id, id));
	return row ?? null;
}

/**
 * The report, held until the transaction ends: updates of one document are ordered by the database
 * over all processes, and none slips in beside a signature.
 */
export async function lockReport(tx: Tx, id: ReportId): Promise<ReportFacts | null> {
	const [row] = await tx.select(facts).from(reports).where(eq(reports.id, id)).for('update');
	return row ?? null;
}

export interface StoredDocument {
	updates: Uint8Array[];
	/** Bytes of all of them. */
	bytes: number;
	/** Last row of `document_updates` among them; 0 when there is none. */
	lastId: number;
	/** Rows that are not in a snapshot yet. */
	sinceSnapshot: number;
	owners: Map<number, UserId>;
}

/** All that was acknowledged, whatever process wrote it. */
export async function loadDocument(
	db: Queryable,
	reportId: ReportId,
	generation: number
): Promise<StoredDocument> {
	const [snapshot] = await db
		.select()
		.from(documentSnapshots)
		.where(
			and(eq(documentSnapshots.reportId, reportId), eq(documentSnapshots.generation, generation))
		);
	const rows = await updatesAfter(db, reportId, generation, snapshot?.uptoId ?? 0);
	const updates = [...(snapshot ? [snapshot.snapshot] : []), ...rows.map((row) => row.update)];
	const clients = await db
		.select({ clientId: documentClients.clientId, userId: documentClients.userId })
		.from(documentClients)
		.where(and(eq(documentClients.reportId, reportId), eq(documentClients.generation, generation)));
	return {
		updates,
		bytes: updates.reduce((sum, update) => sum + update.length, 0),
		lastId: rows.at(-1)?.id ?? snapshot?.uptoId ?? 0,
		sinceSnapshot: rows.length,
		owners: new Map(clients.map((row) => [row.clientId, row.userId]))
	};
}

/** Rows beyond the given one, oldest first. */
export function updatesAfter(
	db: Queryable,
	reportId: ReportId,
	generation: number,
	lastId: number
): Promise<{ id: number; update: Uint8Array }[]> {
	return db
		.select({ id: documentUpdates.id, update: documentUpdates.update })
		.from(documentUpdates)
		.where(
			and(
				eq(documentUpdates.reportId, reportId),
				eq(documentUpdates.generation, generation),
				gt(documentUpdates.id, lastId)
			)
		)
		.orderBy(asc(documentUpdates.id));
}

export interface NewUpdate {
	reportId: ReportId;
	generation: number;
	update: Uint8Array;
	changes: readonly Change[];
	/** Null for the server. */
	userId: UserId | null;
	at: Date;
}

/** Writes an update and the record of what it changed; returns the update's row id. */
export async function insertUpdate(tx: Tx, parts: NewUpdate): Promise<number> {
	const { reportId, generation, update, userId, at } = parts;
	const [row] = await tx
		.insert(documentUpdates)
		.values({ reportId, generation, update, userId, at })
		.returning({ id: documentUpdates.id });
	if (!row) throw new Error('the database took no update');
	const rows = parts.changes.map(({ root, key, action, value }) => ({
		reportId,
		root,
		key,
		action,
		value,
		by: userId,
		at
	}));
	// One-click normal may touch hundreds of lines; a statement has at most 65 535 parameters.
	for (let i = 0; i < rows.length; i += 1000) {
		await tx.insert(fieldHistory).values(rows.slice(i, i + 1000));
	}
	if (parts.changes.some(touchesCritical)) await keepCriticalFlag(tx, reportId);
	return row.id;
}

/**
 * Binds client ids to a user (K5).
 * @returns false when one of them is somebody else's.
 */
export async function bindClients(
	tx: Tx,
	parts: { reportId: ReportId; generation: number; userId: UserId; at: Date },
	clientIds: readonly number[]
): Promise<boolean> {
	if (clientIds.length === 0) return true;
	await tx
		.insert(documentClients)
		.values(clientIds.map((clientId) => ({ ...parts, clientId })))
		.onConflictDoNothing();
	const owned = await tx
		.select({ userId: documentClients.userId })
		.from(documentClients)
		.where(
			and(
				eq(documentClients.reportId, parts.reportId),
				eq(documentClients.generation, parts.generation),
				inArray(documentClients.clientId, [...clientIds])
			)
		);
	return owned.every((row) => row.userId === parts.userId);
}

/** Whether the record knows this very value under this key: then writing it again puts it back. */
export async function wasThere(
	tx: Tx,
	reportId: ReportId,
	{ root, key, value }: Change
): Promise<boolean> {
	const rows = await tx
		.select({ value: fieldHistory.value })
		.from(fieldHistory)
		.where(
			and(
				eq(fieldHistory.reportId, reportId),
				eq(fieldHistory.root, root),
				eq(fieldHistory.key, key)
			)
		);
	const wanted = canonical(value);
	return rows.some((row) => canonical(row.value) === wanted);
}

/** JSON with sorted keys: the database does not keep their order. */
function canonical(value: unknown): string {
	return JSON.stringify(value, (_, part: unknown) =>
		part && typeof part === 'object' && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part
	);
}

/** An optimisation: `document_updates` keeps every row. An older snapshot never replaces a newer. */
export async function saveSnapshot(
	db: Db,
	parts: { reportId: ReportId; generation: number; doc: Y.Doc; uptoId: number; at: Date }
): Promise<void> {
	const { reportId, generation, uptoId, at } = parts;
	const snapshot = Y.encodeStateAsUpdate(parts.doc);
	await db
		.insert(documentSnapshots)
		.values({ reportId, generation, snapshot, uptoId, at })
		.onConflictDoUpdate({
			target: [documentSnapshots.reportId, documentSnapshots.generation],
			set: { snapshot, uptoId, at },
			setWhere: lt(documentSnapshots.uptoId, uptoId)
		});
}
