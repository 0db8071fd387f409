import { error } from '@sveltejs/kit';
import { dev } from '$app/environment';

export const ssr = false;

/** The viewer on files of the test corpus, for those who work on it; absent in production (P4). */
export const load = ({ url }) => {
	if (!dev) error(404);
	return {
		set: url.searchParams.get('set') ?? 'synthetic~tte-20260312',
		prior: url.searchParams.get('prior'),
		keyLoop: url.searchParams.has('key-loop')
	};
};
