import { errorOf, trpc } from '$lib/trpc.ts';

/**
 * Runs what needs a fresh proof of who is there (c14): when the server asks for one, a dialog asks
 * the person, and the work is done again.
 */
export class StepUp {
	#waiting: { work: () => Promise<unknown>; done: () => void } | null = null;
	#open = $state(false);
	password = $state('');
	error = $state('');
	busy = $state(false);

	get open(): boolean {
		return this.#open;
	}
	set open(open: boolean) {
		this.#open = open;
		if (open) return;
		this.password = '';
		this.#waiting = null;
	}

	/** Resolves when the work is done; rejects with anything but the wish for a proof. */
	async run(work: () => Promise<unknown>, done: () => void): Promise<void> {
		try {
			await work();
			done();
		} catch (error) {
			if (errorOf(error).code !== 'reauthentication_required') throw error;
			this.#waiting = { work, done };
			this.error = '';
			this.open = true;
		}
	}

	async confirm(): Promise<void> {
		const waiting = this.#waiting;
		if (!waiting || this.busy) return;
		this.busy = true;
		this.error = '';
		try {
			const { password } = this;
			await trpc.session.stepUp.mutate({ proof: { kind: 'password', password } });
			await waiting.work();
			this.open = false;
			waiting.done();
		} catch (error) {
			const { message, detail } = errorOf(error);
			this.error = detail ?? message;
		} finally {
			this.busy = false;
			this.password = '';
		}
	}
}
