import { and, eq, inArray } from 'drizzle-orm';
import type { GrantId, PracticeId, UserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { grants } from '../db/schema/grants.ts';
import { memberships, users } from '../db/schema/people.ts';

/** `user:…` → a member's name, `grant:…` → for whom the link is. What the practice has no name for is left out. */
export type AuditNames = ReadonlyMap<string, string>;

/**
 * The log itself holds ids alone (M5); whoever may read it also sees the practice's people and links,
 * so their names are looked up at reading. Patients stay ids.
 */
export async function auditNames(
	db: Queryable,
	practiceId: PracticeId,
	mentioned: readonly string[]
): Promise<AuditNames> {
	const userIds = idsOf<UserId>(mentioned, 'user:');
	const grantIds = idsOf<GrantId>(mentioned, 'grant:');
	const names = new Map<string, string>();
	if (userIds.length > 0) {
		const people = await db
			.select({ id: users.id, name: users.name })
			.from(users)
			.innerJoin(memberships, eq(memberships.userId, users.id))
			.where(and(eq(memberships.practiceId, practiceId), inArray(users.id, userIds)));
		for (const { id, name } of people) names.set(`user:${id}`, name);
	}
	if (grantIds.length > 0) {
		const links = await db
			.select({ id: grants.id, recipient: grants.recipient })
			.from(grants)
			.where(and(eq(grants.practiceId, practiceId), inArray(grants.id, grantIds)));
		for (const { id, recipient } of links) names.set(`grant:${id}`, recipient);
	}
	return names;
}

/** `user:1`, also within `job:outbox:user:1`. */
const idsOf = <Id extends string>(mentioned: readonly string[], kind: 'user:' | 'grant:'): Id[] => [
	...new Set(
		mentioned.flatMap((name) => {
			const at = name.lastIndexOf(kind);
			return at < 0 ? [] : [name.slice(at + kind.length) as Id];
		})
	)
];
