export { isUid } from '$lib/ids.ts';

/** Digits and dots, no empty part, at most 64 characters (D2). Leading zeros do occur in the field. */
export function isUsableUid(text: string): boolean {
	return text.length <= 64 && /^\d+(\.\d+)*$/.test(text);
}

/** How a transfer syntax (PS3.5 8, A) writes elements and pixels. */
export interface TransferSyntax {
	uid: string;
	name: string;
	explicit: boolean;
	littleEndian: boolean;
	deflated: boolean;
	/** Null for native pixel data, else the media type of one frame (PS3.18 8.7.3). */
	frameType: string | null;
	/** The fragments are one stream; frames cannot be taken apart. */
	video: boolean;
}

const native = (uid: string, name: string, flags: Partial<TransferSyntax> = {}) => ({
	uid,
	name,
	explicit: true,
	littleEndian: true,
	deflated: false,
	frameType: null,
	video: false,
	...flags
});
const coded = (suffix: string, name: string, frameType: string) =>
	native(`1.2.840.10008.1.2.${suffix}`, name, { frameType });
const video = (suffix: string, name: string, frameType: string) => ({
	...coded(suffix, name, frameType),
	video: true
});

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const jpegBaseline = '1.2.840.10008.1.2.4.50';

const known: TransferSyntax[] = [
	native(implicitLittleEndian, 'Implicit VR Little Endian', { explicit: false }),
	native(explicitLittleEndian, 'Explicit VR Little Endian'),
	native('1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', { deflated: true }),
	native('1.2.840.10008.1.2.2', 'Explicit VR Big Endian', { littleEndian: false }),
	coded('5', 'RLE Lossless', 'image/dicom-rle'),
	coded('4.50', 'JPEG Baseline', 'image/jpeg'),
	coded('4.51', 'JPEG Extended', 'image/jpeg'),
	coded('4.53', 'JPEG Spectral Selection', 'image/jpeg'),
	coded('4.55', 'JPEG Full Progression', 'image/jpeg'),
	coded('4.57', 'JPEG Lossless', 'image/jpeg'),
	coded('4.70', 'JPEG Lossless SV1', 'image/jpeg'),
	coded('4.80', 'JPEG-LS Lossless', 'image/jls'),
	coded('4.81', 'JPEG-LS Near-Lossless', 'image/jls'),
	coded('4.90', 'JPEG 2000 Lossless', 'image/jp2'),
	coded('4.91', 'JPEG 2000', 'image/jp2'),
	coded('4.92', 'JPEG 2000 Part 2 Lossless', 'image/jpx'),
	coded('4.93', 'JPEG 2000 Part 2', 'image/jpx'),
	coded('4.201', 'HTJ2K Lossless', 'image/jphc'),
	coded('4.202', 'HTJ2K Lossless RPCL', 'image/jphc'),
	coded('4.203', 'HTJ2K', 'image/jphc'),
	coded('4.110', 'JPEG XL Lossless', 'image/jxl'),
	coded('4.111', 'JPEG XL JPEG Recompression', 'image/jxl'),
	coded('4.112', 'JPEG XL', 'image/jxl'),
	coded('8.1', 'Deflated Image Frame', 'application/octet-stream'),
	video('4.100', 'MPEG2 Main Level', 'video/mpeg'),
	video('4.101', 'MPEG2 High Level', 'video/mpeg'),
	...['102', '103', '104', '105', '106'].map((n) => video(`4.${n}`, 'MPEG-4 H.264', 'video/mp4')),
	...['107', '108'].map((n) => video(`4.${n}`, 'HEVC H.265', 'video/mp4'))
];

const byUid = new Map(known.map((syntax) => [syntax.uid, syntax]));

/** Null for a UID that is not in PS3.5 A (private syntaxes, GE's swapped pixels, typing errors). */
export function transferSyntaxOf(uid: string): TransferSyntax | null {
	return byUid.get(uid) ?? null;
}
