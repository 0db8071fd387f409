import type { Awareness } from 'y-protocols/awareness';
import {
	nobodyYet,
	type PresenceClaim,
	type PresenceState,
	type PresenceUser,
	type PresenceViewport
} from '../presence.ts';
import { Followed } from './y-map.svelte.ts';

/** Somebody else in the report. One person may be here twice, in two windows. */
export interface Other extends PresenceState {
	/** Names this window in `following`. */
	id: number;
}

/** Looking moves fast; ten glances a second are enough to follow. */
const glanceMs = 100;

/** Who is here, where they look, and what this window tells of itself. */
export class PresenceStates {
	readonly #awareness: Awareness;
	readonly #others: Followed<readonly Other[]>;
	#claim: PresenceClaim = nobodyYet;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#following = $state<number | null>(null);

	constructor(awareness: Awareness) {
		this.#awareness = awareness;
		this.#others = new Followed(
			() => readOthers(awareness),
			(changed) => {
				awareness.on('change', changed);
				return () => awareness.off('change', changed);
			}
		);
	}

	/** Everybody else, in a stable order. */
	get others(): readonly Other[] {
		return this.#others.current;
	}

	/** Each other person once. */
	get people(): readonly PresenceUser[] {
		const users = this.others.map(({ user }) => user);
		return users.filter(({ id }, at) => users.findIndex((user) => user.id === id) === at);
	}

	/** Who has the focus in a field. */
	inField(fieldId: string): readonly PresenceUser[] {
		return this.others.filter(({ field }) => field === fieldId).map(({ user }) => user);
	}

	/** Whom this window follows, while they are here. */
	get followed(): Other | null {
		return this.others.find(({ id }) => id === this.#following) ?? null;
	}

	/** Who follows this window. */
	get followers(): readonly Other[] {
		return this.others.filter(({ following }) => following === this.#awareness.clientID);
	}

	focus(field: string | null): void {
		this.#say({ field });
	}

	look(viewport: PresenceViewport | null): void {
		this.#say({ viewport });
	}

	select(cursor: PresenceClaim['cursor']): void {
		this.#say({ cursor });
	}

	follow(id: number | null): void {
		this.#following = id;
		this.#say({ following: id });
	}

	/** Stops what is still to be told; the connection takes this window off the list. */
	destroy(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
	}

	/** The first word goes out at once, the next ones together. */
	#say(part: Partial<PresenceClaim>): void {
		this.#claim = { ...this.#claim, ...part };
		if (this.#timer) return;
		this.#tell();
		const told = this.#claim;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			if (this.#claim !== told) this.#say({});
		}, glanceMs);
	}

	#tell(): void {
		this.#awareness.setLocalState({ ...this.#claim });
	}
}

function readOthers(awareness: Awareness): readonly Other[] {
	const others: Other[] = [];
	for (const [id, state] of awareness.getStates()) {
		// The server stamps every state; one without a stamp is our own.
		if (id !== awareness.clientID && state.user) others.push({ ...(state as PresenceState), id });
	}
	return others.sort((a, b) => a.id - b.id);
}
