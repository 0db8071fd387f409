import dicomParser from 'dicom-parser';
import type { DataSet } from 'dicom-parser';
import { toLittleEndian } from '$lib/dicom/element-value.ts';
import { bigEndian, isNative, isVideo } from './syntaxes.ts';
import { fragmentsOf, framesOfFragments } from './fragments.ts';
import { isMpeg2, movieOf } from './movie.ts';
import type { Movie } from './movie.ts';
import { mostPixels, nativeFrameBytes } from './pixels.ts';
import type { PixelLayout } from './pixels.ts';
import { paletteOf } from './palette.ts';

/** Why an instance has no picture for us. */
export type NoPicture =
	| 'not-dicom'
	| 'no-pixels'
	/** More pixels than any memory holds; the file is probably damaged. */
	| 'too-large'
	/** MPEG-2: no browser plays it. */
	| 'video-mpeg2'
	/** The browser's player does not take the stream. */
	| 'video'
	| 'pixels-unknown'
	/** The file ends before its first frame does. */
	| 'cut-short';

export interface Part10 {
	kind: 'frames';
	transferSyntax: string;
	layout: PixelLayout;
	/** As stored; null for a frame the file promises and does not hold whole. */
	frames: (Uint8Array | null)[];
}

export type Opened = Part10 | Movie | { kind: 'none'; reason: NoPicture };

const none = (reason: NoPicture): Opened => ({ kind: 'none', reason });

/** The transfer syntax and where group 2 ends; null for what is no Part 10 file. */
export function headerOf(bytes: Uint8Array): { syntax: string; end: number } | null {
	try {
		const meta = dicomParser.readPart10Header(bytes);
		const syntax = meta.string('x00020010');
		const end = (meta as unknown as { position: number }).position;
		return syntax ? { syntax, end } : null;
	} catch {
		return null;
	}
}

/**
 * The frames of a Part 10 file, without decoding them. Total: a damaged file gives the frames that
 * are whole, or a reason. A deflated file has to be inflated behind its header first.
 */
export function openPart10(bytes: Uint8Array): Opened {
	const header = headerOf(bytes);
	if (!header) return none('not-dicom');
	let dataset: DataSet;
	try {
		dataset = dicomParser.parseDicom(bytes, {
			untilTag: 'x7fe00010',
			inflater: (whole: Uint8Array) => whole
		});
	} catch {
		return none('not-dicom');
	}
	const element = dataset.elements['x7fe00010'];
	if (!element) return none('no-pixels');
	if (isMpeg2(header.syntax)) return none('video-mpeg2');
	if (isVideo(header.syntax))
		return movieOf(bytes, element.dataOffset, header.syntax) ?? none('cut-short');
	const layout = layoutOf(dataset);
	if (!layout) return none('pixels-unknown');
	if (layout.rows * layout.columns > mostPixels) return none('too-large');
	const count = Math.max(1, Math.trunc(Number(dataset.string('x00280008') ?? 1)) || 1);
	const frames = isNative(header.syntax)
		? nativeFrames(bytes, element.dataOffset, element.length, layout, count).map((frame) =>
				frame && header.syntax === bigEndian ? swapped(frame, layout, element.vr) : frame
			)
		: framesOfFragments(fragmentsOf(bytes, element.dataOffset), count);
	if (!frames.some(Boolean)) return none('cut-short');
	return { kind: 'frames', transferSyntax: header.syntax, layout, frames };
}

function nativeFrames(
	bytes: Uint8Array,
	offset: number,
	length: number,
	layout: PixelLayout,
	count: number
): (Uint8Array | null)[] {
	const size = nativeFrameBytes(layout);
	const end = length === 0xffffffff ? bytes.length : Math.min(bytes.length, offset + length);
	const whole = Math.min(count, Math.floor((end - offset) / size));
	const frames: (Uint8Array | null)[] = Array.from({ length: whole }, (_, index) =>
		bytes.subarray(offset + index * size, offset + (index + 1) * size)
	);
	// What is missing is told, but a damaged count must not cost memory.
	const missing = Math.min(count - whole, 10_000);
	for (let index = 0; index < missing; index++) frames.push(null);
	return frames;
}

/** Big endian bytes in OW words are swapped too (PS3.5 A.3, 8.2). */
function swapped(frame: Uint8Array, layout: PixelLayout, vr: string | undefined): Uint8Array {
	const word = Math.max(vr === 'OB' ? 1 : 2, layout.bitsAllocated / 8);
	return word > 1 ? toLittleEndian(frame, word) : frame;
}

function layoutOf(dataset: DataSet): PixelLayout | null {
	const number = (tag: string) => dataset.uint16(tag);
	const rows = number('x00280010');
	const columns = number('x00280011');
	const bitsAllocated = number('x00280100');
	if (!rows || !columns || !bitsAllocated || bitsAllocated > 32) return null;
	const photometric = (dataset.string('x00280004') ?? 'MONOCHROME2').trim();
	const palette = photometric === 'PALETTE COLOR' ? paletteOf(dataset) : null;
	const bitsStored = number('x00280101') || bitsAllocated;
	return {
		rows,
		columns,
		samples: number('x00280002') || 1,
		photometric,
		planar: number('x00280006') ?? 0,
		bitsAllocated,
		bitsStored: Math.min(bitsStored, bitsAllocated),
		signed: number('x00280103') === 1,
		slope: dataset.floatString('x00281053') ?? 1,
		intercept: dataset.floatString('x00281052') ?? 0,
		palette
	};
}
