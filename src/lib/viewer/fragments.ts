/** Encapsulated pixel data: an offset table, then fragments (PS3.5 A.4). */
export interface Fragments {
	/** Byte offsets of each frame's first item from the first fragment's item; may be empty. */
	table: number[];
	items: { offset: number; bytes: Uint8Array; whole: boolean }[];
}

const item = 0xe000fffe;
const sequenceEnd = 0xe0ddfffe;

/** Walks the items and stops at the end of the file, wherever that is. */
export function fragmentsOf(file: Uint8Array, start: number): Fragments {
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const items: Fragments['items'] = [];
	let table: number[] | null = null;
	let first = start;
	let at = start;
	while (at + 8 <= file.length) {
		const tag = view.getUint32(at, true);
		const length = view.getUint32(at + 4, true);
		if (tag === sequenceEnd || tag !== item) break;
		const from = at + 8;
		const to = Math.min(file.length, from + length);
		if (table === null) {
			table = [];
			for (let p = from; p + 4 <= to; p += 4) table.push(view.getUint32(p, true));
			first = from + length;
		} else {
			items.push({
				offset: at - first,
				bytes: file.subarray(from, to),
				whole: from + length <= file.length
			});
		}
		at = from + length;
	}
	return { table: table ?? [], items };
}

/** JPEG and JPEG-LS SOI, JPEG 2000 SOC + SIZ, JPEG XL codestream. */
const startsPicture = (bytes: Uint8Array) =>
	(bytes[0] === 0xff && bytes[1] === 0xd8) ||
	(bytes[0] === 0xff && bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51) ||
	(bytes[0] === 0xff && bytes[1] === 0x0a);

/**
 * One entry a frame, null where it is missing or cut off. Most objects have one fragment a frame,
 * whatever their table says; else the table decides, and without one the start marker of a picture.
 */
export function framesOfFragments(
	{ table, items }: Fragments,
	count: number
): (Uint8Array | null)[] {
	const starts =
		items.length === count || table.length < 2
			? items.map((_, index) => index)
			: table.map((offset) => items.findIndex((entry) => entry.offset === offset));
	const sound = starts.every((start, index) => start >= 0 && start > (starts[index - 1] ?? -1));
	let begins = sound ? starts : items.map((_, index) => index);
	if (items.length > count && begins.length !== count) {
		const marked = items.flatMap((entry, index) => (startsPicture(entry.bytes) ? [index] : []));
		begins = marked.length > 0 && count > 1 ? marked : [0];
	}
	const frames = begins
		.slice(0, count)
		.map((begin, index) => joined(items.slice(begin, begins[index + 1])));
	// A damaged count must not cost memory.
	for (let missing = Math.min(count - frames.length, 10_000); missing > 0; missing--)
		frames.push(null);
	return frames;
}

function joined(parts: Fragments['items']): Uint8Array | null {
	if (parts.length === 0 || parts.some((part) => !part.whole)) return null;
	const [only] = parts;
	if (only && parts.length === 1) return only.bytes;
	const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part.bytes, at);
		at += part.bytes.length;
	}
	return bytes;
}
