import { and, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { workListFilterSchema, type WorkListFilter } from '$lib/worklist/filter.ts';
import { savedViews } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

/** Enough for a person; a list of views that has to be searched helps nobody. */
const most = 50;

/** Keeps a filter under a name; the same name again replaces it. */
export async function saveView(
	{ db, clock }: Services,
	actor: UserActor,
	{ name, filter }: { name: string; filter: WorkListFilter }
): Promise<void> {
	const { userId, practiceId } = actor;
	const values = { userId, practiceId, name: name.trim(), filter, createdAt: clock() };
	if (!values.name) throw new DomainError('invalid_input', 'A view needs a name.');
	await db.transaction(async (tx) => {
		await tx
			.insert(savedViews)
			.values(values)
			.onConflictDoUpdate({
				target: [savedViews.userId, savedViews.practiceId, savedViews.name],
				set: { filter }
			});
		const all = await tx.select({ name: savedViews.name }).from(savedViews).where(own(actor));
		if (all.length > most) throw new DomainError('too_many', `At most ${most} views are kept.`);
	});
}

export async function deleteView({ db }: Services, actor: UserActor, name: string): Promise<void> {
	await db.delete(savedViews).where(and(own(actor), eq(savedViews.name, name)));
}

/** A view that this version does not understand any more is left out. */
export async function listViews(
	{ db }: Services,
	actor: UserActor
): Promise<{ name: string; filter: WorkListFilter }[]> {
	const rows = await db.select().from(savedViews).where(own(actor)).orderBy(savedViews.createdAt);
	return rows.flatMap(({ name, filter }) => {
		const parsed = workListFilterSchema.safeParse(filter);
		return parsed.success ? [{ name, filter: parsed.data }] : [];
	});
}

const own = ({ userId, practiceId }: UserActor) =>
	and(eq(savedViews.userId, userId), eq(savedViews.practiceId, practiceId));
