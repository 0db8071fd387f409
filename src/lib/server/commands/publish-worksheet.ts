import { sql } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { checkSource } from '$lib/worksheet/check-source.ts';
import { compareVersions } from '$lib/worksheet/versions.ts';
import { requireRight } from '../access/require.ts';
import { inTransaction, isUniqueViolation, type Tx } from '../db/client.ts';
import { practiceWorksheets } from '../db/schema/worksheets.ts';
import { ownFile } from '../queries/worksheet-source.ts';
import type { Services } from '../services.ts';
import { describeProblem } from '../worksheets/files.ts';
import { pinWorksheet } from '../worksheets/pin-worksheet.ts';
import { stepsOf, type PracticeStep } from '../worksheets/practice-worksheets.ts';

export interface Published {
	id: string;
	version: string;
	hash: string;
}

/**
 * Publishes a worksheet for the practice: reports that begin from now on use it; those that have
 * begun keep the one that they pinned.
 * @throws DomainError `invalid_input` with the first problem, or when the version is not above the
 *   one before; `conflict` when somebody published meanwhile.
 */
export async function publishWorksheet(
	services: Services,
	actor: UserActor,
	{ source, note }: { source: string; note: string }
): Promise<Published> {
	const { practiceId } = actor;
	requireRight(actor, 'worksheet.author', { practiceId });
	const { problems, worksheet } = checkSource(services.worksheets.parts, source, ownFile);
	const [problem] = problems;
	if (problem) throw new DomainError('invalid_input', describeProblem(problem));
	if (!worksheet) throw new DomainError('invalid_input');
	const { id, version } = worksheet;
	return inTransaction(services.db, async (tx) => {
		const [newest] = await lockedSteps(services, tx, actor, id);
		const library = services.worksheets.list().find((sheet) => sheet.id === id);
		for (const before of [newest?.version, library?.version])
			if (before !== undefined && compareVersions(version, before) <= 0)
				throw new DomainError(
					'invalid_input',
					`Version ${version} is not above ${before}. Raise the version and publish again.`
				);
		const hash = await pinWorksheet(services, tx, worksheet);
		await add(services, tx, actor, newest, {
			worksheetId: id,
			version,
			source,
			worksheetHash: hash,
			status: 'published',
			note
		});
		await services.audit.record(tx, actor, {
			action: 'worksheet.published',
			object: `worksheet:${id}`,
			detail: { version, hash }
		});
		return { id, version, hash };
	});
}

/**
 * Takes the practice's own worksheet out of use: the library's counts again where it has one.
 * @throws DomainError `not_found` when the practice published none.
 */
export async function withdrawWorksheet(
	services: Services,
	actor: UserActor,
	{ id, reason }: { id: string; reason: string }
): Promise<void> {
	requireRight(actor, 'worksheet.author', { practiceId: actor.practiceId });
	await inTransaction(services.db, async (tx) => {
		const [newest] = await lockedSteps(services, tx, actor, id);
		if (newest?.status !== 'published') throw new DomainError('not_found');
		const { worksheetId, version, source, worksheetHash } = newest;
		await add(services, tx, actor, newest, {
			worksheetId,
			version,
			source,
			worksheetHash,
			status: 'withdrawn',
			note: reason
		});
		await services.audit.record(tx, actor, {
			action: 'worksheet.withdrawn',
			object: `worksheet:${id}`,
			detail: { version, reason }
		});
	});
}

/** Two admins who publish at once come one after the other. */
async function lockedSteps(services: Services, tx: Tx, actor: UserActor, id: string) {
	const key = `worksheet:${actor.practiceId}:${id}`;
	await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
	return stepsOf(tx, actor.practiceId, id);
}

async function add(
	services: Services,
	tx: Tx,
	{ practiceId, userId }: UserActor,
	newest: PracticeStep | undefined,
	step: Pick<
		PracticeStep,
		'worksheetId' | 'version' | 'source' | 'worksheetHash' | 'status' | 'note'
	>
): Promise<void> {
	try {
		await tx.insert(practiceWorksheets).values({
			id: services.newId(),
			practiceId,
			step: (newest?.step ?? 0) + 1,
			...step,
			by: userId,
			at: services.clock()
		});
	} catch (error) {
		if (isUniqueViolation(error)) throw new DomainError('conflict', 'published meanwhile');
		throw error;
	}
}
