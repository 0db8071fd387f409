import { eq } from 'drizzle-orm';
import type { GrantActor } from '$lib/access/actor.ts';
import { openThings } from '../access-registry.ts';
import { grantSessions } from '../db/schema/grants.ts';
import type { Services } from '../services.ts';

/** Also what another process revoked, or what ran out, is noticed this soon. */
const lookEveryMs = 1500;

/**
 * An event stream that says `open` once, then nothing, and `ended` when the link was revoked, paused
 * or ran out. The page covers itself at that word or when the stream breaks.
 */
export function liveUntilCut(
	services: Services,
	actor: GrantActor,
	signal: AbortSignal
): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	let stop = () => {};
	return new ReadableStream({
		start(controller) {
			controller.enqueue(encoder.encode('event: open\ndata: 1\n\n'));
			const say = (text: string) => {
				try {
					controller.enqueue(encoder.encode(text));
				} catch {
					// The visitor left, or the link was cut, while we looked.
					stop();
				}
			};
			const end = () => {
				stop();
				say('event: ended\ndata: 1\n\n');
				try {
					controller.close();
				} catch {
					// Closed already.
				}
			};
			const forget = openThings.add({
				keys: [`grant:${actor.grantId}`, `session:${actor.sessionId}`],
				close: end
			});
			const timer = setInterval(() => {
				void stillOpen(services, actor).then(
					(open) => {
						if (!open) end();
						else say(': still open\n\n');
					},
					() => end()
				);
			}, lookEveryMs);
			stop = () => {
				clearInterval(timer);
				forget();
			};
			signal.addEventListener('abort', stop);
		},
		cancel: () => stop()
	});
}

async function stillOpen({ db, clock }: Services, actor: GrantActor): Promise<boolean> {
	const [session] = await db
		.select()
		.from(grantSessions)
		.where(eq(grantSessions.id, actor.sessionId));
	const now = clock();
	return session !== undefined && now < session.expiresAt && now < session.absoluteExpiresAt;
}
