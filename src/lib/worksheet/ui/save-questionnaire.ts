import { trpc } from '$lib/trpc.ts';
import { saveText } from '$lib/ui/save-text.ts';

/** Hands the worksheet to the browser as a file. @returns what could not be carried over, in words. */
export async function saveQuestionnaire(id: string): Promise<readonly string[]> {
	const { questionnaire, left } = await trpc.worksheets.questionnaire.query({ id });
	const text = JSON.stringify(questionnaire, null, '\t');
	saveText(`${id}.questionnaire.json`, text, 'application/fhir+json');
	return left;
}
