import type { Readable } from 'node:stream';
import type { Actor } from '$lib/access/actor.ts';
import { openThings, type AccessKey } from '../access-registry.ts';

/**
 * A body on its way out. It ends early when the client leaves, when the actor's session or link ends
 * (A5, C5) and when the archive fails; then the connection breaks, so that nobody takes what came
 * for the whole (D7).
 */
export interface Flow {
	/** Hand it to every call to an archive. */
	signal: AbortSignal;
	/** Lets go of what was opened when nothing is sent after all. */
	abandon(): void;
	/** The chunks as a response body. */
	body(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array>;
}

export function openFlow(request: Request, actor: Actor): Flow {
	const controller = new AbortController();
	let release = () => {};
	const end = (reason: Error) => {
		release();
		request.signal.removeEventListener('abort', onLeave);
		controller.abort(reason);
	};
	const onLeave = () => end(new Error('the client left'));
	if (request.signal.aborted) onLeave();
	else request.signal.addEventListener('abort', onLeave, { once: true });
	release = openThings.add({
		keys: keysOf(actor),
		close: () => end(new Error('access ended'))
	});

	return {
		signal: controller.signal,
		abandon: () => end(new Error('nothing to send')),
		body(chunks) {
			return new ReadableStream<Uint8Array>(
				{
					start(stream) {
						controller.signal.addEventListener('abort', () => {
							try {
								stream.error(controller.signal.reason);
							} catch {
								// It had ended already.
							}
							void chunks.return(undefined).catch(() => {});
						});
					},
					async pull(stream) {
						try {
							const { done, value } = await chunks.next();
							if (controller.signal.aborted) return;
							if (!done) return stream.enqueue(value);
							release();
							request.signal.removeEventListener('abort', onLeave);
							stream.close();
						} catch (error) {
							if (!controller.signal.aborted) stream.error(error);
							end(error instanceof Error ? error : new Error('the archive failed'));
						}
					},
					cancel: () => end(new Error('the client left'))
				},
				// Nothing is read ahead of what the client takes.
				{ highWaterMark: 0 }
			);
		}
	};
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

/** The chunks of an archive's body; `signal` cuts it off even while it is silent. */
export async function* chunksOf(body: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const cut = () => body.destroy(signal.reason instanceof Error ? signal.reason : undefined);
	if (signal.aborted) cut();
	signal.addEventListener('abort', cut);
	try {
		for await (const chunk of body) yield chunk as Uint8Array;
	} finally {
		signal.removeEventListener('abort', cut);
		body.destroy();
	}
}

const prefix = 132;

/** A Part 10 file whose preamble is 128 zeros, whatever the archive holds there (E3). */
export async function* withoutPreamble(
	chunks: AsyncGenerator<Uint8Array>
): AsyncGenerator<Uint8Array> {
	let head: Buffer | null = Buffer.alloc(0);
	for await (const chunk of chunks) {
		if (!head) {
			yield chunk;
			continue;
		}
		head = Buffer.concat([head, chunk]);
		if (head.length < prefix) continue;
		yield zeroed(head);
		head = null;
	}
	if (head?.length) yield zeroed(head);
}

function zeroed(head: Buffer): Buffer {
	if (head.toString('latin1', 128, prefix) === 'DICM') head.fill(0, 0, 128);
	return head;
}
