import { asc, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import type { Macro } from '$lib/report/macro.ts';
import { presetContentSchema, type OwnedView, type Preset } from '$lib/report/preset.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';
import { requireRight } from '../access/require.ts';
import { macros, presets } from '../db/schema/macros.ts';
import type { Services } from '../services.ts';
import { ownedView, ownerOf, possibleOwners, readingGroupsOf } from './text-owners.ts';

export interface Owners {
	/** Under whom this person may keep a text. */
	owners: { owner: TextOwner; name: string }[];
}

/** The macros that this person uses, and those that they may manage. */
export async function listMacros(
	{ db }: Services,
	actor: UserActor
): Promise<Owners & { macros: (Macro & OwnedView)[] }> {
	const { practiceId } = actor;
	requireRight(actor, 'macro.read', { practiceId });
	const groups = await readingGroupsOf(db, practiceId);
	const rows = await db
		.select()
		.from(macros)
		.where(eq(macros.practiceId, practiceId))
		.orderBy(asc(macros.abbreviation), asc(macros.id));
	return {
		owners: possibleOwners(actor, groups),
		macros: rows.flatMap((row) => {
			const view = ownedView(actor, row, groups);
			if (!view) return [];
			const { id, abbreviation, title, body } = row;
			return [{ id, owner: ownerOf(row), abbreviation, title, body, ...view }];
		})
	};
}

/** The presets of one worksheet, or of all. */
export async function listPresets(
	{ db }: Services,
	actor: UserActor,
	worksheetId: string | null
): Promise<Owners & { presets: (Preset & OwnedView)[] }> {
	const { practiceId } = actor;
	requireRight(actor, 'macro.read', { practiceId });
	const groups = await readingGroupsOf(db, practiceId);
	const rows = await db
		.select()
		.from(presets)
		.where(eq(presets.practiceId, practiceId))
		.orderBy(asc(presets.title), asc(presets.id));
	return {
		owners: possibleOwners(actor, groups),
		presets: rows.flatMap((row) => {
			if (worksheetId !== null && row.worksheetId !== worksheetId) return [];
			const view = ownedView(actor, row, groups);
			// A shape that this version does not understand any more is left out.
			const content = presetContentSchema.safeParse(row.content);
			if (!view || !content.success) return [];
			const { id, title } = row;
			const owner = ownerOf(row);
			const preset = { id, owner, worksheetId: row.worksheetId, title, content: content.data };
			return [{ ...preset, ...view }];
		})
	};
}
