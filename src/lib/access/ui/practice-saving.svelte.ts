import { invalidateAll } from '$app/navigation';
import { m } from '$lib/paraglide/messages.js';
import { errorOf, trpc } from '$lib/trpc.ts';
import { getToasts } from '$lib/ui/context.ts';
import { StepUp } from './step-up.svelte.ts';

type Change = Parameters<typeof trpc.practice.change.mutate>[0];

/** Keeps a change of the practice: asks for a proof when the server wants one, and says what became of it. */
export class PracticeSaving {
	readonly stepUp = new StepUp();
	readonly #toasts = getToasts();
	busy = $state(false);
	error = $state('');

	async save(change: Change, reload: () => Promise<void>): Promise<void> {
		this.busy = true;
		this.error = '';
		try {
			await this.stepUp.run(
				() => trpc.practice.change.mutate(change),
				() => {
					this.#toasts.say(m.practice_saved(), { tone: 'good' });
					// The bar shows the practice's name, and every list its time.
					void Promise.all([reload(), invalidateAll()]);
				}
			);
		} catch (e) {
			const { detail, message } = errorOf(e);
			this.error = detail ?? message;
		} finally {
			this.busy = false;
		}
	}
}
