import type { ServerInit } from '@sveltejs/kit';
import { building } from '$app/environment';
import { handOver } from '$lib/server/hooks/hand-over.ts';

export { handle, handleError } from '$lib/server/hooks/handle.ts';

/** Runs during the build as well, where there is nothing to open. */
export const init: ServerInit = async () => {
	if (!building) await handOver();
};
