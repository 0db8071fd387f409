import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '$lib/errors.ts';
import { guardedLookup, isAddressAllowed } from './address-guard.ts';
import type { ByteFilter } from '../byte-filter.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** Milliseconds and counts of rule D6. */
export interface HttpLimits {
	connectMs: number;
	firstByteMs: number;
	idleMs: number;
	sockets: number;
}

export const defaultHttpLimits: HttpLimits = {
	connectMs: 2000,
	firstByteMs: 10_000,
	idleMs: 15_000,
	sockets: 16
};

/** A compressed answer may not grow more than this over what came in, beyond the first MiB. */
const mostRatio = 200;

export interface HttpRequest {
	method?: 'GET' | 'POST';
	/** From the base; already made of checked parts. */
	path: string;
	accept: string;
	contentType?: string;
	body?: readonly Uint8Array[];
	/** Of the answer's body, after decompression. */
	maxBytes: number;
	signal?: AbortSignal | undefined;
	/** What an answer's bytes pass on their way, chosen by its head. */
	through?: (head: AnswerHead) => ByteFilter | null;
	/** A 500 says that this cannot be done, not that the archive is away: it is an answer. */
	errorsAreAnswers?: boolean;
}

export interface AnswerHead {
	status: number;
	/** As sent: a boundary's letters count. */
	contentType: string;
}

export interface HttpAnswer extends AnswerHead {
	contentLength: number | null;
	/** Ends with an error, never early: cut off, too long, idle or aborted. */
	body: Readable;
}

export interface HttpClientOptions {
	/** `https://pacs.example/dicom-web`; without a slash at its end. */
	baseUrl: string;
	authorization: string | null;
	/** The host is named in the environment, so it may be in a private network (D4). */
	innerAllowed: boolean;
	breaker: CircuitBreaker;
	limits?: Partial<HttpLimits>;
}

const unavailable = (detail: string, cause?: unknown) =>
	new DomainError('archive_unavailable', detail, { cause });
const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);

/** Requests to one archive: bounded in time, size and sockets, no redirects, behind a breaker. */
export class ArchiveHttp {
	readonly #base: URL;
	readonly #options: HttpClientOptions;
	readonly #limits: HttpLimits;
	readonly #agent: http.Agent;
	readonly #allowed: boolean;

	constructor(options: HttpClientOptions) {
		this.#base = new URL(options.baseUrl);
		this.#options = options;
		this.#limits = { ...defaultHttpLimits, ...options.limits };
		const agentOptions = {
			keepAlive: true,
			maxSockets: this.#limits.sockets,
			maxFreeSockets: 4,
			lookup: guardedLookup(options.innerAllowed)
		};
		const host = this.#base.hostname.replace(/^\[|\]$/g, '');
		// A name is checked when it is looked up, an address is none.
		this.#allowed = !isIP(host) || isAddressAllowed(host, options.innerAllowed);
		this.#agent =
			this.#base.protocol === 'https:'
				? new https.Agent(agentOptions)
				: new http.Agent(agentOptions);
	}

	close(): void {
		this.#agent.destroy();
	}

	/**
	 * The answer's status and body, for statuses that say something about what was asked.
	 * @throws DomainError `archive_unavailable` when it cannot be reached, is too slow, refuses our
	 * credentials or fails; `archive_answer_wrong` for redirects and answers over the limit.
	 */
	async send(request: HttpRequest): Promise<HttpAnswer> {
		request.signal?.throwIfAborted();
		const passage = this.#options.breaker.enter();
		try {
			const answer = await this.#retryingStaleSocket(request);
			const { status } = answer;
			if (status >= 300 && status < 400) {
				throw wrong('The archive answered with a redirect; those are not followed.');
			}
			const failing = status >= 500 && !(status === 500 && request.errorsAreAnswers);
			if (failing || status === 429 || status === 401 || status === 403) {
				answer.body.destroy();
				passage.failed();
				throw unavailable(
					status === 401 || status === 403
						? 'The image archive refuses our credentials.'
						: `The image archive answered ${status}.`
				);
			}
			passage.answered();
			// A body that breaks off counts too, although the caller has the answer by then.
			answer.body.once('error', () => {
				if (!request.signal?.aborted) passage.failed();
			});
			answer.body.once('end', passage.succeeded);
			return answer;
		} catch (e) {
			if (
				request.signal?.aborted ||
				(e instanceof DomainError && e.code !== 'archive_unavailable')
			) {
				passage.succeeded();
			} else passage.failed();
			throw e;
		}
	}

