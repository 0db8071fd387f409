/**
 * A small writer of Part 10 files, Explicit VR Little Endian, for the demo's own objects. Tags are
 * numbers, values are given with their VR; nothing here knows the tables of our reader.
 */
// prettier-ignore
export type Vr =
	| 'AE' | 'AS' | 'AT' | 'CS' | 'DA' | 'DS' | 'DT' | 'FD' | 'FL' | 'IS' | 'LO' | 'LT' | 'OB'
	| 'PN' | 'SH' | 'SL' | 'SQ' | 'SS' | 'ST' | 'TM' | 'UI' | 'UL' | 'US' | 'UT';

export type Dataset = Map<number, { vr: Vr; value: unknown }>;

export const dataset = (...elements: [tag: number, vr: Vr, value: unknown][]): Dataset =>
	new Map(elements.map(([tag, vr, value]) => [tag, { vr, value }]));

const long = new Set<Vr>(['OB', 'SQ', 'UT']);

function bytesOf(vr: Vr, value: unknown): Uint8Array {
	const list = Array.isArray(value) ? value : [value];
	const numbers = (size: number, put: (view: DataView, at: number, n: number) => void) => {
		const bytes = new Uint8Array(size * list.length);
		const view = new DataView(bytes.buffer);
		list.forEach((n, index) => put(view, index * size, Number(n)));
		return bytes;
	};
	switch (vr) {
		case 'US':
			return numbers(2, (v, at, n) => v.setUint16(at, n, true));
		case 'SS':
			return numbers(2, (v, at, n) => v.setInt16(at, n, true));
		case 'UL':
			return numbers(4, (v, at, n) => v.setUint32(at, n, true));
		case 'SL':
			return numbers(4, (v, at, n) => v.setInt32(at, n, true));
		case 'FL':
			return numbers(4, (v, at, n) => v.setFloat32(at, n, true));
		case 'FD':
			return numbers(8, (v, at, n) => v.setFloat64(at, n, true));
		case 'AT':
			return numbers(4, (v, at, n) => {
				v.setUint16(at, n >>> 16, true);
				v.setUint16(at + 2, n & 0xffff, true);
			});
		case 'OB':
			return value as Uint8Array;
		default: {
			const text = new TextEncoder().encode(list.join('\\'));
			if (text.length % 2 === 0) return text;
			const padded = new Uint8Array(text.length + 1).fill(vr === 'UI' ? 0 : 0x20);
			padded.set(text);
			return padded;
		}
	}
}

function element(tag: number, vr: Vr, body: Uint8Array, undefinedLength = false): Uint8Array {
	const head = long.has(vr) ? 12 : 8;
	const bytes = new Uint8Array(head + body.length);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, tag >>> 16, true);
	view.setUint16(2, tag & 0xffff, true);
	bytes[4] = vr.charCodeAt(0);
	bytes[5] = vr.charCodeAt(1);
	const length = undefinedLength ? 0xffffffff : body.length;
	if (long.has(vr)) view.setUint32(8, length, true);
	else view.setUint16(6, length, true);
	bytes.set(body, head);
	return bytes;
}

function item(tag: number, body: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(8 + body.length);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, tag >>> 16, true);
	view.setUint16(2, tag & 0xffff, true);
	view.setUint32(4, body.length, true);
	bytes.set(body, 8);
	return bytes;
}

export function concat(parts: Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

function encode(set: Dataset): Uint8Array {
	const parts: Uint8Array[] = [];
	for (const [tag, { vr, value }] of [...set].sort(([a], [b]) => a - b)) {
		if (vr === 'SQ') {
			const items = (value as Dataset[]).map((inner) => item(0xfffee000, encode(inner)));
			parts.push(element(tag, 'SQ', concat(items)));
		} else {
			parts.push(element(tag, vr, bytesOf(vr, value)));
		}
	}
	return concat(parts);
}

/** Encapsulated Pixel Data: a Basic Offset Table and one fragment a frame (PS3.5 A.4). */
function encapsulated(frames: Uint8Array[]): Uint8Array {
	const even = frames.map((frame) =>
		frame.length % 2 === 0 ? frame : concat([frame, new Uint8Array(1)])
	);
	const offsets = new Uint8Array(4 * even.length);
	const view = new DataView(offsets.buffer);
	let at = 0;
	even.forEach((frame, index) => {
		view.setUint32(4 * index, at, true);
		at += 8 + frame.length;
	});
	return element(
		0x7fe00010,
		'OB',
		concat([
			item(0xfffee000, offsets),
			...even.map((frame) => item(0xfffee000, frame)),
			item(0xfffee0dd, new Uint8Array())
		]),
		true
	);
}

/** A whole file; `frames` are JPEG baseline streams, absent for objects without pixels. */
export function part10(set: Dataset, frames: Uint8Array[] = []): Uint8Array {
	const value = (tag: number) => set.get(tag)?.value;
	const meta = encode(
		dataset(
			[0x00020001, 'OB', new Uint8Array([0, 1])],
			[0x00020002, 'UI', value(0x00080016)],
			[0x00020003, 'UI', value(0x00080018)],
			[0x00020010, 'UI', frames.length ? '1.2.840.10008.1.2.4.50' : '1.2.840.10008.1.2.1'],
			[0x00020012, 'UI', '2.25.118999311938193284119583204217453'],
			[0x00020013, 'SH', 'DEMO_MACHINE']
		)
	);
	const length = new Uint8Array(4);
	new DataView(length.buffer).setUint32(0, meta.length, true);
	return concat([
		new Uint8Array(128),
		new TextEncoder().encode('DICM'),
		element(0x00020000, 'UL', length),
		meta,
		encode(set),
		...(frames.length ? [encapsulated(frames)] : [])
	]);
}
