import { asc, eq } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { memberships, users } from '../db/schema/people.ts';

/** Everybody of a practice, by name. */
export async function listPeople(db: Queryable, practiceId: PracticeId) {
	const rows = await db
		.select()
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(eq(memberships.practiceId, practiceId))
		.orderBy(asc(users.name), asc(users.id));
	return rows.map(({ users: user, memberships: member }) => ({
		userId: user.id,
		name: user.name,
		email: user.email,
		credentials: user.credentials,
		roles: member.roles,
		licensed: member.licensed,
		patientId: member.patientId,
		disabledAt: user.disabledAt,
		/** False until the one-time link was used. */
		hasPassword: user.passwordHash !== null,
		createdAt: member.createdAt
	}));
}
