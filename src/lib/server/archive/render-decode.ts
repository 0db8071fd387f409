import dcmjsCodecs from 'dcmjs-codecs';
import { DomainError } from '$lib/errors.ts';
import type { PixelLayout } from '$lib/dicom/pixel-data.ts';
import type { Part10 } from '$lib/dicom/part10.ts';

const { Context, NativeCodecs, log } = dcmjsCodecs;

/** A frame taken out of its compression, in the words that say what the samples mean. */
export interface DecodedFrame {
	/** Little endian. */
	data: Uint8Array;
	bitsAllocated: number;
	bitsStored: number;
	signed: boolean;
	samples: number;
	/** 0 by pixel, 1 by plane. */
	planar: number;
	photometric: string;
	rows: number;
	columns: number;
}

type Decoder = (context: InstanceType<typeof Context>) => InstanceType<typeof Context>;

const jpeg: Decoder = (context) =>
	NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: true });
const jpegLs: Decoder = (context) => NativeCodecs.decodeJpegLs(context);
const jpeg2000: Decoder = (context) => NativeCodecs.decodeJpeg2000(context);
const htj2k: Decoder = (context) => NativeCodecs.decodeHtJpeg2000(context);
const jpegXl: Decoder = (context) => NativeCodecs.decodeJpegXl(context);
const rle: Decoder = (context) => NativeCodecs.decodeRle(context);

/** By the part of the transfer syntax after `1.2.840.10008.1.2.`. */
const decoders: Readonly<Record<string, Decoder>> = {
	'5': rle,
	'4.50': jpeg,
	'4.51': jpeg,
	'4.53': jpeg,
	'4.55': jpeg,
	'4.57': jpeg,
	'4.70': jpeg,
	'4.80': jpegLs,
	'4.81': jpegLs,
	'4.90': jpeg2000,
	'4.91': jpeg2000,
	'4.110': jpegXl,
	'4.111': jpegXl,
	'4.112': jpegXl,
	'4.201': htj2k,
	'4.202': htj2k,
	'4.203': htj2k
};

let ready: Promise<void> | undefined;

/** @throws DomainError `unsupported` when there is no decoder for it or the decoder gives up. */
export async function decodeFrame(
	part10: Part10,
	bytes: Uint8Array,
	layout: PixelLayout
): Promise<DecodedFrame> {
	const { rows, columns, bitsAllocated, bitsStored, samples, signed, planar, photometric } = layout;
	const shape = { rows, columns, bitsStored, samples, signed };
	const { uid, frameType, name } = part10.transferSyntax;
	if (!frameType) return { ...shape, data: bytes, bitsAllocated, planar, photometric };

	const decoder = decoders[uid.replace('1.2.840.10008.1.2.', '')];
	if (!decoder) throw new DomainError('unsupported', `${name} cannot be drawn here.`);
	log.setLevel('silent');
	await (ready ??= NativeCodecs.initializeAsync());
	let decoded;
	try {
		decoded = decoder(
			new Context({
				width: columns,
				height: rows,
				bitsAllocated,
				bitsStored,
				samplesPerPixel: samples,
				pixelRepresentation: signed ? 1 : 0,
				planarConfiguration: planar,
				photometricInterpretation: photometric || 'MONOCHROME2',
				encodedBuffer: bytes
			})
		);
	} catch (cause) {
		throw new DomainError('unsupported', `The ${name} frame cannot be decoded.`, { cause });
	}
	const data = decoded.getDecodedBuffer();
	const bits = decoded.getBitsAllocated() ?? bitsAllocated;
	if (!data || data.length < rows * columns * samples * (bits / 8)) {
		throw new DomainError('unsupported', `The ${name} frame is shorter than its header says.`);
	}
	return {
		...shape,
		data,
		bitsAllocated: bits,
		planar: decoded.getPlanarConfiguration() ?? planar,
		photometric: isJpegXl(uid)
			? jpegXlColours(uid, layout)
			: (decoded.getPhotometricInterpretation() ?? photometric)
	};
}

const isJpegXl = (uid: string) => /\.4\.11[012]$/.test(uid);

/**
 * The decoder undoes XYB and the YCbCr of a recompressed JPEG (4.111), but leaves alone what somebody
 * put in as three plain channels: then it cannot be told whether those are luma and chroma or were
 * made red, green and blue by the encoder. A picture in wrong colours is worse than none.
 */
function jpegXlColours(uid: string, { samples, photometric }: PixelLayout): string {
	if (samples !== 3) return photometric;
	if (uid.endsWith('.111') || /^(RGB|XYB|YBR_RCT|YBR_ICT)$/.test(photometric)) return 'RGB';
	throw new DomainError(
		'unsupported',
		`The colours of this JPEG XL frame (${photometric.slice(0, 16)}) cannot be told.`
	);
}
