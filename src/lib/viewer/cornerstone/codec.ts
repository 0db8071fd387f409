import { getWebWorkerManager } from '@cornerstonejs/core';
import type { Part10 } from '../part10.ts';
import type { Samples } from '../pixels.ts';
import { acquire } from './runtime.ts';

export interface Decoded {
	samples: Samples;
	/** What the samples are now. */
	photometric: string;
	planar: number;
}

/** What the engine's workers answer; planes apart when JPEG-LS was not interleaved. */
interface Answer {
	pixelData?: Samples;
	interleaveMode?: number;
}

const jpegXl = ['1.2.840.10008.1.2.4.110', '1.2.840.10008.1.2.4.111', '1.2.840.10008.1.2.4.112'];
const jpegLs = ['1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.81'];
const rle = '1.2.840.10008.1.2.5';

/**
 * Decodes one frame in the engine's workers, which load the codec they need: RLE, JPEG (all
 * processes), JPEG-LS, JPEG 2000, HTJ2K, JPEG XL. Rejects for what they cannot do.
 */
export async function decodeFrame(file: Part10, bytes: Uint8Array): Promise<Decoded> {
	const runtime = acquire();
	try {
		const { layout, transferSyntax } = file;
		const answer = (await getWebWorkerManager().executeTask('dicomImageLoader', 'decodeTask', {
			imageFrame: {
				rows: layout.rows,
				columns: layout.columns,
				samplesPerPixel: layout.samples,
				bitsAllocated: layout.bitsAllocated,
				bitsStored: layout.bitsStored,
				pixelRepresentation: layout.signed ? 1 : 0,
				planarConfiguration: layout.planar,
				photometricInterpretation: layout.photometric
			},
			transferSyntax,
			// A view would carry the whole file across.
			pixelData: bytes.slice(),
			options: { preScale: { enabled: false }, allowFloatRendering: true },
			decodeConfig: {}
		})) as Answer;
		if (!answer.pixelData) throw new Error('The decoder gave no pixels.');
		return {
			samples: answer.pixelData,
			photometric: photometricAfter(transferSyntax, layout),
			planar: planarAfter(transferSyntax, layout.planar, answer.interleaveMode)
		};
	} finally {
		runtime.release();
	}
}

function photometricAfter(syntax: string, layout: Part10['layout']): string {
	// The JPEG XL decoder turns what was a YBR JPEG into RGB itself.
	return jpegXl.includes(syntax) && layout.samples === 3 ? 'RGB' : layout.photometric;
}

function planarAfter(syntax: string, planar: number, interleaveMode: number | undefined): number {
	if (syntax === rle) return planar;
	return jpegLs.includes(syntax) && interleaveMode === 0 ? 1 : 0;
}
