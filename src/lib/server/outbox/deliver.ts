import { and, eq, sql } from 'drizzle-orm';
import type { JobActor } from '$lib/access/actor.ts';
import type { ArchiveId, DestinationId } from '$lib/ids.ts';
import { DomainError } from '$lib/errors.ts';
import { receiveObjects } from '../commands/receive-objects.ts';
import { inTransaction } from '../db/client.ts';
import { outbox } from '../db/schema/outbox.ts';
import { destinations } from '../db/schema/practices.ts';
import { reportVersions } from '../db/schema/reports.ts';
import { connectTo, type DestinationRow } from '../destinations/connect.ts';
import { stow } from '../destinations/stow.ts';
import { failpoint } from '../failpoint.ts';
import type { Services } from '../services.ts';
import { exportObject } from './export-object.ts';

type Row = typeof outbox.$inferSelect;

/** After this many tries a person must look at it. About a day with the back-off below. */
export const maxAttempts = 12;
/** Longer than the slowest delivery: a worker that died lets go of its row by then. */
const lockSeconds = 120;

/** Seconds until the next try: 5, 10, 20 … at most an hour. */
export function backOffSeconds(attempts: number): number {
	return Math.min(3600, 5 * 2 ** Math.max(0, attempts - 1));
}

/** Takes the next due row, for this worker alone; null when nothing is due. */
export async function claim(services: Services): Promise<Row | null> {
	const now = services.clock();
	return inTransaction(services.db, async (tx) => {
		const [row] = await tx
			.select()
			.from(outbox)
			.where(
				and(
					eq(outbox.state, 'pending'),
					sql`${outbox.nextAt} <= ${now}`,
					sql`(${outbox.lockedUntil} is null or ${outbox.lockedUntil} <= ${now})`
				)
			)
			.orderBy(outbox.nextAt, outbox.id)
			.limit(1)
			.for('update', { skipLocked: true });
		if (!row) return null;
		const lockedUntil = new Date(now.getTime() + lockSeconds * 1000);
		const attempts = row.attempts + 1;
		await tx.update(outbox).set({ lockedUntil, attempts }).where(eq(outbox.id, row.id));
		return { ...row, lockedUntil, attempts };
	});
}

/** Delivers one row; never throws. Once in effect: bytes and UIDs are the version's own. */
export async function deliver(services: Services, row: Row): Promise<void> {
	const actor: JobActor = {
		kind: 'job',
		name: 'outbox',
		practiceId: row.practiceId,
		onBehalfOf: row.askedBy
	};
	try {
		const instance = await send(services, actor, row);
		failpoint('outbox.after-store');
		await inTransaction(services.db, async (tx) => {
			const done = await tx
				.update(outbox)
				.set({ state: 'done', doneAt: services.clock(), lockedUntil: null, lastError: null })
				.where(and(eq(outbox.id, row.id), eq(outbox.state, 'pending')))
				.returning({ id: outbox.id });
			// Another worker finished it meanwhile: one delivery, one event.
			if (done.length === 0) return;
			await services.audit.record(tx, actor, {
				action: 'export.delivered',
				object: `version:${row.versionId}`,
				detail: { kind: row.kind, destination: row.destination, instance }
			});
		});
	} catch (error) {
		try {
			await postpone(services, actor, row, error);
		} catch (e) {
			// The database is away as well. The row is still ours: it is taken again when the lock ends.
			services.log.warn({ err: e, outbox: row.id }, 'export not postponed');
		}
	}
}

async function send(services: Services, actor: JobActor, row: Row): Promise<string> {
	const [version] = await services.db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.id, row.versionId));
	if (!version) throw new DomainError('not_found', 'the version of an export is missing');
	const sopUid =
		row.kind === 'dicom-sr' ? version.exportUids.srInstance : version.exportUids.pdfInstance;
	const outside = await destinationOf(services, row);
	if (outside?.disabledAt) throw new Refused('The destination is disabled.');
	const bytes = await exportObject(services, version, row.kind);
	failpoint('outbox.before-store');
	if (outside) {
		const answer = await stow(connectTo(services, outside), bytes, sopUid);
		if (answer.kind === 'refused') throw new Refused(answer.reason);
		return sopUid;
	}
	const { rejected } = await receiveObjects(services, actor, {
		objects: [bytes],
		origin: 'export',
		archiveId: row.destination as ArchiveId
	});
	const [refusal] = rejected;
	if (refusal) throw new Refused(refusal.reason);
	return sopUid;
}

/** Null: it goes into the study's own archive. */
async function destinationOf({ db }: Services, row: Row): Promise<DestinationRow | null> {
	const [found] = await db
		.select()
		.from(destinations)
		.where(
			and(
				eq(destinations.id, row.destination as DestinationId),
				eq(destinations.practiceId, row.practiceId)
			)
		);
	return found ?? null;
}

/** The archive said no; trying again would only be told the same. */
class Refused extends Error {}

async function postpone(
	services: Services,
	actor: JobActor,
	row: Row,
	error: unknown
): Promise<void> {
	const dead = error instanceof Refused || row.attempts >= maxAttempts;
	const words =
		error instanceof DomainError
			? (error.detail ?? error.message)
			: error instanceof Refused
				? error.message
				: 'unexpected failure';
	services.log.warn({ err: error, outbox: row.id, attempts: row.attempts }, 'export not delivered');
	await inTransaction(services.db, async (tx) => {
		const nextAt = new Date(services.clock().getTime() + backOffSeconds(row.attempts) * 1000);
		const changed = await tx
			.update(outbox)
			.set({
				state: dead ? 'dead' : 'pending',
				nextAt,
				lockedUntil: null,
				lastError: words.slice(0, 500)
			})
			.where(and(eq(outbox.id, row.id), eq(outbox.state, 'pending')))
			.returning({ id: outbox.id });
		if (!dead || changed.length === 0) return;
		await services.audit.record(tx, actor, {
			action: 'export.failed',
			object: `version:${row.versionId}`,
			outcome: 'failure',
			detail: {
				kind: row.kind,
				destination: row.destination,
				reason: error instanceof Refused ? 'refused' : 'unreachable',
				attempts: row.attempts
			}
		});
	});
}
