import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { UserActor } from '$lib/access/actor.ts';
import type { Queryable } from '../db/client.ts';
import { users } from '../db/schema/people.ts';

const key = z.string().regex(/^[a-z][a-zA-Z0-9.-]{0,60}$/);

/** How a person likes their room: keys, layouts, theme. Flat and small; no patient's data. */
export const preferencesSchema = z.record(
	key,
	z.union([z.string().max(500), z.number(), z.boolean(), z.null()])
);
export type Preferences = z.output<typeof preferencesSchema>;

export async function loadPreferences(db: Queryable, actor: UserActor): Promise<Preferences> {
	const [row] = await db
		.select({ preferences: users.preferences })
		.from(users)
		.where(eq(users.id, actor.userId));
	return preferencesSchema.catch({}).parse(row?.preferences ?? {});
}

/** Merges; null takes a key away. */
export async function savePreferences(
	db: Queryable,
	actor: UserActor,
	change: Preferences
): Promise<Preferences> {
	const merged = { ...(await loadPreferences(db, actor)), ...change };
	const kept = Object.fromEntries(
		Object.entries(merged)
			.filter(([, value]) => value !== null)
			.slice(0, 200)
	);
	await db.update(users).set({ preferences: kept }).where(eq(users.id, actor.userId));
	return kept;
}
