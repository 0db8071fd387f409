import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { checkSource } from '$lib/worksheet/check-source.ts';
import { exportQuestionnaire } from '$lib/worksheet/exchange/export-questionnaire.ts';
import type { Imported } from '$lib/worksheet/exchange/draft.ts';
import { importTemplate } from '$lib/worksheet/exchange/import-template.ts';
import { requireRight } from '../access/require.ts';
import type { Services } from '../services.ts';
import { usedIds, worksheetsOf } from '../worksheets/practice-worksheets.ts';
import { ownFile } from './worksheet-source.ts';

export interface ImportedWorksheet extends Imported {
	/** What an author has to mend before it can be published. */
	problems: number;
	sections: { title: string; fields: number }[];
}

/**
 * A template of another system as a text to go on writing. It gets an id that neither the library
 * nor the practice has used, so that publishing it replaces nothing.
 * @throws `invalid_input` with the reason.
 */
export async function importedWorksheet(
	services: Services,
	actor: UserActor,
	{ name, text }: { name: string; text: string }
): Promise<ImportedWorksheet> {
	const { practiceId } = actor;
	requireRight(actor, 'worksheet.author', { practiceId });
	const used = await usedIds(services, services.db, practiceId);
	const imported = importTemplate(text, (id) => used.has(id));
	if ('wrong' in imported) throw new DomainError('invalid_input', `${name} ${imported.wrong}.`);
	const { problems, worksheet } = checkSource(services.worksheets.parts, imported.source, ownFile);
	const sections = (worksheet?.sections ?? []).map(({ title, fields }) => ({
		title,
		fields: fields.length
	}));
	return { ...imported, problems: problems.length, sections };
}

/** @throws DomainError `not_found`. */
export async function worksheetQuestionnaire(services: Services, actor: UserActor, id: string) {
	requireRight(actor, 'worksheet.read', { practiceId: actor.practiceId });
	const worksheets = await worksheetsOf(services, services.db, actor.practiceId);
	const worksheet = await worksheets.resolve(id);
	if (!worksheet) throw new DomainError('not_found');
	return exportQuestionnaire(worksheet);
}
