import { can } from '$lib/access/policy.ts';
import { DomainError } from '$lib/errors.ts';
import { page } from '$lib/server/hooks/door.ts';
import type { PageServerLoad } from './$types';

/** What this person may do with the list; the rows come over tRPC. */
export const load: PageServerLoad = (event) =>
	page(event, async () => {
		const { actor } = event.locals;
		if (actor.kind !== 'user') throw new DomainError('not_signed_in');
		const { practiceId } = actor;
		return {
			mayUpload: can(actor, 'study.upload', { practiceId }),
			mayAssign: can(actor, 'study.assign', { practiceId }),
			/** Only readers can have a study. */
			mayClaim: actor.roles.some((role) => role === 'physician' || role === 'fellow'),
			maySeePresence: can(actor, 'report.see-presence', { practiceId })
		};
	});
