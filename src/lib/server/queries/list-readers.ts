import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import type { UserId } from '$lib/ids.ts';
import { requireEver } from '../access/require.ts';
import { memberships, users } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

/** Who can be given a study in this practice. */
export async function listReaders(
	{ db }: Services,
	actor: UserActor
): Promise<{ id: UserId; name: string; credentials: string }[]> {
	requireEver(actor, 'study.assign');
	return db
		.select({ id: users.id, name: users.name, credentials: users.credentials })
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(
			and(
				eq(memberships.practiceId, actor.practiceId),
				isNull(users.disabledAt),
				sql`${memberships.roles} && '{physician,fellow}'::text[]`
			)
		)
		.orderBy(asc(users.name), asc(users.id));
}
