import { trpc } from '$lib/trpc.ts';
import type { LeftBehind } from '../exchange/left-behind.ts';
import { saveText } from '$lib/ui/save-text.ts';

/** Hands the worksheet to the browser as a file. @returns what could not be carried over. */
export async function saveQuestionnaire(id: string): Promise<readonly LeftBehind[]> {
	const { questionnaire, left } = await trpc.worksheets.questionnaire.query({ id });
	const text = JSON.stringify(questionnaire, null, '\t');
	saveText(`${id}.questionnaire.json`, text, 'application/fhir+json');
	return left;
}
