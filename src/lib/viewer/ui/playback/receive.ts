import { takeAhead } from './ahead.ts';

/** Why an instance did not arrive. */
export type NotReceived = 'not-found' | 'not-allowed' | 'unavailable' | 'too-large';

export class ReceiveError extends Error {
	readonly reason: NotReceived;
	constructor(reason: NotReceived) {
		super(reason);
		this.name = 'ReceiveError';
		this.reason = reason;
	}
}

/** A clip beyond this does not fit beside others; the archive's own viewer has to show it. */
const mostBytes = 1024 * 1024 * 1024;

interface Options {
	signal: AbortSignal;
	/** Bytes so far, and of how many where the server says. */
	onProgress: (received: number, total: number | null) => void;
}

/**
 * The whole instance in one request, as it is stored. `*` for the transfer syntax: re-coding would
 * cost time and, for lossy clips, quality.
 */
export async function receiveInstance(url: string, options: Options): Promise<Uint8Array> {
	const ahead = await takeAhead(url);
	if (ahead && !options.signal.aborted) {
		options.onProgress(ahead.length, ahead.length);
		return ahead;
	}
	const response = await fetch(url, {
		headers: { accept: 'application/dicom; transfer-syntax=*' },
		signal: options.signal
	}).catch((cause: unknown) => {
		if (options.signal.aborted) throw cause;
		throw new ReceiveError('unavailable');
	});
	if (!response.ok || !response.body) throw new ReceiveError(reasonOf(response.status));
	const announced = Number(response.headers.get('content-length')) || null;
	if ((announced ?? 0) > mostBytes) throw new ReceiveError('too-large');
	return collect(response.body, announced, options);
}

async function collect(
	body: ReadableStream<Uint8Array>,
	announced: number | null,
	{ signal, onProgress }: Options
): Promise<Uint8Array> {
	const reader = body.getReader();
	const parts: Uint8Array[] = [];
	let received = 0;
	onProgress(0, announced);
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			parts.push(value);
			received += value.length;
			if (received > mostBytes) throw new ReceiveError('too-large');
			onProgress(received, announced);
		}
	} catch (cause) {
		if (signal.aborted || cause instanceof ReceiveError) throw cause;
		throw new ReceiveError('unavailable');
	}
	const whole = new Uint8Array(received);
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

function reasonOf(status: number): NotReceived {
	if (status === 404 || status === 410) return 'not-found';
	if (status === 401 || status === 403) return 'not-allowed';
	return 'unavailable';
}
