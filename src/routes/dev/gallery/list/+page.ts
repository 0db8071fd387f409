import { error } from '@sveltejs/kit';
import { dev } from '$app/environment';

/** Every component and screen on made-up data, for those who draw them; absent in production (P4). */
export const load = () => {
	if (!dev) error(404);
};
