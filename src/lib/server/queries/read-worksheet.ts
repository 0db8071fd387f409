import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { DomainError } from '$lib/errors.ts';
import { requireRight } from '../access/require.ts';
import type { Services } from '../services.ts';
import { worksheetsOf } from '../worksheets/practice-worksheets.ts';

/** A worksheet as the practice reads with it, whole. @throws DomainError `not_found`. */
export async function readWorksheet(services: Services, actor: UserActor, id: string) {
	const { practiceId } = actor;
	requireRight(actor, 'worksheet.read', { practiceId });
	const worksheets = await worksheetsOf(services, services.db, practiceId);
	const worksheet = await worksheets.resolve(id);
	if (!worksheet) throw new DomainError('not_found');
	return {
		worksheet,
		hash: services.worksheets.hashOf(worksheet),
		origin: worksheets.list().find((each) => each.id === id)?.origin ?? 'library',
		/** The doors of authoring ask for the role as well. */
		mayAuthor: actor.roles.includes('admin') && can(actor, 'worksheet.author', { practiceId })
	};
}
