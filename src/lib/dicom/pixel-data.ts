import { DomainError } from '$lib/errors.ts';
import type { Fragments } from './dataset-reader.ts';
import { toLittleEndian } from './element-value.ts';
import { number, text } from './json.ts';
import type { DicomJson } from './json.ts';
import type { Part10 } from './part10.ts';
import { tags } from './tags.ts';
import { explicitLittleEndian } from './uid.ts';

/** How one frame is laid out (PS3.3 C.7.6.3). */
export interface PixelLayout {
	rows: number;
	columns: number;
	frames: number;
	samples: number;
	bitsAllocated: number;
	bitsStored: number;
	signed: boolean;
	photometric: string;
	planar: number;
	/** Of one native frame, in bits: 1-bit segmentations do not end on bytes. */
	frameBits: number;
}

/** Larger frames are refused before anything is decoded (T35). */
export const maxFrameBytes = 512 * 1024 * 1024;

export function pixelLayout(dataset: DicomJson): PixelLayout {
	const rows = number(dataset, tags.Rows) ?? 0;
	const columns = number(dataset, tags.Columns) ?? 0;
	const samples = number(dataset, tags.SamplesPerPixel) ?? 1;
	const bitsAllocated = number(dataset, tags.BitsAllocated) ?? 8;
	const photometric = text(dataset, tags.PhotometricInterpretation);
	// Uncompressed 4:2:2 keeps two chroma samples for each two pixels (PS3.3 C.7.6.3.1.2).
	const stored = samples === 3 && /_422$/.test(photometric) ? 2 : samples;
	return {
		rows,
		columns,
		frames: Math.max(1, Math.trunc(number(dataset, tags.NumberOfFrames) ?? 1)),
		samples,
		bitsAllocated,
		bitsStored: number(dataset, tags.BitsStored) ?? bitsAllocated,
		signed: number(dataset, tags.PixelRepresentation) === 1,
		photometric,
		planar: number(dataset, tags.PlanarConfiguration) ?? 0,
		frameBits: rows * columns * stored * bitsAllocated
	};
}

type FragmentRange = { from: number; to: number };

const startsImage = (bytes: Uint8Array, at: number) => {
	const [a, b, c, d] = bytes.subarray(at, at + 4);
	if (a === 0xff && b === 0xd8) return true; // JPEG, JPEG-LS: SOI
	if (a === 0xff && b === 0x4f && c === 0xff && d === 0x51) return true; // JPEG 2000: SOC, SIZ
	return a === 0xff && b === 0x0a; // JPEG XL codestream
};

function rangesOf(starts: number[], count: number): FragmentRange[] {
	return starts.map((from, i) => ({ from, to: starts[i + 1] ?? count }));
}

/** Fragments whose item begins at the given offsets; null unless every one is found, in order. */
function byOffsets(found: Fragments, offsets: number[]): FragmentRange[] | null {
	const indexByOffset = new Map(found.fragments.map((fragment, i) => [fragment.itemOffset, i]));
	const starts = offsets.map((offset) => indexByOffset.get(offset) ?? -1);
	const ascending = starts.every((start, i) => start > (i ? starts[i - 1]! : -1));
	return ascending && starts[0] === 0 ? rangesOf(starts, found.fragments.length) : null;
}

const ranges = new WeakMap<Fragments, FragmentRange[] | null>();

function extendedOffsets(part10: Part10): number[] {
	const inline = part10.dataset[tags.ExtendedOffsetTable];
	const span = part10.bulk.get(`bulk/${tags.ExtendedOffsetTable}`);
	const bytes = span
		? part10.bytes.subarray(span.offset, span.offset + span.length)
		: Uint8Array.from(atob(inline?.InlineBinary ?? ''), (c) => c.charCodeAt(0));
	if (inline?.Value) return inline.Value.map(Number);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const offsets: number[] = [];
	for (let i = 0; i + 8 <= bytes.length; i += 8) offsets.push(Number(view.getBigUint64(i, true)));
	return offsets;
}

/**
 * Which fragments make which frame (PS3.5 A.4), null when it cannot be told: by the extended offset
 * table, the basic one, one fragment a frame, or the marker that begins every JPEG family image.
 */
function frameRanges(part10: Part10, found: Fragments, frames: number): FragmentRange[] | null {
	const known = ranges.get(found);
	if (known !== undefined) return known;
	const count = found.fragments.length;
	let result: FragmentRange[] | null = null;
	if (part10.transferSyntax.video || frames === 1) {
		result = count ? [{ from: 0, to: count }] : null;
	} else if (count >= frames) {
		const extended = extendedOffsets(part10);
		if (extended.length === frames) result = byOffsets(found, extended);
		if (!result && found.basicOffsets.length === frames) {
			result = byOffsets(found, found.basicOffsets);
		}
		if (!result && count === frames) {
			result = rangesOf(
				found.fragments.map((_, i) => i),
				count
			);
		}
		if (!result) {
			const starts = found.fragments.flatMap((fragment, i) =>
				startsImage(part10.bytes, fragment.offset) ? [i] : []
			);
			if (starts.length === frames && starts[0] === 0) result = rangesOf(starts, count);
		}
	}
	ranges.set(found, result);
	return result;
}

const refuse = (detail: string) => new DomainError('invalid_input', detail);

/** Frames that can be asked for: one for a video, 0 without pixel data. */
export function frameCount(part10: Part10): number {
	if (!part10.pixels) return 0;
	return part10.transferSyntax.video ? 1 : pixelLayout(part10.dataset).frames;
}

