import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import type { UserId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { memberships, users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { readingGroupsOf, type ReadingGroup } from './text-owners.ts';

/** The reading groups, and the people who could belong to one. */
export async function listGroups(
	{ db }: Services,
	actor: UserActor
): Promise<{ groups: ReadingGroup[]; people: { id: UserId; name: string }[] }> {
	const { practiceId } = actor;
	requireRight(actor, 'reading-group.manage', { practiceId });
	const people = await db
		.select({ id: users.id, name: users.name })
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(
			and(
				eq(memberships.practiceId, practiceId),
				isNull(users.disabledAt),
				sql`${memberships.roles} && '{physician,fellow,sonographer}'::text[]`
			)
		)
		.orderBy(asc(users.name), asc(users.id));
	return { groups: await readingGroupsOf(db, practiceId), people };
}
