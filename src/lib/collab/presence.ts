import { z } from 'zod';
import type { Role } from '../access/actor.ts';
import { isUid } from '../ids.ts';
import { textNames, type TextName } from './report-doc.ts';

/** Where somebody is looking. */
export interface PresenceViewport {
	sopInstanceUid: string;
	/** From 1. */
	frame: number;
	playing: boolean;
}

/** A selection in a shared text, as Yjs relative positions in JSON: it moves with the text. */
export interface PresenceCursor {
	text: TextName;
	anchor: unknown;
	head: unknown;
}

/** What a client says of itself. Anything else it says is dropped. */
export interface PresenceClaim {
	/** The field that has the focus. */
	field: string | null;
	viewport: PresenceViewport | null;
	cursor: PresenceCursor | null;
	/** Presence id of the person whose view is followed. */
	following: number | null;
}

/** Who it is, written by the server over whatever the client claimed (K4). */
export interface PresenceUser {
	id: string;
	name: string;
	role: Role;
}

export interface PresenceState extends PresenceClaim {
	user: PresenceUser;
}

/** Characters of JSON; a state is a glance, not a store. */
export const presenceLimit = 4096;

const position = z
	.strictObject({
		type: z.unknown().optional(),
		tname: z.string().max(100).nullish(),
		item: z.strictObject({ client: z.number(), clock: z.number() }).nullish(),
		assoc: z.number().optional()
	})
	.nullable();

const claim = z.object({
	field: z.string().max(120).nullable().catch(null).default(null),
	viewport: z
		.strictObject({
			sopInstanceUid: z.string().refine(isUid),
			frame: z.number().int().min(1),
			playing: z.boolean()
		})
		.nullable()
		.catch(null)
		.default(null),
	cursor: z
		.strictObject({ text: z.enum(textNames), anchor: position, head: position })
		.nullable()
		.catch(null)
		.default(null),
	following: z.number().int().min(0).nullable().catch(null).default(null)
});

export const nobodyYet: PresenceClaim = {
	field: null,
	viewport: null,
	cursor: null,
	following: null
};

/** Reads a claim; parts that make no sense are taken as unsaid. Total. */
export function parseClaim(value: unknown): PresenceClaim {
	const result = claim.safeParse(value);
	return result.success ? result.data : nobodyYet;
}

/** The role a colleague reads beside the name: the one that says most about the report. */
export function shownRole(held: readonly Role[]): Role {
	const order: readonly Role[] = ['physician', 'fellow', 'sonographer', 'admin', 'referrer'];
	return order.find((role) => held.includes(role)) ?? held[0] ?? 'patient';
}
