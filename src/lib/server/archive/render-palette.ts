import { DomainError } from '$lib/errors.ts';
import { numbers } from '$lib/dicom/json.ts';
import { bulkBytes } from '$lib/dicom/pixel-data.ts';
import type { Part10 } from '$lib/dicom/part10.ts';

/** One channel: the value for stored value `first` and those after it, as bytes. */
export interface Channel {
	first: number;
	table: Uint8Array;
}

const broken = () => new DomainError('unsupported', 'The colour table of the object is damaged.');

function words(part10: Part10, tag: string): Uint16Array | null {
	const element = part10.dataset[tag];
	const bytes = element?.InlineBinary
		? new Uint8Array(Buffer.from(element.InlineBinary, 'base64'))
		: element?.BulkDataURI
			? bulkBytes(part10, element.BulkDataURI)
			: null;
	if (!bytes) return null;
	return Uint16Array.from(
		{ length: bytes.length >> 1 },
		(_, i) => bytes[i * 2]! | (bytes[i * 2 + 1]! << 8)
	);
}

/**
 * A segmented table written out (PS3.3 C.7.9.2): runs of values, straight lines, and copies of
 * earlier segments. A copy holds no copies, so that nothing grows without bound.
 */
export function expandSegments(data: Uint16Array, length: number): Uint16Array {
	const out = new Uint16Array(length);
	let filled = 0;
	const put = (value: number) => {
		if (filled < length) out[filled++] = value;
	};
	const segment = (start: number, copied: boolean): number => {
		const [kind = -1, count = 0] = data.subarray(start, start + 2);
		let at = start + 2;
		if (kind === 0) {
			for (const value of data.subarray(at, at + count)) put(value);
			return at + count;
		}
		if (kind === 1) {
			const from = filled ? out[filled - 1]! : 0;
			const to = data[at] ?? from;
			for (let i = 1; i <= count; i++) put(Math.round(from + ((to - from) * i) / count));
			return at + 1;
		}
		if (kind === 2 && !copied) {
			// The offset is in bytes, low word first.
			let source = ((data[at] ?? 0) + (data[at + 1] ?? 0) * 0x10000) >> 1;
			at += 2;
			for (let i = 0; i < count && filled < length; i++) source = segment(source, true);
			return at;
		}
		throw broken();
	};
	for (let at = 0; at < data.length && filled < length;) at = segment(at, false);
	if (filled < length) throw broken();
	return out;
}

/**
 * A colour channel of a palette image (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6).
 * @throws DomainError `unsupported` when the object has none or it is damaged.
 */
export function paletteChannel(
	part10: Part10,
	tags: { descriptor: string; data: string; segmented: string }
): Channel {
	const [entries = 0, first = 0, bits = 8] = numbers(part10.dataset, tags.descriptor).map(
		(n) => n ?? 0
	);
	const count = entries || 65536;
	const segmented = words(part10, tags.segmented);
	const stored = segmented ? expandSegments(segmented, count) : words(part10, tags.data);
	if (!stored) throw new DomainError('unsupported', 'The object has no colour table.');
	if (stored.length < count) {
		// Two 8-bit entries to a word.
		const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
		return { first, table: bytes.slice(0, count) };
	}
	// Old files put 8-bit values into words that they call 16-bit ones.
	const high = bits === 16 && stored.some((word) => word > 255);
	return {
		first,
		table: Uint8Array.from(stored.subarray(0, count), (word) => (high ? word >> 8 : word))
	};
}
