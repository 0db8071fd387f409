import { errorOf, type trpc } from '$lib/trpc.ts';
import { keptDraft } from './kept-draft.ts';

export type Source = Awaited<ReturnType<typeof trpc.worksheets.source.query>>;

/**
 * What an author goes on writing: the text that is in use, or a draft of this browser under an id that
 * nothing has yet. @throws what the server says when there is neither.
 */
export async function openSource(id: string, client: typeof trpc): Promise<Source> {
	try {
		return await client.worksheets.source.query({ id });
	} catch (error) {
		const draft = keptDraft(id);
		if (draft === null || errorOf(error).code !== 'not_found') throw error;
		const nothing = { inForce: null, version: null, origin: null, inLibrary: false, steps: [] };
		return { source: draft, ...nothing };
	}
}
