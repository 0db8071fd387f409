import { and, asc, count, desc, eq, max, ne } from 'drizzle-orm';
import type { DestinationId, PracticeId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { outbox } from '../db/schema/outbox.ts';
import { archives, destinations } from '../db/schema/practices.ts';
import { reportVersions } from '../db/schema/reports.ts';

export interface Deliveries {
	delivered: number;
	waiting: number;
	/** Given up: somebody has to look. */
	dead: number;
	lastAt: Date | null;
}

export interface Destination extends Deliveries {
	id: DestinationId;
	name: string;
	url: string;
	hasCredential: boolean;
	disabledAt: Date | null;
}

/** One export that has not arrived. No patient: administrators see that it waits, not about whom. */
export interface UndeliveredExport {
	id: number;
	destination: string;
	kind: string;
	reportId: string;
	state: 'pending' | 'dead';
	attempts: number;
	nextAt: Date;
	lastError: string | null;
	createdAt: Date;
}

const mostShown = 200;

/** Where signed reports go, and how it went. */
export async function listDestinations(db: Queryable, practiceId: PracticeId) {
	const counts = await deliveriesOf(db, practiceId);
	const none: Deliveries = { delivered: 0, waiting: 0, dead: 0, lastAt: null };
	const rows = await db
		.select()
		.from(destinations)
		.where(eq(destinations.practiceId, practiceId))
		.orderBy(asc(destinations.name));
	const own = await db
		.select({ id: archives.id, name: archives.name })
		.from(archives)
		.where(eq(archives.practiceId, practiceId))
		.orderBy(asc(archives.createdAt));
	return {
		archives: own.map(({ id, name }) => ({ id, name, ...(counts.get(id) ?? none) })),
		destinations: rows.map(({ id, name, url, credential, disabledAt }): Destination => ({
			id,
			name,
			url,
			hasCredential: credential !== null,
			disabledAt,
			...(counts.get(id) ?? none)
		})),
		undelivered: await undelivered(db, practiceId)
	};
}

async function deliveriesOf(db: Queryable, practiceId: PracticeId) {
	const rows = await db
		.select({
			destination: outbox.destination,
			state: outbox.state,
			n: count(),
			lastAt: max(outbox.doneAt)
		})
		.from(outbox)
		.where(eq(outbox.practiceId, practiceId))
		.groupBy(outbox.destination, outbox.state);
	const found = new Map<string, Deliveries>();
	for (const { destination, state, n, lastAt } of rows) {
		const all = found.get(destination) ?? { delivered: 0, waiting: 0, dead: 0, lastAt: null };
		if (state === 'done') Object.assign(all, { delivered: n, lastAt });
		else if (state === 'pending') all.waiting = n;
		else all.dead = n;
		found.set(destination, all);
	}
	return found;
}

async function undelivered(db: Queryable, practiceId: PracticeId): Promise<UndeliveredExport[]> {
	const rows = await db
		.select({ row: outbox, reportId: reportVersions.reportId })
		.from(outbox)
		.innerJoin(reportVersions, eq(reportVersions.id, outbox.versionId))
		.where(and(eq(outbox.practiceId, practiceId), ne(outbox.state, 'done')))
		.orderBy(asc(outbox.state), desc(outbox.createdAt))
		.limit(mostShown);
	return rows.map(({ row, reportId }) => ({
		id: row.id,
		destination: row.destination,
		kind: row.kind,
		reportId,
		state: row.state === 'dead' ? 'dead' : 'pending',
		attempts: row.attempts,
		nextAt: row.nextAt,
		lastError: row.lastError,
		createdAt: row.createdAt
	}));
}
