import { asc, eq } from 'drizzle-orm';
import type { Action } from '$lib/access/actions.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId, ReadingGroupId, UserId } from '$lib/ids.ts';
import type { OwnedView } from '$lib/report/preset.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';
import { requireRight } from '../access/require.ts';
import type { Queryable } from '../db/client.ts';
import { readingGroupMembers, readingGroups } from '../db/schema/macros.ts';

export interface ReadingGroup {
	id: ReadingGroupId;
	name: string;
	members: UserId[];
}

export async function readingGroupsOf(
	db: Queryable,
	practiceId: PracticeId
): Promise<ReadingGroup[]> {
	const rows = await db
		.select({ id: readingGroups.id, name: readingGroups.name, userId: readingGroupMembers.userId })
		.from(readingGroups)
		.leftJoin(readingGroupMembers, eq(readingGroupMembers.groupId, readingGroups.id))
		.where(eq(readingGroups.practiceId, practiceId))
		.orderBy(asc(readingGroups.name), asc(readingGroups.id));
	const groups = new Map<ReadingGroupId, ReadingGroup>();
	for (const { id, name, userId } of rows) {
		const group = groups.get(id) ?? { id, name, members: [] };
		if (userId) group.members.push(userId);
		groups.set(id, group);
	}
	return [...groups.values()];
}

/** Where a text is kept: exactly one of person, group and practice. */
export interface OwnerColumns {
	userId: UserId | null;
	groupId: ReadingGroupId | null;
}

export const ownerColumns = (owner: TextOwner, actor: UserActor): OwnerColumns => ({
	userId: owner.kind === 'person' ? actor.userId : null,
	groupId: owner.kind === 'group' ? owner.groupId : null
});

export function ownerOf({ userId, groupId }: OwnerColumns): TextOwner {
	if (userId) return { kind: 'person' };
	return groupId ? { kind: 'group', groupId } : { kind: 'practice' };
}

/** Which right changing it needs, and the facts that the right is judged by. */
function judged(
	practiceId: PracticeId,
	{ userId, groupId }: OwnerColumns,
	groups: readonly ReadingGroup[]
): { action: Action; subject: Subject } {
	if (userId) return { action: 'macro.change-own', subject: { practiceId, ownerId: userId } };
	if (!groupId) return { action: 'macro.change-practice', subject: { practiceId } };
	const groupMembers = groups.find(({ id }) => id === groupId)?.members ?? [];
	return { action: 'macro.change-group', subject: { practiceId, groupMembers } };
}

/** @throws DomainError `not_found` for a group of nowhere and for another person's text. */
export async function requireOwnerRight(
	db: Queryable,
	actor: UserActor,
	columns: OwnerColumns
): Promise<void> {
	const { practiceId } = actor;
	const groups = await readingGroupsOf(db, practiceId);
	const { groupId, userId } = columns;
	if (groupId && !groups.some(({ id }) => id === groupId)) throw new DomainError('not_found');
	// What another person keeps for themselves does not exist for anybody else.
	if (userId && userId !== actor.userId) throw new DomainError('not_found');
	const { action, subject } = judged(practiceId, columns, groups);
	requireRight(actor, action, subject);
}

/** What this person may know of a text and do with it; null: it is not theirs to see. */
export function ownedView(
	actor: UserActor,
	columns: OwnerColumns,
	groups: readonly ReadingGroup[]
): OwnedView | null {
	const { action, subject } = judged(actor.practiceId, columns, groups);
	const mayChange = can(actor, action, subject);
	const group = groups.find(({ id }) => id === columns.groupId);
	const applies = columns.userId
		? columns.userId === actor.userId
		: columns.groupId === null || (group?.members.includes(actor.userId) ?? false);
	return applies || (mayChange && !columns.userId)
		? { ownerName: group?.name ?? '', applies, mayChange }
		: null;
}

/** To whom this person may give a text: themselves, their groups, the practice. */
export function possibleOwners(
	actor: UserActor,
	groups: readonly ReadingGroup[]
): { owner: TextOwner; name: string }[] {
	const all: { owner: TextOwner; name: string }[] = [
		{ owner: { kind: 'person' }, name: '' },
		...groups.map(({ id, name }) => ({ owner: { kind: 'group' as const, groupId: id }, name })),
		{ owner: { kind: 'practice' }, name: '' }
	];
	return all.filter(({ owner }) => ownedView(actor, ownerColumns(owner, actor), groups)?.mayChange);
}
