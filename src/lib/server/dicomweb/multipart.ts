import { DomainError } from '$lib/errors.ts';

export interface Part {
	/** Names in lower case. */
	headers: Record<string, string>;
	bytes: Uint8Array;
}

export interface PartLimits {
	/** Of one part. */
	partBytes: number;
	parts: number;
	/** Of the whole body, as it comes in. */
	totalBytes: number;
}

const maxHeaderBytes = 16_384;
const crlf = [13, 10];

/**
 * The parts of a multipart body, one at a time as they come in, so that no more than one part is
 * held. Bytes are searched, never decoded. A boundary counts only after CRLF, so that a chance match
 * inside pixel data is not taken. Throws `invalid_input` for a body that ends early, `too_large`
 * past a limit: what was given before stands.
 */
export async function* readParts(
	body: AsyncIterable<Uint8Array>,
	boundary: string,
	limits: PartLimits
): AsyncGenerator<Part> {
	const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
	const source = new ByteSource(body, limits.totalBytes);
	// The first boundary may stand at the very start: pretend that a CRLF went before it.
	source.prepend(Buffer.from(crlf));
	await source.readUntil(delimiter, maxHeaderBytes);
	for (let count = 0; ; count++) {
		if (await isClosing(source)) return;
		if (count >= limits.parts)
			throw new DomainError('too_large', `More than ${limits.parts} parts.`);
		const headers = readHeaders(await source.readUntil(headerEnd, maxHeaderBytes));
		yield { headers, bytes: await source.readUntil(delimiter, limits.partBytes) };
	}
}

const headerEnd = Buffer.from('\r\n\r\n', 'latin1');

/** The parts of a body that is here already, without a copy: `bytes` are of its memory. */
export function* partsOf(body: Buffer, boundary: string, limits: PartLimits): Generator<Part> {
	const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
	const opensBody = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2));
	let at = opensBody ? delimiter.length - 2 : after(body, delimiter, 0);
	for (let count = 0; ; count++) {
		if (body[at] === 45 && body[at + 1] === 45) return;
		while (body[at] === 32 || body[at] === 9) at++;
		if (body[at] !== 13 || body[at + 1] !== 10) throw broken('a boundary line does not end');
		if (count >= limits.parts) {
			throw new DomainError('too_large', `More than ${limits.parts} parts.`);
		}
		const content = after(body, headerEnd, at);
		const end = body.indexOf(delimiter, content);
		if (end < 0) throw broken('it ends early');
		if (end - content > limits.partBytes) throw tooLarge(limits.partBytes);
		const headers = readHeaders(body.subarray(at, content - headerEnd.length));
		yield { headers, bytes: body.subarray(content, end) };
		at = end + delimiter.length;
	}
}

function after(body: Buffer, pattern: Buffer, from: number): number {
	const at = body.indexOf(pattern, from);
	if (at < 0) throw broken('it ends early');
	return at + pattern.length;
}

/** After a delimiter: `--` closes; else the line ends here (blanks are allowed before CRLF). */
async function isClosing(source: ByteSource): Promise<boolean> {
	const two = await source.peek(2);
	if (two[0] === 45 && two[1] === 45) return true;
	while ([32, 9].includes((await source.peek(1))[0] ?? -1)) source.skip(1);
	const end = await source.peek(2);
	if (end[0] !== 13 || end[1] !== 10) throw broken('a boundary line does not end');
	// Left in place: a part without headers has the blank line right here.
	return false;
}

export function readHeaders(bytes: Uint8Array): Record<string, string> {
	const headers: Record<string, string> = Object.create(null);
	const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
		.toString('latin1')
		.split('\r\n');
	for (const line of lines) {
		const colon = line.indexOf(':');
		if (colon > 0)
			headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
	}
	return headers;
}

const broken = (why: string) =>
	new DomainError('invalid_input', `The multipart body is broken: ${why}.`);

/** A stream of chunks that can be looked into and cut at a byte pattern. */
class ByteSource {
	readonly #chunks: AsyncIterator<Uint8Array>;
	readonly #totalBytes: number;
	#held: Buffer = Buffer.alloc(0);
	#total = 0;
	#ended = false;

	constructor(body: AsyncIterable<Uint8Array>, totalBytes: number) {
		this.#chunks = body[Symbol.asyncIterator]();
		this.#totalBytes = totalBytes;
	}

	prepend(bytes: Buffer): void {
		this.#held = Buffer.concat([bytes, this.#held]);
	}

	skip(count: number): void {
		this.#held = this.#held.subarray(count);
	}

	async peek(count: number): Promise<Buffer> {
		while (this.#held.length < count) {
			const chunk = await this.#pull();
			if (!chunk) throw broken('it ends early');
			this.#held = Buffer.concat([this.#held, chunk]);
		}
		return this.#held.subarray(0, count);
	}

	/** Everything before `pattern`, which is taken off. The answer owns its memory. */
	async readUntil(pattern: Buffer, limit: number): Promise<Uint8Array> {
		const kept: Buffer[] = [];
		let length = 0;
		for (;;) {
			const at = this.#held.indexOf(pattern);
			if (at >= 0) {
				if (length + at > limit) throw tooLarge(limit);
				kept.push(this.#held.subarray(0, at));
				this.skip(at + pattern.length);
				return joined(kept, length + at);
			}
			// All but what may be the beginning of the pattern is settled.
			const settled = Math.max(0, this.#held.length - (pattern.length - 1));
			if (settled > 0) {
				kept.push(this.#held.subarray(0, settled));
				length += settled;
				this.skip(settled);
				if (length > limit) throw tooLarge(limit);
			}
			const chunk = await this.#pull();
			if (!chunk) throw broken('it ends early');
			this.#held = this.#held.length ? Buffer.concat([this.#held, chunk]) : chunk;
		}
	}

	async #pull(): Promise<Buffer | null> {
		if (this.#ended) return null;
		const { done, value } = await this.#chunks.next();
		if (done) {
			this.#ended = true;
			return null;
		}
		this.#total += value.byteLength;
		if (this.#total > this.#totalBytes) throw tooLarge(this.#totalBytes);
		return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	}
}

function joined(chunks: Buffer[], length: number): Uint8Array {
	const all = new Uint8Array(length);
	let offset = 0;
	for (const chunk of chunks) {
		all.set(chunk, offset);
		offset += chunk.length;
	}
	return all;
}

const tooLarge = (limit: number) =>
	new DomainError('too_large', `At most ${limit} bytes are taken here.`);

/** The bytes that go before a part; the first one has no line to end. */
export function partHead(
	boundary: string,
	headers: Record<string, string>,
	first: boolean
): Buffer {
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.from(`${first ? '' : '\r\n'}--${boundary}\r\n${lines.join('')}\r\n`, 'latin1');
}

export const multipartEnd = (boundary: string): Buffer =>
	Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
