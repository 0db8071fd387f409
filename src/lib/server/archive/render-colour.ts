import { DomainError } from '$lib/errors.ts';
import { number } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import type { Part10 } from '$lib/dicom/part10.ts';
import { tags } from '$lib/dicom/tags.ts';
import type { DecodedFrame } from './render-decode.ts';
import { paletteChannel } from './render-palette.ts';

/** Three bytes a pixel, row by row. */
export interface RgbPicture {
	rows: number;
	columns: number;
	data: Uint8Array;
}

function samplesOf(frame: DecodedFrame, count: number): ArrayLike<number> {
	const { data, bitsAllocated, signed } = frame;
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	if (bitsAllocated === 1) {
		return Uint8Array.from({ length: count }, (_, i) => (data[i >> 3]! >> (i & 7)) & 1);
	}
	if (bitsAllocated === 8)
		return signed ? new Int8Array(data.buffer, data.byteOffset, count) : data;
	if (bitsAllocated === 16) {
		const out = signed ? new Int16Array(count) : new Uint16Array(count);
		for (let i = 0; i < count; i++) {
			out[i] = signed ? view.getInt16(i * 2, true) : view.getUint16(i * 2, true);
		}
		return out;
	}
	if (bitsAllocated === 32) {
		return Float64Array.from({ length: count }, (_, i) =>
			signed ? view.getInt32(i * 4, true) : view.getUint32(i * 4, true)
		);
	}
	throw new DomainError('unsupported', `Pixels of ${bitsAllocated} bits cannot be drawn here.`);
}

/** Window of the object (PS3.3 C.11.2.1.2), else the range of the values that are there. */
function windowOf(dataset: DicomJson, samples: ArrayLike<number>, bits: number) {
	const slope = number(dataset, tags.RescaleSlope) ?? 1;
	const intercept = number(dataset, tags.RescaleIntercept) ?? 0;
	const center = number(dataset, tags.WindowCenter);
	const width = number(dataset, tags.WindowWidth);
	if (center !== null && width !== null && width >= 1) {
		// In stored values, so that each sample needs one multiplication.
		const low = (center - 0.5 - (width - 1) / 2 - intercept) / slope;
		return { low, high: low + (width - 1) / slope };
	}
	if (bits <= 8) return { low: 0, high: 2 ** bits - 1 };
	const padding = number(dataset, tags.PixelPaddingValue);
	let low = Infinity;
	let high = -Infinity;
	for (let i = 0; i < samples.length; i++) {
		const value = samples[i]!;
		if (value === padding) continue;
		if (value < low) low = value;
		if (value > high) high = value;
	}
	return { low, high };
}

function grey(part10: Part10, frame: DecodedFrame): Uint8Array {
	const count = frame.rows * frame.columns;
	const samples = samplesOf(frame, count);
	const { low, high } = windowOf(part10.dataset, samples, frame.bitsStored);
	const range = high > low ? high - low : Infinity;
	const inverse = frame.photometric === 'MONOCHROME1';
	const out = new Uint8Array(count * 3);
	for (let i = 0; i < count; i++) {
		const level = Math.max(0, Math.min(255, Math.round(((samples[i]! - low) * 255) / range)));
		const shown = inverse ? 255 - level : level;
		out[i * 3] = shown;
		out[i * 3 + 1] = shown;
		out[i * 3 + 2] = shown;
	}
	return out;
}

const channelTags = [
	{
		descriptor: tags.RedPaletteColorLookupTableDescriptor,
		data: tags.RedPaletteColorLookupTableData,
		segmented: tags.SegmentedRedPaletteColorLookupTableData
	},
	{
		descriptor: tags.GreenPaletteColorLookupTableDescriptor,
		data: tags.GreenPaletteColorLookupTableData,
		segmented: tags.SegmentedGreenPaletteColorLookupTableData
	},
	{
		descriptor: tags.BluePaletteColorLookupTableDescriptor,
		data: tags.BluePaletteColorLookupTableData,
		segmented: tags.SegmentedBluePaletteColorLookupTableData
	}
] as const;

function coloured(part10: Part10, frame: DecodedFrame): Uint8Array {
	const count = frame.rows * frame.columns;
	const samples = samplesOf(frame, count);
	const out = new Uint8Array(count * 3);
	channelTags.forEach((each, c) => {
		const { first, table } = paletteChannel(part10, each);
		const last = table.length - 1;
		for (let i = 0; i < count; i++) {
			const index = samples[i]! - first;
			out[i * 3 + c] = table[index < 0 ? 0 : index > last ? last : index]!;
		}
	});
	return out;
}

const clamp = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));

/** PS3.3 C.7.6.3.1.2, full range. */
function writeYbr(out: Uint8Array, at: number, y: number, cb: number, cr: number) {
	out[at] = clamp(y + 1.402 * (cr - 128));
	out[at + 1] = clamp(y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128));
	out[at + 2] = clamp(y + 1.772 * (cb - 128));
}

function threeSamples(frame: DecodedFrame, native: boolean): Uint8Array {
	const count = frame.rows * frame.columns;
	const out = new Uint8Array(count * 3);
	const shift = frame.bitsAllocated === 16 ? Math.max(0, frame.bitsStored - 8) : 0;
	if (native && frame.photometric === 'YBR_FULL_422') {
		const { data } = frame; // Y1 Y2 Cb Cr for each two pixels
		for (let i = 0; i < count; i++) {
			const pair = (i >> 1) * 4;
			writeYbr(out, i * 3, data[pair + (i & 1)]!, data[pair + 2]!, data[pair + 3]!);
		}
		return out;
	}
	const samples = samplesOf(frame, count * 3);
	const ybr = /^YBR_(FULL|FULL_422|PARTIAL)/.test(frame.photometric);
	for (let i = 0; i < count; i++) {
		const at = (c: number) =>
			(frame.planar === 1 ? samples[c * count + i]! : samples[i * 3 + c]!) >> shift;
		if (ybr) writeYbr(out, i * 3, at(0), at(1), at(2));
		else for (let c = 0; c < 3; c++) out[i * 3 + c] = at(c);
	}
	return out;
}

/** Samples to 8-bit RGB: window, palette and colour space applied. */
export function toRgb(part10: Part10, frame: DecodedFrame): RgbPicture {
	const { rows, columns } = frame;
	if (frame.samples === 3) {
		const native = !part10.transferSyntax.frameType;
		return { rows, columns, data: threeSamples(frame, native) };
	}
	if (frame.samples !== 1) throw new DomainError('unsupported', 'These colours cannot be drawn.');
	const data =
		frame.photometric === 'PALETTE COLOR' ? coloured(part10, frame) : grey(part10, frame);
	return { rows, columns, data };
}
