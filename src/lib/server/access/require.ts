import type { Action } from '$lib/access/actions.ts';
import type { Actor } from '$lib/access/actor.ts';
import { can, couldEver } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';

/** A "no" of the policy, as opposed to a thing that does not exist. The door witnesses it (M1). */
export class Refusal extends DomainError {
	readonly action: Action;

	constructor(code: 'not_signed_in' | 'not_found' | 'not_allowed', action: Action) {
		super(code);
		this.action = action;
	}
}

/**
 * Passes when the policy says yes. A subject that was not found, or that this actor may not even
 * see, is `not_found`; `not_allowed` is only for those who see it and may not do this.
 */
export function requireRight(
	actor: Actor,
	action: Action,
	subject: Subject | null
): asserts subject is Subject {
	if (subject === null) {
		if (actor.kind === 'nobody') throw new Refusal('not_signed_in', action);
		throw new DomainError('not_found');
	}
	if (can(actor, action, subject)) return;
	if (can(actor, action, { ...subject, steppedUp: true })) {
		throw new DomainError('reauthentication_required');
	}
	if (actor.kind === 'nobody') throw new Refusal('not_signed_in', action);
	throw new Refusal(maySee(actor, subject) ? 'not_allowed' : 'not_found', action);
}

function maySee(actor: Actor, subject: Subject): boolean {
	const aboutRecord = subject.patientId !== undefined || subject.studyUid !== undefined;
	if (!aboutRecord) return actor.kind === 'user' && actor.practiceId === subject.practiceId;
	return can(actor, 'study.list', { ...subject, columnsOnly: true });
}

/** For a whole kind of thing, before any subject is known; lists then cut themselves to the rules. */
export function requireEver(actor: Actor, action: Action): void {
	if (couldEver(actor, action)) return;
	throw new Refusal(actor.kind === 'nobody' ? 'not_signed_in' : 'not_allowed', action);
}