	async #retryingStaleSocket(request: HttpRequest): Promise<HttpAnswer> {
		try {
			return await this.#once(request);
		} catch (e) {
			// The server closed a kept socket in the same moment: the request never began.
			const stale = e instanceof DomainError && e.cause instanceof StaleSocket;
			if (!stale || request.method === 'POST') throw e;
			return await this.#once(request);
		}
	}

	#once(request: HttpRequest): Promise<HttpAnswer> {
		const { connectMs, firstByteMs, idleMs } = this.#limits;
		const url = new URL(this.#base.href.replace(/\/$/, '') + request.path);
		if (url.origin !== this.#base.origin) throw wrong('The address is not of this archive.');
		if (!this.#allowed) {
			throw unavailable('The address of the image archive is not allowed.');
		}
		const body = request.body ?? [];
		const length = body.reduce((sum, part) => sum + part.length, 0);

		return new Promise((done, fail) => {
			const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
				method: request.method ?? 'GET',
				agent: this.#agent,
				headers: {
					accept: request.accept,
					'accept-encoding': 'identity',
					...(this.#options.authorization ? { authorization: this.#options.authorization } : {}),
					...(request.contentType
						? { 'content-type': request.contentType, 'content-length': length }
						: {})
				}
			});
			const { signal } = request;
			const cut = () => outgoing.destroy(signal?.reason as Error);
			signal?.addEventListener('abort', cut, { once: true });
			outgoing.once('close', () => signal?.removeEventListener('abort', cut));
			let timer: NodeJS.Timeout | undefined;
			const within = (ms: number, what: string) => {
				clearTimeout(timer);
				timer = setTimeout(() => outgoing.destroy(unavailable(what)), ms);
			};
			const slow = 'The image archive does not answer in time.';
			outgoing.once('socket', (socket) => {
				if (!socket.connecting) return;
				within(connectMs, 'The image archive cannot be reached.');
				socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
					within(length ? idleMs : firstByteMs, slow)
				);
			});
			// While bytes go out the socket may be slow, not silent; the answer is due after the last.
			if (length) outgoing.setTimeout(idleMs, () => outgoing.destroy(unavailable(slow)));
			outgoing.once('finish', () => {
				if (!outgoing.socket?.connecting) within(firstByteMs, slow);
				else outgoing.socket.once('connect', () => within(firstByteMs, slow));
			});
			outgoing.once('error', (e: Error & { code?: string }) => {
				clearTimeout(timer);
				if (request.signal?.aborted || e instanceof DomainError) return fail(e);
				const stale = outgoing.reusedSocket && e.code === 'ECONNRESET';
				fail(unavailable('The image archive cannot be reached.', stale ? new StaleSocket() : e));
			});
			outgoing.once('response', (incoming) => {
				clearTimeout(timer);
				if (length) outgoing.setTimeout(0);
				try {
					done(this.#answer(incoming, request));
				} catch (e) {
					incoming.destroy();
					fail(e as Error);
				}
			});
			for (const part of body) outgoing.write(part);
			outgoing.end();
		});
	}

	#answer(incoming: http.IncomingMessage, request: HttpRequest): HttpAnswer {
		const claimed = Number(incoming.headers['content-length'] ?? NaN);
		if (claimed > request.maxBytes)
			throw wrong('The archive’s answer is larger than what is taken.');
		const encoding = incoming.headers['content-encoding'] ?? 'identity';
		if (encoding !== 'identity' && encoding !== 'gzip') {
			throw wrong('The archive’s answer is compressed in a way that was not asked for.');
		}
		const head: AnswerHead = {
			status: incoming.statusCode ?? 0,
			contentType: incoming.headers['content-type'] ?? ''
		};
		return {
			...head,
			contentLength: encoding === 'identity' && Number.isFinite(claimed) ? claimed : null,
			body: bounded(incoming, {
				gzip: encoding === 'gzip',
				maxBytes: request.maxBytes,
				idleMs: this.#limits.idleMs,
				filter: request.through?.(head) ?? null
			})
		};
	}
}

