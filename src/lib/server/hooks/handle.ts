import { randomUUID } from 'node:crypto';
import type { Handle, HandleServerError } from '@sveltejs/kit';
import { building } from '$app/environment';
import { DomainError } from '$lib/errors.ts';
import { loadPractice } from '../auth/practice.ts';
import { touchSession } from '../auth/sessions.ts';
import { errorResponse, publicError } from '../error-table.ts';
import { deviceOf, inRequest } from '../request-context.ts';
import { running } from '../start.ts';
import { isActivity } from './activity.ts';
import { bodyLimitOf, limitBody } from './body-limit.ts';
import { resolveDocument } from './document.ts';
import { identify } from './identify.ts';
import { crossSiteFault } from './same-origin.ts';
import { setSecurityHeaders } from './security-headers.ts';

/** Every request passes here: where from, who, may it change anything, how large. */
export const handle: Handle = async ({ event, resolve }) => {
	// Pages that are written at build time: nobody asks, and nothing is open yet.
	if (building) return resolveDocument({ event, resolve });
	const { services } = await running();
	const { request, url, locals } = event;
	const context = {
		requestId: randomUUID().slice(0, 8),
		address: event.getClientAddress(),
		device: deviceOf(request.headers.get('user-agent')),
		origin: url.origin
	};
	return inRequest(context, async () => {
		const answer = await (async () => {
			try {
				const hasToken = request.headers.has('authorization');
				if (crossSiteFault(request, url, hasToken)) throw new DomainError('not_allowed');
				event.request = limitBody(request, bodyLimitOf(url.pathname));
				const { actor, session } = await identify(services, {
					url,
					headers: request.headers,
					cookies: event.cookies
				});
				const practice =
					actor.kind === 'nobody' ? null : await loadPractice(services.db, actor.practiceId);
				Object.assign(locals, {
					services,
					actor,
					practice,
					session,
					requestId: context.requestId
				} satisfies App.Locals);
				if (actor.kind === 'user' && practice && isActivity(request)) {
					const { idleMinutes } = practice.settings.sessions;
					await touchSession(services.db, services, actor.sessionId, idleMinutes);
				}
				return await resolveDocument({ event, resolve });
			} catch (e) {
				if (!(e instanceof DomainError)) throw e;
				return errorResponse(e);
			}
		})();
		setSecurityHeaders(answer.headers, url);
		return answer;
	});
};

/** What was not foreseen: an id for the user, the explanation for the log (F4). */
export const handleError: HandleServerError = async ({ error, event, status, message }) => {
	if (status < 500) return { message };
	if (building) return { message };
	const { services } = await running();
	const { requestId } = event.locals;
	services.log.error({ err: error, requestId, route: event.route.id }, 'unexpected');
	return { message: publicError(error).message, code: 'internal', id: requestId };
};
