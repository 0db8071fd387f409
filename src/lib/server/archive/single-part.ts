import { DomainError } from '$lib/errors.ts';

const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);
const headerEnd = Buffer.from('\r\n\r\n');
const maxHeaderBytes = 16 * 1024;

/**
 * The content of a multipart body that has one part, passed on as it comes in: no more is held than
 * could be the beginning of the boundary. A second part, a missing end or a body cut off throws, so
 * that a short answer is never taken for a whole one (D7).
 */
export async function* singlePart(
	body: AsyncIterable<Uint8Array>,
	boundary: string
): AsyncGenerator<Buffer> {
	const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
	const chunks = body[Symbol.asyncIterator]();
	// The first boundary may open the body: as if a line had ended before it.
	let held: Buffer = Buffer.from('\r\n');
	const more = async (): Promise<void> => {
		const { done, value } = await chunks.next();
		if (done) throw wrong('The archive’s multipart answer ends early.');
		const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		held = held.length ? Buffer.concat([held, chunk]) : chunk;
	};
	const skipPast = async (pattern: Buffer) => {
		for (;;) {
			const at = held.indexOf(pattern);
			if (at >= 0) {
				held = held.subarray(at + pattern.length);
				return;
			}
			if (held.length > maxHeaderBytes) throw wrong('The archive’s multipart answer is broken.');
			await more();
		}
	};
	try {
		await skipPast(delimiter);
		// The blank line may follow the boundary at once: its first line break is still there.
		await skipPast(headerEnd);
		for (;;) {
			const at = held.indexOf(delimiter);
			if (at >= 0) {
				if (at > 0) yield held.subarray(0, at);
				held = held.subarray(at + delimiter.length);
				break;
			}
			const settled = held.length - (delimiter.length - 1);
			if (settled > 0) {
				yield held.subarray(0, settled);
				held = held.subarray(settled);
			}
			await more();
		}
		while (held.length < 2) await more();
		if (held[0] !== 0x2d || held[1] !== 0x2d) {
			throw wrong('The archive sent more than what was asked for.');
		}
		// The rest is read, so that a body that breaks off after its end is still noticed.
		while (!(await chunks.next()).done);
	} finally {
		await chunks.return?.();
	}
}