class StaleSocket extends Error {}

interface Bounds {
	gzip: boolean;
	maxBytes: number;
	idleMs: number;
	filter: ByteFilter | null;
}

/** The body with its limits: silence, size, and how much a compressed one may grow. */
function bounded(incoming: http.IncomingMessage, bounds: Bounds): Readable {
	const { gzip, maxBytes, idleMs, filter } = bounds;
	let received = 0;
	let given = 0;
	const gunzip = gzip ? createGunzip() : null;
	const source = gunzip ? incoming.pipe(gunzip) : incoming;
	const silent = () =>
		incoming.destroy(unavailable('The image archive stopped in the middle of its answer.'));
	let timer: NodeJS.Timeout | undefined = setTimeout(silent, idleMs);
	const body = new Readable({
		// As much as the archive's socket gives at once.
		highWaterMark: 256 * 1024,
		read: () => source.resume(),
		destroy(error, done) {
			clearTimeout(timer);
			if (!incoming.readableEnded) incoming.destroy();
			gunzip?.destroy();
			done(error);
		}
	});
	// Whoever reads is told by the reading; a body that nobody reads yet must not end the process.
	body.on('error', () => {});
	const stop = (e: Error & { code?: string }) => {
		const known = e instanceof DomainError || e.name === 'AbortError';
		body.destroy(
			known ? e : unavailable('The image archive stopped in the middle of its answer.', e)
		);
	};
	const attempt = (work: () => void) => {
		try {
			work();
		} catch (e) {
			body.destroy(e as Error);
		}
	};
	const give = (bytes: Buffer | null) => {
		if (bytes?.length && !body.push(bytes)) source.pause();
	};
	incoming.on('data', (chunk: Buffer) => {
		received += chunk.length;
		if (timer) timer.refresh();
		else if (!incoming.isPaused()) timer = setTimeout(silent, idleMs);
	});
	const still = () => {
		clearTimeout(timer);
		timer = undefined;
	};
	// Silence of the archive is meant, not of a caller who reads slowly.
	incoming.on('pause', still);
	incoming.on('resume', () => {
		still();
		if (!body.destroyed) timer = setTimeout(silent, idleMs);
	});
	incoming.once('end', still);
	incoming.once('error', stop);
	incoming.once('aborted', () => stop(new Error('aborted')));
	gunzip?.once('error', stop);
	source.on('data', (chunk: Buffer) =>
		attempt(() => {
			if (body.destroyed) return;
			given += chunk.length;
			const grown = gzip && given > 1024 * 1024 && given > received * mostRatio;
			if (given > maxBytes || grown) {
				throw wrong('The archive’s answer is larger than what is taken.');
			}
			give(filter ? filter.push(chunk) : chunk);
		})
	);
	source.once('end', () =>
		attempt(() => {
			give(filter?.end() ?? null);
			body.push(null);
		})
	);
	return body;
}

/** The whole body, as it came. */
export function readChunks(body: Readable): Promise<Buffer[]> {
	return new Promise((done, fail) => {
		const chunks: Buffer[] = [];
		const broken = () => fail(body.errored ?? unavailable('The answer was broken off.'));
		if (body.destroyed) return broken();
		body.on('data', (chunk: Buffer) => chunks.push(chunk));
		body.once('end', () => done(chunks));
		body.once('error', fail);
		body.once('close', () => {
			if (!body.readableEnded) broken();
		});
	});
}

/** The whole body in one piece. */
export const readAll = async (body: Readable): Promise<Buffer> =>
	Buffer.concat(await readChunks(body));
