import { errorOf } from '$lib/trpc.ts';
import { getToasts } from '$lib/ui/context.ts';
import type { StepUp } from './step-up.svelte.ts';

/**
 * For a screen of administration: does a change, asks for a proof when the server wants one, loads
 * again, and says what went wrong. Call it while the component is made.
 */
export function changing(stepUp: StepUp) {
	const toasts = getToasts();
	return (work: () => Promise<unknown>, reload: () => Promise<void>): void => {
		stepUp
			.run(work, () => void reload())
			.catch((error: unknown) => {
				const { detail, message } = errorOf(error);
				toasts.say(detail ?? message, { tone: 'bad' });
			});
	};
}
