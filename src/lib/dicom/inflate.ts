import { Inflate } from 'pako';
import { DomainError } from '$lib/errors.ts';

/**
 * Raw deflate (PS3.5 A.5) with the output bounded before it is made (E1, T33).
 * @throws DomainError `too_large` over `maxBytes`, `invalid_input` when it is not deflated.
 */
export function inflateRaw(deflated: Uint8Array, maxBytes: number): Uint8Array {
	const inflater = new Inflate({ raw: true, chunkSize: 64 * 1024 });
	const chunks: Uint8Array[] = [];
	let total = 0;
	inflater.onData = (chunk) => {
		total += chunk.length;
		if (total > maxBytes) {
			throw new DomainError(
				'too_large',
				`The compressed data set grows beyond ${maxBytes} bytes. Send it uncompressed.`
			);
		}
		chunks.push(chunk);
	};
	// In pieces: without them pako would take the whole input before it asks for room.
	const step = 64 * 1024;
	for (let at = 0; at < deflated.length && !inflater.ended; at += step) {
		inflater.push(deflated.subarray(at, at + step), at + step >= deflated.length);
	}
	if (inflater.err || !total) {
		throw new DomainError('invalid_input', 'The compressed data set is damaged. Send it again.');
	}
	const out = new Uint8Array(total);
	let at = 0;
	for (const chunk of chunks) {
		out.set(chunk, at);
		at += chunk.length;
	}
	return out;
}
