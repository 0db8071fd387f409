import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { exportQuestionnaire } from '$lib/worksheet/exchange/export-questionnaire.ts';
import type { Imported } from '$lib/worksheet/exchange/draft.ts';
import { importTemplate } from '$lib/worksheet/exchange/import-template.ts';
import { requireRight } from '../access/require.ts';
import type { Services } from '../services.ts';
import { worksheetsOf } from '../worksheets/practice-worksheets.ts';

/** A template of another system as a text to go on writing. @throws `invalid_input` with the reason. */
export function importedWorksheet(
	_: Services,
	actor: UserActor,
	{ name, text }: { name: string; text: string }
): Imported {
	requireRight(actor, 'worksheet.author', { practiceId: actor.practiceId });
	const imported = importTemplate(text);
	if ('wrong' in imported) throw new DomainError('invalid_input', `${name}: ${imported.wrong}`);
	return imported;
}

/** @throws DomainError `not_found`. */
export async function worksheetQuestionnaire(services: Services, actor: UserActor, id: string) {
	requireRight(actor, 'worksheet.read', { practiceId: actor.practiceId });
	const worksheets = await worksheetsOf(services, services.db, actor.practiceId);
	const worksheet = await worksheets.resolve(id);
	if (!worksheet) throw new DomainError('not_found');
	return exportQuestionnaire(worksheet);
}
