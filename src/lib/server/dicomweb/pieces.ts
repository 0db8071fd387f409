import type { Readable } from 'node:stream';
import type { ByteFilter } from '../byte-filter.ts';

/** A stream from an archive, and what its bytes pass on their way. */
export interface Through {
	source: Readable;
	filter: ByteFilter | null;
}

/** A body that is longer than what is held at once: bytes of ours between streams of an archive. */
export interface Pieces {
	list: Iterable<Buffer | Through> | AsyncIterable<Buffer | Through>;
}

const prefix = 132;

/** Makes the preamble of a Part 10 file 128 zeros, whatever the archive holds there (E3). */
export function zeroPreamble(): ByteFilter {
	let head: Buffer | null = Buffer.alloc(0);
	const zeroed = (bytes: Buffer) => {
		head = null;
		if (bytes.toString('latin1', 128, prefix) !== 'DICM') return bytes;
		// A copy: the bytes may be somebody else's as well.
		const clean = Buffer.from(bytes);
		return clean.fill(0, 0, 128);
	};
	return {
		push(chunk) {
			if (!head) return chunk;
			head = head.length ? Buffer.concat([head, chunk]) : chunk;
			return head.length < prefix ? null : zeroed(head);
		},
		end: () => (head?.length ? zeroed(head) : null)
	};
}
