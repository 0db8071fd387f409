import { redirect } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

/** Who is here: staff of one practice. Patients have their own door, everybody else signs in. */
export const load: LayoutServerLoad = ({ locals, url }) => {
	const { actor, practice, session } = locals;
	if (actor.kind !== 'user' || !practice || !session) {
		redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname + url.search)}`);
	}
	if (actor.roles.every((role) => role === 'patient')) redirect(303, '/my');
	return {
		me: { userId: actor.userId, name: actor.name, roles: [...actor.roles] },
		practice: { name: practice.name, timeZone: practice.timeZone },
		idleUntil: session.expiresAt,
		absoluteUntil: session.absoluteExpiresAt
	};
};
