import type { Saved } from './saved.ts';

/** A colleague in the room. */
export interface Colleague {
	id: string;
	name: string;
	/** The field that has their focus. */
	field: string | null;
}

/** What the room needs of the live document's connection; reading it is reactive. */
export interface RoomLive {
	readonly people: readonly Colleague[];
	readonly saved: Saved;
	/** Says where this person is; null: nowhere. */
	setField(field: string | null): void;
}
