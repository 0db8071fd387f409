import type { Cookies, RequestEvent } from '@sveltejs/kit';
import type { Actor } from '$lib/access/actor.ts';
import { actorOfSession, bearerOf, nobody } from '../auth/actors.ts';
import { readSessionCookie } from '../auth/cookies.ts';
import { actorOfGrantCookie, grantCookieName, namedGrant } from '../auth/grant-cookie.ts';
import type { Session } from '../auth/sessions.ts';
import { RecentFacts } from '../access/recent-facts.ts';
import { hashSecret } from '../auth/secret.ts';
import type { Services } from '../services.ts';

export interface Identity {
	actor: Actor;
	/** Of a person who is signed in. */
	session: Session | null;
	/** When it ends by itself; null for nobody. */
	until: Date | null;
}

const none: Identity = { actor: nobody, session: null, until: null };

/**
 * Who asks, by exactly one credential. A named share link beats a token, a token beats a session;
 * what was not chosen is not looked at, and a chosen one that fails makes nobody (B5).
 */
export async function identify(
	services: Services,
	request: { url: URL; headers: Pick<Headers, 'get'>; cookies: Pick<Cookies, 'get'> }
): Promise<Identity> {
	const { url, headers, cookies } = request;
	const grantId = namedGrant(url, headers);
	if (grantId === 'invalid') return none;
	if (grantId !== null) {
		const value = cookies.get(grantCookieName(grantId, url.protocol === 'https:'));
		const found = await actorOfGrantCookie(services, grantId, value);
		return found ? { ...found, session: null } : none;
	}
	const authorization = headers.get('authorization');
	if (authorization !== null) {
		const found = await bearerOf(services, authorization);
		return found ? { ...found, session: null } : none;
	}
	const value = readSessionCookie(cookies, url);
	const found = value ? await actorOfSession(services, value) : null;
	if (!found) return none;
	const { expiresAt, absoluteExpiresAt } = found.session;
	return { ...found, until: expiresAt < absoluteExpiresAt ? expiresAt : absoluteExpiresAt };
}

const recent = new RecentFacts<Actor>();

/**
 * The same for doors that are asked many times a second: who it was a moment ago still is, as long
 * as nothing has changed. Not for what needs the session itself. Answers with the question, to be
 * asked again.
 */
export function recentIdentity(
	services: Services,
	request: Parameters<typeof identify>[1]
): () => Promise<Actor> {
	const { url, headers, cookies } = request;
	const grantId = namedGrant(url, headers);
	const secure = url.protocol === 'https:';
	const credential =
		grantId === null
			? // An empty header is a credential that fails, and not the same as none.
				[headers.get('authorization'), readSessionCookie(cookies, url)]
			: [grantId, cookies.get(grantCookieName(grantId, secure))];
	// Hashed, so that no secret is kept.
	const key = hashSecret(JSON.stringify([grantId === null, secure, ...credential]));
	const read = async () => {
		const { actor, until } = await identify(services, request);
		return { value: actor, until };
	};
	return () => recent.get(services, key, read);
}

/** Of a request that came through the framework, for what takes its time to answer. */
export const identityOfEvent = ({ locals, request, url, cookies }: RequestEvent) =>
	recentIdentity(locals.services, { url, headers: request.headers, cookies });
