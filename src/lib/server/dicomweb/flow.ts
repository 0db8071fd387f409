import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { openThings, type AccessKey } from '../access-registry.ts';

/**
 * A request that is being answered, from before it is judged until the last byte is gone. It ends
 * early when the client leaves, when the actor's session or link ends (A5, C5) and when the archive
 * fails; then the connection breaks, so that nobody takes what came for the whole (D7).
 */
export interface Flow {
	/** Hand it to every call to an archive; aborted when the flow ends early. */
	signal: AbortSignal;
	/** All of it went out; it can no longer be cut. */
	done(): void;
	/** Lets go of everything; `signal` says why. Harmless after the end. */
	end(reason: Error): void;
}

export function openFlow(request: { signal: AbortSignal }, actor: Actor): Flow {
	const controller = new AbortController();
	let release = () => {};
	let over = false;
	const letGo = () => {
		over = true;
		release();
		request.signal.removeEventListener('abort', onLeave);
	};
	const end = (reason: Error) => {
		if (over) return;
		letGo();
		controller.abort(reason);
	};
	const onLeave = () => end(new Error('the client left'));
	if (request.signal.aborted) onLeave();
	else {
		request.signal.addEventListener('abort', onLeave, { once: true });
		release = openThings.add({
			keys: keysOf(actor),
			close: () => end(new DomainError('not_signed_in'))
		});
	}
	return { signal: controller.signal, done: () => over || letGo(), end };
}

function keysOf(actor: Actor): AccessKey[] {
	switch (actor.kind) {
		case 'user':
			return [`user:${actor.userId}`, `session:${actor.sessionId}`];
		case 'grant':
			return [`grant:${actor.grantId}`, `session:${actor.sessionId}`];
		case 'token':
			return [`user:${actor.userId}`];
		default:
			return [];
	}
}
