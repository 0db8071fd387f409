import type { PageServerLoad } from './$types';

/** The rule that stands now; the layout has judged who is here. */
export const load: PageServerLoad = ({ locals }) => ({
	releaseAfterHours: locals.practice?.settings.patientReleaseAfterHours ?? null
});
