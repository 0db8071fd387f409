import { page } from '$lib/server/hooks/door.ts';
import { createCaller } from '$lib/server/trpc/router.ts';
import { createContext } from '$lib/server/trpc/context.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	page(event, async () => ({ reports: await createCaller(createContext(event)).my.reports() }));
