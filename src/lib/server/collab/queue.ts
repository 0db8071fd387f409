/** Runs what is put in one after the other; a failure does not stop what follows. */
export class SerialQueue {
	#last: Promise<unknown> = Promise.resolve();
	#waiting = 0;

	/** How many are running or waiting. */
	get size(): number {
		return this.#waiting;
	}

	run<T>(work: () => Promise<T>): Promise<T> {
		this.#waiting += 1;
		const result = this.#last.then(work).finally(() => {
			this.#waiting -= 1;
		});
		this.#last = result.catch(() => undefined);
		return result;
	}
}
