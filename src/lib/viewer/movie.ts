import { fragmentsOf } from './fragments.ts';

/** Encapsulated video: all fragments together are one stream (PS3.5 8.2.5 to 8.2.8). */
export interface Movie {
	kind: 'movie';
	transferSyntax: string;
	/** In order; together the file that was put into the object. */
	parts: Uint8Array[];
	/** For the browser's player. */
	mimeType: string;
}

const mpeg2 = ['1.2.840.10008.1.2.4.100', '1.2.840.10008.1.2.4.101'];
/** Also in its fragmentable form, `….100.1`. */
export const isMpeg2 = (syntax: string) =>
	mpeg2.some((one) => syntax === one || syntax.startsWith(`${one}.`));

/** Null for an object that holds no stream, or not its beginning. */
export function movieOf(file: Uint8Array, start: number, transferSyntax: string): Movie | null {
	// What is cut off at the end still plays up to there.
	const parts = fragmentsOf(file, start).items.map((item) => item.bytes);
	const [first] = parts;
	if (!first || first.length < 12) return null;
	return { kind: 'movie', transferSyntax, parts, mimeType: mimeTypeOf(first) };
}

/** ISO 14496-12 box `ftyp`; the sync byte of a transport stream, twice; else a program stream. */
function mimeTypeOf(bytes: Uint8Array): string {
	const word = String.fromCharCode(...bytes.subarray(4, 8));
	if (word === 'ftyp') return 'video/mp4';
	return bytes[0] === 0x47 && bytes[188] === 0x47 ? 'video/mp2t' : 'video/mpeg';
}

/** Where a moment of the stream lies in its frames, from 1. A hair late counts as the next frame. */
export function movieFrame(seconds: number, duration: number, frames: number): number {
	if (!(duration > 0) || frames <= 1) return 1;
	const frame = Math.floor((seconds / duration) * frames + 0.01) + 1;
	return Math.min(frames, Math.max(1, frame));
}

/** The middle of a frame: players round to either side of its edges. */
export const movieTime = (frame: number, duration: number, frames: number): number =>
	frames <= 1 ? 0 : ((frame - 0.5) / frames) * duration;