/**
 * What is wrong between the pixels and what the header says of them, null when nothing is (E3, T35).
 * Arithmetic only; nothing is decoded.
 */
export function pixelProblem(part10: Part10): string | null {
	const { pixels } = part10;
	if (!pixels) return null;
	const layout = pixelLayout(part10.dataset);
	const { rows, columns, frames } = layout;
	if (rows < 1 || columns < 1) return 'Rows or Columns is 0, yet there is pixel data.';
	if (layout.frameBits / 8 > maxFrameBytes) {
		return `A frame of ${columns} × ${rows} pixels is larger than what is accepted.`;
	}
	if ('span' in pixels) {
		if (part10.transferSyntax.frameType) {
			return 'The transfer syntax is a compressed one, the pixel data is not.';
		}
		const need = Math.ceil((layout.frameBits * frames) / 8);
		const have = pixels.span.length;
		return have < need
			? `Pixel data has ${have} bytes; ${columns} × ${rows} pixels in ${frames} frame(s) need ${need}.`
			: null;
	}
	if (!part10.transferSyntax.frameType) {
		return 'The pixel data is in fragments, the transfer syntax is an uncompressed one.';
	}
	return frameRanges(part10, pixels.encapsulated, frames)
		? null
		: `Number of Frames is ${frames}, but that many cannot be found in the pixel data.`;
}

/** Bits of a frame that does not begin on a byte, moved to one (PS3.5 8.1.1). */
function unalignedFrame(bytes: Uint8Array, bit: number, bits: number): Uint8Array {
	const out = new Uint8Array(Math.ceil(bits / 8));
	for (let i = 0; i < bits; i++) {
		const at = bit + i;
		if ((bytes[at >> 3]! >> (at & 7)) & 1) out[i >> 3]! |= 1 << (i & 7);
	}
	return out;
}

/**
 * The bytes of frame `n`, from 1. Compressed: as stored, a view where one fragment is one frame.
 * Native: little endian, as DICOMweb wants them. Of a video frame 1 is the whole stream.
 * @throws DomainError `not_found` when there is no such frame, `invalid_input` when the pixel data
 * contradicts its header.
 */
export function frameBytes(part10: Part10, n: number): Uint8Array {
	const { pixels, bytes } = part10;
	if (!pixels || !Number.isInteger(n) || n < 1 || n > frameCount(part10)) {
		throw new DomainError('not_found', `There is no frame ${n}.`);
	}
	const problem = pixelProblem(part10);
	if (problem) throw refuse(problem);
	const layout = pixelLayout(part10.dataset);
	if ('span' in pixels) {
		const { offset, length, littleEndian, vr } = pixels.span;
		const bit = (n - 1) * layout.frameBits;
		if (layout.frameBits % 8) {
			return unalignedFrame(bytes.subarray(offset, offset + length), bit, layout.frameBits);
		}
		const from = offset + bit / 8;
		const frame = bytes.subarray(from, from + layout.frameBits / 8);
		if (littleEndian) return frame;
		// Big endian bytes in OW words are swapped too (PS3.5 A.3, 8.2).
		const word = vr === 'OW' ? Math.max(2, layout.bitsAllocated / 8) : layout.bitsAllocated / 8;
		return word > 1 ? toLittleEndian(frame, word) : frame;
	}
	const range = frameRanges(part10, pixels.encapsulated, layout.frames)![n - 1]!;
	const parts = pixels.encapsulated.fragments.slice(range.from, range.to);
	if (parts.length === 1) {
		const [only] = parts;
		return bytes.subarray(only!.offset, only!.offset + only!.length);
	}
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(bytes.subarray(part.offset, part.offset + part.length), at);
		at += part.length;
	}
	return out;
}

/**
 * Where each frame's bytes lie in `part10.bytes`, so that it can be read without the rest: pairs of
 * offset and length, one pair a fragment. Null when a frame is not stored as it is sent.
 */
export function frameSpans(part10: Part10): number[][] | null {
	const { pixels } = part10;
	if (!pixels || pixelProblem(part10)) return null;
	const layout = pixelLayout(part10.dataset);
	if ('encapsulated' in pixels) {
		const { fragments } = pixels.encapsulated;
		return frameRanges(part10, pixels.encapsulated, layout.frames)!.map(({ from, to }) =>
			fragments.slice(from, to).flatMap(({ offset, length }) => [offset, length])
		);
	}
	if (layout.frameBits % 8 || !pixels.span.littleEndian) return null;
	const bytes = layout.frameBits / 8;
	return Array.from({ length: layout.frames }, (_, i) => [pixels.span.offset + i * bytes, bytes]);
}

/** The transfer syntax that `frameBytes` of this object is in. */
export function frameSyntax(part10: Part10): string {
	return part10.transferSyntax.frameType ? part10.transferSyntax.uid : explicitLittleEndian;
}

/**
 * The bytes behind a BulkDataURI of the data set, little endian.
 * @throws DomainError `not_found` when the object has no such value.
 */
export function bulkBytes(part10: Part10, path: string): Uint8Array {
	const span = part10.bulk.get(path);
	if (!span) throw new DomainError('not_found', 'There is no such bulk data.');
	const bytes = part10.bytes.subarray(span.offset, span.offset + span.length);
	const words: Record<string, number> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8, US: 2, SS: 2 };
	const size = words[span.vr] ?? ({ UL: 4, SL: 4, FL: 4, FD: 8, SV: 8, UV: 8 }[span.vr] || 1);
	return span.littleEndian || size === 1 ? bytes : toLittleEndian(bytes, size);
}
