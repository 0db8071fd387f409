import { and, eq, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { StudyId, UserId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { announceStudy } from '../arrival/events.ts';
import { memberships, practiceStudies, users } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

export interface AssignInput {
	studyId: StudyId;
	/** Who shall read it; null: nobody in particular. */
	to: UserId | null;
	/** Whom the asker believes it is assigned to; another by now is a `conflict`. */
	from?: UserId | null;
}

const readers = ['physician', 'fellow'] as const;

/**
 * Gives a study to a reader. With `from` it is a claim: two who claim at the same time do not both
 * get it.
 */
export async function assignStudy(
	services: Services,
	actor: UserActor,
	{ studyId, to, from }: AssignInput
): Promise<void> {
	await services.db.transaction(async (tx) => {
		const subject = await loadSubject(tx, services, actor, { studyId });
		requireRight(actor, 'study.assign', subject);
		if (to !== null) await checkReader(tx, actor, to);
		const expected =
			from === undefined
				? undefined
				: from === null
					? isNull(practiceStudies.assignedTo)
					: eq(practiceStudies.assignedTo, from);
		const rows = await tx
			.update(practiceStudies)
			.set({ assignedTo: to })
			.where(
				and(
					eq(practiceStudies.id, studyId),
					eq(practiceStudies.practiceId, actor.practiceId),
					expected
				)
			)
			.returning({ id: practiceStudies.id });
		if (!rows.length) throw new DomainError('conflict', 'Somebody else took this study.');
		await services.audit.record(tx, actor, {
			action: 'study.assigned',
			object: `study:${studyId}`,
			detail: { to }
		});
	});
	announceStudy({ practiceId: actor.practiceId, studyId, kind: 'assigned' });
}

/** A member of this practice who reads, and whose account is open. */
async function checkReader(
	tx: Parameters<Parameters<Services['db']['transaction']>[0]>[0],
	actor: UserActor,
	userId: UserId
): Promise<void> {
	const [row] = await tx
		.select({ roles: memberships.roles })
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(
			and(
				eq(memberships.userId, userId),
				eq(memberships.practiceId, actor.practiceId),
				isNull(users.disabledAt)
			)
		);
	if (!row?.roles.some((role) => readers.some((reader) => reader === role))) {
		throw new DomainError('invalid_input', 'Only a reader of this practice can be given a study.');
	}
}
