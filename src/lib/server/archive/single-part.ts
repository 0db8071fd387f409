import { DomainError } from '$lib/errors.ts';
import type { ByteFilter } from '../byte-filter.ts';

const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);
const headerEnd = Buffer.from('\r\n\r\n');
const maxHeaderBytes = 16 * 1024;
const nothing = Buffer.alloc(0);

/**
 * The content of a multipart body that has one part, passed on as it comes in: no more is held than
 * could be the beginning of the boundary. A second part, a missing end or a body cut off throws, so
 * that a short answer is never taken for a whole one (D7).
 */
export function singlePart(
	boundary: string,
	/** Of the part, as they stand there. */
	onHeaders: (headers: Buffer) => void = () => {}
): ByteFilter {
	const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
	const opening = delimiter.subarray(2);
	let held: Buffer = nothing;
	let state: 'before' | 'headers' | 'content' | 'closing' | 'after' = 'before';

	const skipPast = (pattern: Buffer): boolean => {
		const at = held.indexOf(pattern);
		if (at >= 0 && pattern === headerEnd) onHeaders(held.subarray(0, at));
		if (at >= 0) held = held.subarray(at + pattern.length);
		else if (held.length > maxHeaderBytes) {
			throw wrong('The archive’s multipart answer is broken.');
		}
		return at >= 0;
	};
	/** The first boundary may open the body: no line ends before it. */
	const skipOpening = (): boolean => {
		const opens = opening.equals(held.subarray(0, opening.length));
		if (opens) held = held.subarray(opening.length);
		return opens;
	};
	const content = (): Buffer | null => {
		const at = held.indexOf(delimiter);
		const settled = at >= 0 ? at : held.length - beginningOf(delimiter, held);
		const bytes = settled > 0 ? held.subarray(0, settled) : null;
		held = held.subarray(at >= 0 ? at + delimiter.length : settled);
		if (at >= 0) state = 'closing';
		return bytes;
	};
	const checkClosing = () => {
		if (held.length < 2) return;
		if (held[0] !== 0x2d || held[1] !== 0x2d) {
			throw wrong('The archive sent more than what was asked for.');
		}
		// The rest is let by, so that a body that breaks off after its end is still noticed.
		held = nothing;
		state = 'after';
	};

	return {
		push(chunk) {
			if (state === 'after') return null;
			held = held.length ? Buffer.concat([held, chunk]) : chunk;
			if (state === 'before' && (skipOpening() || skipPast(delimiter))) state = 'headers';
			// The blank line may follow the boundary at once: its first line break is still there.
			if (state === 'headers' && skipPast(headerEnd)) state = 'content';
			const bytes = state === 'content' ? content() : null;
			if (state === 'closing') checkClosing();
			return bytes;
		},
		end() {
			if (state !== 'after') throw wrong('The archive’s multipart answer ends early.');
			return null;
		}
	};
}

/** How many bytes at the end could be the beginning of the pattern. */
function beginningOf(pattern: Buffer, bytes: Buffer): number {
	const from = Math.max(0, bytes.length - (pattern.length - 1));
	for (let at = bytes.indexOf(13, from); at >= 0; at = bytes.indexOf(13, at + 1)) {
		const length = bytes.length - at;
		if (bytes.compare(pattern, 0, length, at) === 0) return length;
	}
	return 0;
}
