import type { GrantActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';

/** The holder of exactly this link; everybody else is told that there is nothing here. */
export function visitorOf(locals: App.Locals, id: string | undefined): GrantActor {
	const { actor } = locals;
	if (actor.kind !== 'grant' || actor.grantId !== id) throw new DomainError('not_found');
	return actor;
}

/** What every answer under `/s/` says to caches, crawlers and the next page (C8). */
export const shareHeaders = {
	'cache-control': 'no-store',
	'referrer-policy': 'no-referrer',
	'x-robots-tag': 'noindex, nofollow, noarchive'
} as const;
