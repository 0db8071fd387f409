import type { UserActor } from '$lib/access/actor.ts';
import type { MacroId, PresetId } from '$lib/ids.ts';
import type { TextFile } from '$lib/report/text-file.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';
import { inTransaction } from '../db/client.ts';
import { macros, presets } from '../db/schema/macros.ts';
import { ownerColumns, requireOwnerRight } from '../queries/text-owners.ts';
import type { Services } from '../services.ts';
import { refuseTooMany } from './change-macro.ts';

export interface ImportedTexts {
	macros: number;
	presets: number;
	/** There already, by abbreviation or title: what this owner has stays as it is. */
	skipped: string[];
}

/**
 * Keeps the macros and presets of a file for one owner, all or none; nothing that is there is changed.
 * @throws DomainError `too_many` when it would be more than one owner keeps.
 */
export async function importTexts(
	services: Services,
	actor: UserActor,
	{ owner, file }: { owner: TextOwner; file: TextFile }
): Promise<ImportedTexts> {
	const { practiceId } = actor;
	const columns = ownerColumns(owner, actor);
	const { newId } = services;
	const common = {
		practiceId,
		...columns,
		changedBy: actor.userId,
		changedAt: services.clock()
	};
	return inTransaction(services.db, async (tx) => {
		await requireOwnerRight(tx, actor, columns);
		const skipped: string[] = [];
		const made = { macros: 0, presets: 0 };
		for (const fields of file.macros) {
			const added = await tx
				.insert(macros)
				.values({ ...common, id: newId() as MacroId, ...fields })
				.onConflictDoNothing()
				.returning({ id: macros.id });
			if (added.length > 0) made.macros += 1;
			else skipped.push(`.${fields.abbreviation}`);
		}
		for (const fields of file.presets) {
			const added = await tx
				.insert(presets)
				.values({ ...common, id: newId() as PresetId, ...fields })
				.onConflictDoNothing()
				.returning({ id: presets.id });
			if (added.length > 0) made.presets += 1;
			else skipped.push(fields.title);
		}
		await refuseTooMany(tx, macros, practiceId, columns);
		await refuseTooMany(tx, presets, practiceId, columns);
		await services.audit.record(tx, actor, {
			action: 'texts.imported',
			detail: { owner: owner.kind, ...made }
		});
		return { ...made, skipped };
	});
}
