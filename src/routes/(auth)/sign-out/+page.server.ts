import { redirect } from '@sveltejs/kit';
import { clearSessionCookie } from '$lib/server/auth/cookies.ts';
import { signOut } from '$lib/server/auth/sign-out.ts';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async ({ locals, cookies, url }) => {
		if (locals.actor.kind === 'user') await signOut(locals.services, locals.actor);
		clearSessionCookie(cookies, url);
		redirect(303, '/sign-in');
	}
};
