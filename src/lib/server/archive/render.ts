import jpegJs from 'jpeg-js';
import { DomainError } from '$lib/errors.ts';
import { frameBytes, maxFrameBytes, pixelLayout } from '$lib/dicom/pixel-data.ts';
import type { Part10 } from '$lib/dicom/part10.ts';
import { jpegBaseline } from '$lib/dicom/uid.ts';
import { decodeFrame } from './render-decode.ts';
import { encodeJpeg, encodePng } from './render-encode.ts';
import { toRgb } from './render-colour.ts';
import type { RgbPicture } from './render-colour.ts';
import { shrink } from './render-scale.ts';

export interface RenderOptions {
	/** From 1. */
	frame?: number;
	/** Bounds the longer side, in pixels; never enlarges. */
	width?: number;
	type?: 'image/jpeg' | 'image/png';
}

/** A picture to look at, not to measure on: 8 bits, window applied. */
export interface Picture {
	contentType: 'image/jpeg' | 'image/png';
	bytes: Uint8Array;
}

/** Components and their sampling out of a baseline JPEG's frame header; null when there is none. */
function isPlainJpeg(bytes: Uint8Array, columns: number, rows: number): boolean {
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
		const marker = bytes[at + 1]!;
		const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
		if (marker === 0xc0) {
			const height = (bytes[at + 5]! << 8) | bytes[at + 6]!;
			const width = (bytes[at + 7]! << 8) | bytes[at + 8]!;
			return bytes[at + 4] === 8 && height === rows && width === columns;
		}
		if (marker >= 0xd8 && marker <= 0xda) return false;
		at += 2 + length;
	}
	return false;
}

const longer = (layout: { rows: number; columns: number }) => Math.max(layout.rows, layout.columns);

/**
 * One frame as a JPEG or PNG. A baseline JPEG frame that needs no change is passed on as it is.
 * @throws DomainError `unsupported` for what has no picture or cannot be decoded here, `not_found`
 * for a frame that is not there, `too_large` for one beyond the limits.
 */
export async function renderFrame(part10: Part10, options: RenderOptions): Promise<Picture> {
	if (!part10.pixels) throw new DomainError('unsupported', 'This object has no picture.');
	if (part10.transferSyntax.video) {
		throw new DomainError('unsupported', 'This is a video; play the object itself.');
	}
	const layout = pixelLayout(part10.dataset);
	if (layout.frameBits / 8 > maxFrameBytes / 4) {
		throw new DomainError('too_large', 'The frame is too large to be drawn.');
	}
	const type = options.type ?? 'image/jpeg';
	const bytes = frameBytes(part10, options.frame ?? 1);
	const fits = !options.width || options.width >= longer(layout);
	if (
		fits &&
		type === 'image/jpeg' &&
		part10.transferSyntax.uid === jpegBaseline &&
		/^(MONOCHROME2|YBR_FULL_422|YBR_FULL)$/.test(layout.photometric) &&
		isPlainJpeg(bytes, layout.columns, layout.rows)
	) {
		return { contentType: 'image/jpeg', bytes: bytes.slice() };
	}
	const decoded = await decodeFrame(part10, bytes, layout);
	return finish(toRgb(part10, decoded), options);
}

function finish(picture: RgbPicture, options: RenderOptions): Picture {
	const contentType = options.type ?? 'image/jpeg';
	const fits = !options.width || options.width >= longer(picture);
	const sized = fits ? picture : shrink(picture, options.width!);
	const encode = contentType === 'image/png' ? encodePng : encodeJpeg;
	return { contentType, bytes: encode(sized) };
}

/**
 * A JPEG that an archive drew, in the size and type that was asked for.
 * @throws DomainError `archive_answer_wrong` when it is no JPEG or larger than is decoded here.
 */
export function resizeJpeg(bytes: Uint8Array, options: RenderOptions): Picture {
	try {
		const { width, height, data } = jpegJs.decode(bytes, {
			useTArray: true,
			formatAsRGBA: false,
			maxResolutionInMP: 50,
			maxMemoryUsageInMB: 400
		});
		return finish({ columns: width, rows: height, data }, options);
	} catch (cause) {
		throw new DomainError('archive_answer_wrong', 'The archive drew no picture.', { cause });
	}
}
