import { trpc } from '$lib/trpc.ts';

/** Hands the worksheet to the browser as a file. @returns what could not be carried over, in words. */
export async function saveQuestionnaire(id: string): Promise<readonly string[]> {
	const { questionnaire, left } = await trpc.worksheets.questionnaire.query({ id });
	const text = JSON.stringify(questionnaire, null, '\t');
	const address = URL.createObjectURL(new Blob([text], { type: 'application/fhir+json' }));
	const link = document.createElement('a');
	link.href = address;
	link.download = `${id}.questionnaire.json`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 1000);
	return left;
}
