import { redirect } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

/** Whose record: only people with the role patient; everybody else signs in first. */
export const load: LayoutServerLoad = ({ locals, url }) => {
	const { actor } = locals;
	if (actor.kind !== 'user') redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname)}`);
	if (!actor.roles.includes('patient')) redirect(303, '/');
	return { name: actor.name };
};
