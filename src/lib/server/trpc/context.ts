import type { RequestEvent } from '@sveltejs/kit';
import type { Actor } from '$lib/access/actor.ts';
import type { Practice } from '../auth/practice.ts';
import type { Session } from '../auth/sessions.ts';
import type { Services } from '../services.ts';

export interface Context {
	services: Services;
	actor: Actor;
	/** The practice in which the actor acts; null for nobody. */
	practice: Practice | null;
	/** Of a person who is signed in. */
	session: Session | null;
	/** What only a request over HTTP has; absent where a test or a page calls directly. */
	event: RequestEvent | null;
}

/** The inner half: everything a procedure needs, handed over. Tests call this. */
export function createInnerContext(
	parts: Pick<Context, 'services' | 'actor'> & Partial<Context>
): Context {
	return { practice: null, session: null, event: null, ...parts };
}

/** The outer half: reads the request. */
export function createContext(event: RequestEvent): Context {
	const { services, actor, practice, session } = event.locals;
	return createInnerContext({ services, actor, practice, session, event });
}
