import { errorOf } from '$lib/trpc.ts';

/** What went wrong, in words; empty when it was done and the list was read anew. */
export async function wrongOf(
	work: Promise<unknown>,
	reload: () => Promise<void>
): Promise<string> {
	try {
		await work;
		await reload();
		return '';
	} catch (error) {
		const { detail, message } = errorOf(error);
		return detail ?? message;
	}
}
