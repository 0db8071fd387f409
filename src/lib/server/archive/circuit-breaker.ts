import { DomainError } from '$lib/errors.ts';

export interface BreakerOptions {
	/** Failures in a row that open it. */
	failures?: number;
	/** How long callers are turned away before one of them tries again. Recovery is well under 30 s. */
	openMs?: number;
	/** Monotonic milliseconds: a clock set back must not keep it open. */
	now?: () => number;
}

export interface Passage {
	answered(): void;
	succeeded(): void;
	failed(): void;
}

/**
 * Turns callers away at once while an archive is down, so that nobody waits for a time-out and the
 * archive is left alone (D7). After `openMs` one caller goes through; its luck decides for all.
 */
export class CircuitBreaker {
	readonly #failures: number;
	readonly #openMs: number;
	readonly #now: () => number;
	#inARow = 0;
	#openUntil = 0;
	#probing = false;

	constructor(options: BreakerOptions = {}) {
		this.#failures = options.failures ?? 5;
		this.#openMs = options.openMs ?? 5000;
		this.#now = options.now ?? (() => performance.now());
	}

	get state(): 'closed' | 'open' | 'half-open' {
		if (this.#inARow < this.#failures) return 'closed';
		return this.#now() < this.#openUntil ? 'open' : 'half-open';
	}

	/**
	 * Asks to go through. `answered` lets others follow a probe; afterwards one of the other two says
	 * how it ended, and only `succeeded` closes the breaker again.
	 * @throws DomainError `archive_unavailable` while it is open.
	 */
	enter(): Passage {
		const state = this.state;
		if (state === 'open' || (state === 'half-open' && this.#probing)) {
			throw new DomainError('archive_unavailable', 'The image archive does not answer at present.');
		}
		let probe = state === 'half-open';
		if (probe) this.#probing = true;
		let settled = false;
		const answered = () => {
			if (probe) this.#probing = false;
			probe = false;
		};
		const once = (work: () => void) => () => {
			answered();
			if (!settled) work();
			settled = true;
		};
		return {
			answered,
			succeeded: once(() => {
				this.#inARow = 0;
			}),
			failed: once(() => {
				this.#inARow++;
				if (this.#inARow >= this.#failures) this.#openUntil = this.#now() + this.#openMs;
			})
		};
	}
}
