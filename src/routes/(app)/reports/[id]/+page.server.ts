import { createCaller } from '$lib/server/trpc/router.ts';
import { createContext } from '$lib/server/trpc/context.ts';
import { page } from '$lib/server/hooks/door.ts';
import type { ReportId } from '$lib/ids.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	page(event, async () => ({
		report: await createCaller(createContext(event)).reports.get({
			reportId: event.params.id as ReportId
		})
	}));
