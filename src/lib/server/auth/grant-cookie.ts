import { eq } from 'drizzle-orm';
import type { GrantActor } from '$lib/access/actor.ts';
import type { GrantId } from '$lib/ids.ts';
import { grants, grantSessions } from '../db/schema/grants.ts';
import type { Services } from '../services.ts';
import { hashSecret, splitSecret } from './secret.ts';

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * One cookie for each opened link, so that two links in two tabs do not disturb each other. Its value
 * is `<grant id>.<secret of the visitor's session>`; `grant_sessions.id` is SHA-256 of that secret.
 */
export const grantCookieName = (grantId: string, secure: boolean) =>
	`${secure ? '__Host-' : ''}readroom-s-${grantId}`;

/**
 * As whose holder a request asks: `/s/<id>/…` by its path, everything else by the header
 * `x-readroom-grant` or the query key `grant`. Naming one gives up every other identity: a link's
 * rights never add to a user's (B5). Null when none is named; `invalid` when it cannot be one.
 */
export function namedGrant(url: URL, headers: Pick<Headers, 'get'>): GrantId | 'invalid' | null {
	const named = [
		/^\/s\/([^/]+)/.exec(url.pathname)?.[1],
		headers.get('x-readroom-grant') ?? undefined,
		url.searchParams.get('grant') ?? undefined
	].filter((id) => id !== undefined);
	const [id] = named;
	if (id === undefined) return null;
	return named.every((other) => other === id) && idPattern.test(id) ? (id as GrantId) : 'invalid';
}

/** The visitor whom this cookie's value names at this grant, judged by our clock, and until when. */
export async function actorOfGrantCookie(
	{ db, clock }: Pick<Services, 'db' | 'clock'>,
	grantId: GrantId,
	value: string | undefined
): Promise<{ actor: GrantActor; until: Date } | null> {
	const split = splitSecret(value);
	if (!split || split.id !== grantId) return null;
	const [row] = await db
		.select()
		.from(grantSessions)
		.innerJoin(grants, eq(grants.id, grantSessions.grantId))
		.where(eq(grantSessions.id, hashSecret(split.secret)));
	if (!row || row.grants.id !== grantId) return null;
	const now = clock();
	const ends = [
		row.grant_sessions.expiresAt,
		row.grant_sessions.absoluteExpiresAt,
		row.grants.expiresAt
	];
	if (ends.some((end) => now >= end) || row.grants.revokedAt || row.grants.pausedAt) return null;
	const actor: GrantActor = {
		kind: 'grant',
		grantId,
		practiceId: row.grants.practiceId,
		sessionId: row.grant_sessions.id
	};
	return { actor, until: new Date(Math.min(...ends.map(Number))) };
}
