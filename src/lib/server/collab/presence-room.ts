import type { UserActor } from '$lib/access/actor.ts';
import { parseClaim, presenceLimit, shownRole, type PresenceState } from '$lib/collab/presence.ts';
import { decodePresence, encodePresence, type PresenceEntry } from '$lib/collab/wire.ts';
import type { Clock, UserId } from '$lib/ids.ts';

/** One end of a socket, as far as presence is concerned. */
export interface PresencePeer {
	readonly actor: UserActor;
	send(frame: Uint8Array): void;
}

interface Present {
	peer: PresencePeer;
	state: PresenceState;
	clock: number;
}

/**
 * Who is here and where they look. Never stored. A client speaks for the one id that it brought; the
 * server writes who that is (K4), and counts the clock itself, so that a client that comes back with
 * an old clock is seen at once.
 */
export class PresenceRoom {
	readonly #clock: Clock;
	readonly #ownerOf: (clientId: number) => UserId | undefined;
	readonly #changed: () => void;
	readonly #present = new Map<number, Present>();
	readonly #ids = new Map<PresencePeer, number>();
	readonly #peers = new Set<PresencePeer>();
	#last = 0;

	/** `changed`: somebody came or left; not for where they look. */
	constructor(
		clock: Clock,
		ownerOf: (clientId: number) => UserId | undefined,
		changed: () => void = () => {}
	) {
		this.#clock = clock;
		this.#ownerOf = ownerOf;
		this.#changed = changed;
	}

	join(peer: PresencePeer): void {
		this.#peers.add(peer);
		this.sendAll(peer);
	}

	leave(peer: PresencePeer): void {
		this.#peers.delete(peer);
		const id = this.#ids.get(peer);
		this.#ids.delete(peer);
		if (id !== undefined && this.#present.get(id)?.peer === peer) this.#remove(id);
	}

	/** Whether another person speaks under this id right now (K5). */
	isHeldByOther(clientId: number, userId: UserId): boolean {
		const present = this.#present.get(clientId);
		return present !== undefined && present.peer.actor.userId !== userId;
	}

	states(): ReadonlyMap<number, PresenceState> {
		return new Map([...this.#present].map(([id, { state }]) => [id, state]));
	}

	/** Everybody else's state. */
	sendAll(peer: PresencePeer): void {
		const own = this.#ids.get(peer);
		const entries = [...this.#present]
			.filter(([id]) => id !== own)
			.map(([clientId, { clock, state }]) => ({ clientId, clock, state }));
		peer.send(encodePresence(entries));
	}

	/** @throws on broken bytes. */
	receive(peer: PresencePeer, payload: Uint8Array): void {
		for (const entry of decodePresence(payload, presenceLimit)) {
			// y-websocket also sends back what it hears of others: no claim, and no offence.
			if (this.#speaksFor(peer, entry)) this.#accept(peer, entry);
		}
		// y-websocket reconnects when it hears nothing for 30 s; an empty message is enough.
		peer.send(encodePresence([]));
	}

	#speaksFor(peer: PresencePeer, { clientId, state }: PresenceEntry): boolean {
		const own = this.#ids.get(peer);
		if (own !== undefined) return own === clientId;
		if (state === null || this.isHeldByOther(clientId, peer.actor.userId)) return false;
		const owner = this.#ownerOf(clientId);
		if (owner !== undefined && owner !== peer.actor.userId) return false;
		// The same person's older socket, which has not noticed yet that it is gone.
		const before = this.#present.get(clientId);
		if (before) this.#ids.delete(before.peer);
		this.#ids.set(peer, clientId);
		return true;
	}

	#accept(peer: PresencePeer, { clientId, state }: PresenceEntry): void {
		if (state === null) return this.#remove(clientId);
		const { userId, name, roles } = peer.actor;
		const stamped: PresenceState = {
			...parseClaim(state),
			user: { id: userId, name, role: shownRole(roles) }
		};
		const clock = this.#tick();
		const isNew = !this.#present.has(clientId);
		this.#present.set(clientId, { peer, state: stamped, clock });
		if (isNew) this.#changed();
		this.#tell({ clientId, clock, state: stamped }, peer);
	}

	#remove(clientId: number): void {
		if (!this.#present.delete(clientId)) return;
		this.#changed();
		this.#tell({ clientId, clock: this.#tick(), state: null }, null);
	}

	#tell(entry: PresenceEntry, except: PresencePeer | null): void {
		const frame = encodePresence([entry]);
		for (const peer of this.#peers) {
			// Nobody is told about themselves: an echo would overwrite what they did since.
			if (peer !== except && this.#ids.get(peer) !== entry.clientId) peer.send(frame);
		}
	}

	/** Grows over restarts of this process too: peers remember the highest clock they saw. */
	#tick(): number {
		this.#last = Math.max(this.#last + 1, this.#clock().getTime());
		return this.#last;
	}
}
