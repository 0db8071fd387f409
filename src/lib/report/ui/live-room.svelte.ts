import { m } from '$lib/paraglide/messages.js';
import type { LiveConnection } from '$lib/collab/ui/live-connection.svelte.ts';
import type { PresenceStates } from '$lib/collab/ui/presence-state.svelte.ts';
import type { CloseKind } from '$lib/collab/close-codes.ts';
import { dateTimeText } from '../date-text.ts';
import type { Colleague, RoomLive } from './room-live.ts';
import type { Saved } from './saved.ts';

const endings: Record<CloseKind, () => string> = {
	goingAway: m.room_ended_away,
	tooBig: m.room_ended_too_big,
	failed: m.room_ended_failed,
	badMessage: m.room_ended_failed,
	signedOut: m.room_ended_signed_out,
	notAllowed: m.room_ended_not_allowed,
	stateMovedOn: m.room_ended_signed,
	otherGeneration: m.room_ended_generation,
	otherWorksheet: m.room_ended_worksheet,
	tooMany: m.room_ended_too_many
};

/** The connection and its presence, in the room's words. */
export class LiveRoom implements RoomLive {
	readonly #connection: LiveConnection;
	readonly #presence: PresenceStates;
	readonly #timeZone: string;

	constructor(connection: LiveConnection, presence: PresenceStates, timeZone: string) {
		this.#connection = connection;
		this.#presence = presence;
		this.#timeZone = timeZone;
	}

	readonly people: readonly Colleague[] = $derived.by(() =>
		this.#presence.people.map(({ id, name }) => ({
			id,
			name,
			field:
				this.#presence.others.find(({ user, field }) => user.id === id && field !== null)?.field ??
				null
		}))
	);

	readonly saved: Saved = $derived.by((): Saved => {
		const { ending, status, synced, savedThere, offlineSince } = this.#connection;
		if (ending) return { kind: 'stopped', reason: endings[ending.kind]() };
		if (status === 'offline') {
			// "2026-03-12 10:42 +01:00": the time of day is enough here.
			const since = offlineSince
				? (dateTimeText(offlineSince, this.#timeZone).split(' ')[1] ?? null)
				: null;
			return { kind: 'offline', since, unsent: !savedThere };
		}
		if (!synced) return { kind: 'connecting' };
		return { kind: savedThere ? 'saved' : 'saving' };
	});

	setField(field: string | null): void {
		this.#presence.focus(field);
	}
}
