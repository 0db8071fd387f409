import type { Cookies } from '@sveltejs/kit';
import type { Actor } from '$lib/access/actor.ts';
import { actorOfBearer, actorOfSession, nobody } from '../auth/actors.ts';
import { readSessionCookie } from '../auth/cookies.ts';
import { actorOfGrantCookie, grantCookieName, namedGrant } from '../auth/grant-cookie.ts';
import type { Session } from '../auth/sessions.ts';
import type { Services } from '../services.ts';

export interface Identity {
	actor: Actor;
	/** Of a person who is signed in. */
	session: Session | null;
}

const none: Identity = { actor: nobody, session: null };

/**
 * Who asks, by exactly one credential. A named share link beats a token, a token beats a session;
 * what was not chosen is not looked at, and a chosen one that fails makes nobody (B5).
 */
export async function identify(
	services: Services,
	request: { url: URL; headers: Headers; cookies: Cookies }
): Promise<Identity> {
	const { url, headers, cookies } = request;
	const grantId = namedGrant(url, headers);
	if (grantId === 'invalid') return none;
	if (grantId !== null) {
		const value = cookies.get(grantCookieName(grantId, url.protocol === 'https:'));
		const actor = await actorOfGrantCookie(services, grantId, value);
		return actor ? { actor, session: null } : none;
	}
	const authorization = headers.get('authorization');
	if (authorization !== null) {
		const actor = await actorOfBearer(services, authorization);
		return actor ? { actor, session: null } : none;
	}
	const value = readSessionCookie(cookies, url);
	return (value && (await actorOfSession(services, value))) || none;
}
