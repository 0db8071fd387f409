import { and, eq, isNull, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { MacroId, PracticeId, PresetId, UserId } from '$lib/ids.ts';
import type { MacroFields } from '$lib/report/macro.ts';
import type { PresetContent } from '$lib/report/preset.ts';
import { mostTexts } from '$lib/report/text-file.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';
import type { AuditEvent } from '../audit/events.ts';
import { inTransaction, isUniqueViolation, type Tx } from '../db/client.ts';
import { macros, presets } from '../db/schema/macros.ts';
import {
	ownerColumns,
	ownerOf,
	requireOwnerRight,
	type OwnerColumns
} from '../queries/text-owners.ts';
import type { Services } from '../services.ts';

const same = (column: PgColumn, value: string | null): SQL =>
	value === null ? isNull(column) : eq(column, value);

/** Counted after the write: what was just written counts as well. */
export async function refuseTooMany(
	tx: Tx,
	table: typeof macros | typeof presets,
	practiceId: PracticeId,
	{ userId, groupId }: OwnerColumns
): Promise<void> {
	const kept = await tx.$count(
		table,
		and(eq(table.practiceId, practiceId), same(table.userId, userId), same(table.groupId, groupId))
	);
	if (kept <= mostTexts) return;
	throw new DomainError('too_many', `At most ${mostTexts} are kept. Delete one that nobody uses.`);
}

/** What a row of either kind says beside its own fields. */
type Stamp = OwnerColumns & { changedBy: UserId; changedAt: Date };

interface Keeping {
	owner: TextOwner;
	table: typeof macros | typeof presets;
	/** Where it is kept now; null for a new one. */
	before: (tx: Tx) => Promise<OwnerColumns | null>;
	write: (tx: Tx, stamp: Stamp) => Promise<unknown>;
	event: AuditEvent;
	/** Said when the owner has one of this name already. */
	taken: string;
}

/** Everything that is stored is somebody's: the right is judged where it was and where it goes. */
async function keep(services: Services, actor: UserActor, text: Keeping): Promise<void> {
	const columns = ownerColumns(text.owner, actor);
	const work = inTransaction(services.db, async (tx) => {
		const before = await text.before(tx);
		if (before) await requireOwnerRight(tx, actor, before);
		await requireOwnerRight(tx, actor, columns);
		await text.write(tx, { ...columns, changedBy: actor.userId, changedAt: services.clock() });
		await refuseTooMany(tx, text.table, actor.practiceId, columns);
		await services.audit.record(tx, actor, text.event);
	});
	await work.catch((error: unknown) => {
		if (!isUniqueViolation(error)) throw error;
		throw new DomainError('conflict', text.taken);
	});
}

/**
 * Keeps a macro, or changes one; another owner moves it there.
 * @throws DomainError `conflict` when the owner has this abbreviation already, `too_many`.
 */
export async function saveMacro(
	services: Services,
	actor: UserActor,
	input: MacroFields & { id: MacroId | null; owner: TextOwner }
): Promise<{ id: MacroId }> {
	const { owner, id: given, ...fields } = input;
	const { practiceId } = actor;
	const id = given ?? (services.newId() as MacroId);
	await keep(services, actor, {
		owner,
		table: macros,
		before: async (tx) => (given ? macroOf(tx, actor, given) : null),
		write: (tx, stamp) =>
			given
				? tx
						.update(macros)
						.set({ ...fields, ...stamp })
						.where(eq(macros.id, given))
				: tx.insert(macros).values({ id, practiceId, ...fields, ...stamp }),
		event: {
			action: 'macro.saved',
			object: `macro:${id}`,
			detail: { owner: owner.kind, created: given === null }
		},
		taken: `There is already a macro .${fields.abbreviation} here.`
	});
	return { id };
}

export async function deleteMacro(
	services: Services,
	actor: UserActor,
	{ id }: { id: MacroId }
): Promise<void> {
	await inTransaction(services.db, async (tx) => {
		const before = await macroOf(tx, actor, id);
		await requireOwnerRight(tx, actor, before);
		await tx.delete(macros).where(eq(macros.id, id));
		await services.audit.record(tx, actor, {
			action: 'macro.deleted',
			object: `macro:${id}`,
			detail: { owner: ownerOf(before).kind }
		});
	});
}

/** As `saveMacro`, for a preset; its title is what may not be there twice. */
export async function savePreset(
	services: Services,
	actor: UserActor,
	input: {
		id: PresetId | null;
		owner: TextOwner;
		worksheetId: string;
		title: string;
		content: PresetContent;
	}
): Promise<{ id: PresetId }> {
	const { owner, id: given, ...fields } = input;
	const { practiceId } = actor;
	const id = given ?? (services.newId() as PresetId);
	await keep(services, actor, {
		owner,
		table: presets,
		before: async (tx) => (given ? presetOf(tx, actor, given) : null),
		write: (tx, stamp) =>
			given
				? tx
						.update(presets)
						.set({ ...fields, ...stamp })
						.where(eq(presets.id, given))
				: tx.insert(presets).values({ id, practiceId, ...fields, ...stamp }),
		event: {
			action: 'preset.saved',
			object: `preset:${id}`,
			detail: { owner: owner.kind, worksheet: fields.worksheetId, created: given === null }
		},
		taken: `There is already a preset "${fields.title}" here.`
	});
	return { id };
}

export async function deletePreset(
	services: Services,
	actor: UserActor,
	{ id }: { id: PresetId }
): Promise<void> {
	await inTransaction(services.db, async (tx) => {
		const before = await presetOf(tx, actor, id);
		await requireOwnerRight(tx, actor, before);
		await tx.delete(presets).where(eq(presets.id, id));
		await services.audit.record(tx, actor, {
			action: 'preset.deleted',
			object: `preset:${id}`,
			detail: { owner: ownerOf(before).kind, worksheet: before.worksheetId }
		});
	});
}

async function macroOf(tx: Tx, { practiceId }: UserActor, id: MacroId) {
	const [row] = await tx
		.select()
		.from(macros)
		.where(and(eq(macros.practiceId, practiceId), eq(macros.id, id)));
	if (!row) throw new DomainError('not_found');
	return row;
}

async function presetOf(tx: Tx, { practiceId }: UserActor, id: PresetId) {
	const [row] = await tx
		.select()
		.from(presets)
		.where(and(eq(presets.practiceId, practiceId), eq(presets.id, id)));
	if (!row) throw new DomainError('not_found');
	return row;
}
