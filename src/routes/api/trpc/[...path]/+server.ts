import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createContext } from '$lib/server/trpc/context.ts';
import { appRouter } from '$lib/server/trpc/router.ts';
import type { RequestHandler } from './$types';

const handle: RequestHandler = async (event) => {
	const headers = new Headers();
	const answer = await fetchRequestHandler({
		endpoint: '/api/trpc',
		req: event.request,
		router: appRouter,
		createContext: () => createContext(event, headers)
	});
	for (const [name, value] of headers) answer.headers.append(name, value);
	return answer;
};

export const GET = handle;
export const POST = handle;
