import { and, eq, inArray } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReadingGroupId, UserId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { inTransaction, isUniqueViolation, sqlState, type Tx } from '../db/client.ts';
import { readingGroupMembers, readingGroups } from '../db/schema/macros.ts';
import { memberships } from '../db/schema/people.ts';
import type { Services } from '../services.ts';

/**
 * Makes a reading group, or changes its name and who belongs to it.
 * @throws DomainError `conflict` when the practice has a group of this name.
 */
export async function saveGroup(
	services: Services,
	actor: UserActor,
	input: { id: ReadingGroupId | null; name: string; members: UserId[] }
): Promise<{ id: ReadingGroupId }> {
	const { practiceId } = actor;
	requireRight(actor, 'reading-group.manage', { practiceId });
	const { name, id: given } = input;
	const members = [...new Set(input.members)];
	const id = given ?? (services.newId() as ReadingGroupId);
	const work = inTransaction(services.db, async (tx) => {
		if (given) await groupOf(tx, actor, given);
		await requireMembers(tx, actor, members);
		if (given) await tx.update(readingGroups).set({ name }).where(eq(readingGroups.id, id));
		else
			await tx.insert(readingGroups).values({ id, practiceId, name, createdAt: services.clock() });
		await tx.delete(readingGroupMembers).where(eq(readingGroupMembers.groupId, id));
		if (members.length > 0)
			await tx
				.insert(readingGroupMembers)
				.values(members.map((userId) => ({ groupId: id, userId })));
		await services.audit.record(tx, actor, {
			action: 'reading-group.saved',
			object: `reading-group:${id}`,
			detail: { members, created: given === null }
		});
		return { id };
	});
	return work.catch((error: unknown) => {
		if (!isUniqueViolation(error)) throw error;
		throw new DomainError('conflict', 'There is a reading group of this name.');
	});
}

/** Only a group without texts: what people wrote is moved or deleted by somebody who reads it. */
export async function deleteGroup(
	services: Services,
	actor: UserActor,
	{ id }: { id: ReadingGroupId }
): Promise<void> {
	requireRight(actor, 'reading-group.manage', { practiceId: actor.practiceId });
	const work = inTransaction(services.db, async (tx) => {
		await groupOf(tx, actor, id);
		await tx.delete(readingGroups).where(eq(readingGroups.id, id));
		await services.audit.record(tx, actor, {
			action: 'reading-group.deleted',
			object: `reading-group:${id}`,
			detail: {}
		});
	});
	// 23503: macros or presets still point at it.
	await work.catch((error: unknown) => {
		if (sqlState(error) !== '23503') throw error;
		throw new DomainError('conflict', 'Its macros and presets come first: move or delete them.');
	});
}

async function groupOf(tx: Tx, { practiceId }: UserActor, id: ReadingGroupId): Promise<void> {
	const [row] = await tx
		.select({ id: readingGroups.id })
		.from(readingGroups)
		.where(and(eq(readingGroups.practiceId, practiceId), eq(readingGroups.id, id)));
	if (!row) throw new DomainError('not_found');
}

async function requireMembers(
	tx: Tx,
	{ practiceId }: UserActor,
	members: readonly UserId[]
): Promise<void> {
	if (members.length === 0) return;
	const found = await tx
		.select({ userId: memberships.userId })
		.from(memberships)
		.where(and(eq(memberships.practiceId, practiceId), inArray(memberships.userId, [...members])));
	if (found.length < members.length) throw new DomainError('not_found');
}
