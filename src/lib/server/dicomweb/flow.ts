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
	/**
	 * Judges again and again, as whoever asks by then, until the last byte has left: a release that
	 * is withdrawn, a study that becomes another patient's and what another process changed end it.
	 */
	watch(judge: (actor: Actor) => Promise<unknown>): void;
	/** All of it went out; it can no longer be cut. */
	done(): void;
	/** Lets go of everything; `signal` says why. Harmless after the end. */
	end(reason: Error): void;
}

/** Cuts are due within 2 s (C5), and a fact may be a second old when it is judged by. */
const lookEveryMs = 500;
const watched = new Set<() => void>();
let timer: NodeJS.Timeout | undefined;

export function openFlow(
	request: { signal: AbortSignal },
	actor: Actor,
	identify: () => Promise<Actor>
): Flow {
	const controller = new AbortController();
	let release = () => {};
	let look = () => {};
	let over = false;
	const letGo = () => {
		over = true;
		release();
		watched.delete(look);
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
	const watch = (judge: (actor: Actor) => Promise<unknown>) => {
		if (over) return;
		let looking = false;
		look = () => {
			// A slow database must not pile up looks.
			if (looking) return;
			looking = true;
			void identify()
				.then(judge)
				.catch(() => end(new DomainError('not_found')))
				.finally(() => {
					looking = false;
				});
		};
		watched.add(look);
		timer ??= setInterval(() => watched.forEach((each) => each()), lookEveryMs).unref();
	};
	return { signal: controller.signal, watch, done: () => over || letGo(), end };
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
