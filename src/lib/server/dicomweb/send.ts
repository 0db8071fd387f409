import type { ServerResponse } from 'node:http';
import type { DoorAnswer } from './answer.ts';
import type { Flow } from './flow.ts';
import type { Pieces, Through } from './pieces.ts';

/** Sends an answer through Node's own response, chunk by chunk as the archive gives and the client takes. */
export async function sendAnswer(answer: DoorAnswer, response: ServerResponse): Promise<void> {
	const { status, headers, body, flow } = answer;
	if (flow) {
		// Cut, not ended: an early end would look like the whole (D7). What waits in buffers for a
		// slow client is cut as well, so it is over when the last byte has left, not when it was made.
		const cut = () => void response.destroy();
		if (flow.signal.aborted) return cut();
		flow.signal.addEventListener('abort', cut, { once: true });
		response.once('close', () => {
			flow.signal.removeEventListener('abort', cut);
			if (response.writableFinished) flow.done();
			else flow.end(new Error('the client left'));
		});
	}
	if (body === null || Array.isArray(body)) {
		const length = body && { 'content-length': body.reduce((sum, part) => sum + part.length, 0) };
		response.writeHead(status, { ...headers, ...length });
		// All in one go, without joining them first.
		response.cork();
		for (const part of body ?? []) response.write(part);
		response.end();
		response.uncork();
		return;
	}
	if (!flow) throw new Error('a stream without what cuts it');
	response.writeHead(status, headers);
	await sendPieces(body, flow, response);
}

async function sendPieces({ list }: Pieces, flow: Flow, response: ServerResponse): Promise<void> {
	try {
		for await (const piece of list) {
			if (flow.signal.aborted) break;
			if (!Buffer.isBuffer(piece)) await pour(piece, response, flow.signal);
			else if (!response.write(piece)) await drained(response, flow.signal);
		}
		if (!flow.signal.aborted) response.end();
	} catch (error) {
		flow.end(error instanceof Error ? error : new Error('the archive failed'));
		response.destroy();
	}
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
	return new Promise((go) => {
		const on = () => {
			response.off('drain', on);
			signal.removeEventListener('abort', on);
			go();
		};
		response.on('drain', on);
		signal.addEventListener('abort', on, { once: true });
	});
}

/** One stream into the response. Nothing is read ahead of what the client takes. */
function pour(
	{ source, filter }: Through,
	response: ServerResponse,
	signal: AbortSignal
): Promise<void> {
	return new Promise((done, fail) => {
		const resume = () => source.resume();
		const cut = () => settle(signal.reason);
		const settle = (error?: unknown) => {
			response.off('drain', resume);
			signal.removeEventListener('abort', cut);
			if (error === undefined) return done();
			source.destroy(error instanceof Error ? error : undefined);
			fail(error);
		};
		const give = (bytes: Buffer | null) => {
			if (bytes && !response.write(bytes)) source.pause();
		};
		const attempt = (work: () => void) => {
			try {
				work();
			} catch (error) {
				settle(error);
			}
		};
		source.on('error', settle);
		source.on('close', () => {
			if (!source.readableEnded) settle(source.errored ?? new Error('the archive broke off'));
		});
		response.on('drain', resume);
		if (signal.aborted) return cut();
		if (source.destroyed) return settle(source.errored ?? new Error('the archive broke off'));
		signal.addEventListener('abort', cut, { once: true });
		source.on('data', (chunk: Buffer) => attempt(() => give(filter ? filter.push(chunk) : chunk)));
		source.on('end', () =>
			attempt(() => {
				give(filter?.end() ?? null);
				settle();
			})
		);
	});
}

/** The same for a framework that wants a web response. */
export function toResponse({ status, headers, body, flow }: DoorAnswer): Response {
	if (body === null || Array.isArray(body)) {
		flow?.done();
		const whole = body && new Uint8Array(Buffer.concat(body));
		return new Response(whole, { status, headers });
	}
	if (!flow) throw new Error('a stream without what cuts it');
	return new Response(webStream(flow, chunksOf(body, flow)), { status, headers });
}

async function* chunksOf({ list }: Pieces, flow: Flow): AsyncGenerator<Uint8Array> {
	for await (const piece of list) {
		if (Buffer.isBuffer(piece)) {
			yield piece;
			continue;
		}
		const { source, filter } = piece;
		const cut = () => source.destroy(flow.signal.reason as Error);
		if (flow.signal.aborted) cut();
		flow.signal.addEventListener('abort', cut, { once: true });
		try {
			for await (const chunk of source) {
				const bytes = filter ? filter.push(chunk as Buffer) : (chunk as Buffer);
				if (bytes) yield bytes;
			}
			const rest = filter?.end();
			if (rest) yield rest;
		} finally {
			flow.signal.removeEventListener('abort', cut);
			source.destroy();
		}
	}
}

function webStream(flow: Flow, chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			start(stream) {
				flow.signal.addEventListener('abort', () => {
					try {
						stream.error(flow.signal.reason);
					} catch {
						// It had ended already.
					}
					void chunks.return(undefined).catch(() => {});
				});
			},
			async pull(stream) {
				try {
					const { done, value } = await chunks.next();
					if (flow.signal.aborted) return;
					if (!done) return stream.enqueue(value);
					flow.done();
					stream.close();
				} catch (error) {
					if (!flow.signal.aborted) stream.error(error);
					flow.end(error instanceof Error ? error : new Error('the archive failed'));
				}
			},
			cancel: () => flow.end(new Error('the client left'))
		},
		// Nothing is read ahead of what the client takes.
		{ highWaterMark: 0 }
	);
}
