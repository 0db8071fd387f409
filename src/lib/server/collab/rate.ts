import type { Clock } from '$lib/ids.ts';

/** A token bucket: `perSecond` on average, twice that at once. */
export class Rate {
	readonly #perSecond: number;
	readonly #clock: Clock;
	#tokens: number;
	#at: number;

	constructor(perSecond: number, clock: Clock) {
		this.#perSecond = perSecond;
		this.#clock = clock;
		this.#tokens = perSecond * 2;
		this.#at = clock().getTime();
	}

	/** False when this one is too much. */
	take(): boolean {
		const now = this.#clock().getTime();
		// A clock set back refills nothing and takes nothing.
		const passed = Math.max(0, now - this.#at);
		this.#at = now;
		this.#tokens = Math.min(this.#perSecond * 2, this.#tokens + (passed / 1000) * this.#perSecond);
		if (this.#tokens < 1) return false;
		this.#tokens -= 1;
		return true;
	}
}
