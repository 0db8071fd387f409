import jpegJs from 'jpeg-js';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { transferSyntaxOf } from '$lib/dicom/uid.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { expandSegments } from '$lib/server/archive/render-palette.ts';
import { renderFrame } from '$lib/server/archive/render.ts';
import { corpusFile, itWithCorpus } from '../../../support/corpus.ts';
import { file, jpegCine, rawCine } from '../../../support/dicom-maker.ts';
import type { Element } from '../../../support/dicom-maker.ts';

const of = { study: '1.2.3', series: '1.2.4', sop: '1.2.5' };
const image = (pixels: Uint8Array, over: Record<string, Element>) =>
	parsePart10(
		file({
			elements: {
				'00080018': ['UI', '1.2.5'],
				'00280002': ['US', 1],
				'00280004': ['CS', 'MONOCHROME2'],
				'00280010': ['US', 1],
				'00280011': ['US', 4],
				'00280100': ['US', 8],
				'00280101': ['US', 8],
				...over,
				'7FE00010': ['OW', pixels]
			}
		})
	);

/** The RGB values of a PNG of ours, to compare without loss. */
async function rgb(part10: ReturnType<typeof parsePart10>, options = {}): Promise<number[]> {
	const { bytes } = await renderFrame(part10, { type: 'image/png', ...options });
	const png = Buffer.from(bytes);
	const width = png.readUInt32BE(16);
	const height = png.readUInt32BE(20);
	const at = png.indexOf('IDAT') + 4;
	const raw = inflateSync(png.subarray(at, at + png.readUInt32BE(at - 8)));
	const out: number[] = [];
	for (let row = 0; row < height; row++) {
		for (let i = 0; i < width * 3; i++) {
			const left = i < 3 ? 0 : out.at(-3)!;
			out.push((raw[row * (width * 3 + 1) + 1 + i]! + left) & 0xff);
		}
	}
	return out;
}
const grey = (levels: number[]) => levels.flatMap((level) => [level, level, level]);

describe('a drawn frame', () => {
	it('8-bit grey is shown as it is, MONOCHROME1 the other way round', async () => {
		const pixels = Uint8Array.of(0, 100, 200, 255);
		expect(await rgb(image(pixels, {}))).toEqual(grey([0, 100, 200, 255]));
		const inverse = image(pixels, { '00280004': ['CS', 'MONOCHROME1'] });
		expect(await rgb(inverse)).toEqual(grey([255, 155, 55, 0]));
	});

	it('16-bit signed grey goes through slope, intercept and window', async () => {
		const pixels = new Uint8Array(Int16Array.of(0, 1000, 1040, 1100).buffer);
		const part10 = image(pixels, {
			'00280100': ['US', 16],
			'00280101': ['US', 16],
			'00280103': ['US', 1],
			'00281050': ['DS', '40.5'],
			'00281051': ['DS', '101'],
			'00281052': ['DS', '-1000'],
			'00281053': ['DS', '1']
		});
		// Window from −10 to 90 HU: 0 → 26, 40 → 128, 100 → white (PS3.3 C.11.2.1.2.1).
		expect(await rgb(part10)).toEqual(grey([0, 26, 128, 255]));
	});

	it('without a window the values that are there fill the range', async () => {
		const pixels = new Uint8Array(Uint16Array.of(100, 200, 300, 1100).buffer);
		const over: Record<string, Element> = { '00280100': ['US', 16], '00280101': ['US', 12] };
		expect(await rgb(image(pixels, over))).toEqual(grey([0, 26, 51, 255]));
	});

	it('palettes, RGB by plane and YBR_FULL_422 come out in their colours', async () => {
		const lut = (values: number[]): Element => [
			'OW',
			new Uint8Array(Uint16Array.from(values).buffer)
		];
		const palette = image(Uint8Array.of(0, 1, 2, 9), {
			'00280004': ['CS', 'PALETTE COLOR'],
			'00281101': ['US', [3, 0, 16]],
			'00281102': ['US', [3, 0, 16]],
			'00281103': ['US', [3, 0, 16]],
			'00281201': lut([0xff00, 0, 0x1000]),
			'00281202': lut([0, 0xff00, 0x2000]),
			'00281203': lut([0, 0, 0x3000])
		});
		expect(await rgb(palette)).toEqual([255, 0, 0, 0, 255, 0, 16, 32, 48, 16, 32, 48]);
		const planes = image(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), {
			'00280002': ['US', 3],
			'00280004': ['CS', 'RGB'],
			'00280006': ['US', 1]
		});
		expect(await rgb(planes)).toEqual([1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12]);
		const ybr = image(Uint8Array.of(76, 150, 85, 255, 29, 29, 255, 107), {
			'00280002': ['US', 3],
			'00280004': ['CS', 'YBR_FULL_422']
		});
		const [red, , , , , , , , blue] = await rgb(ybr);
		expect([red, blue]).toEqual([254, 254]);
	});

	it('is made smaller by the mean of what it covers', async () => {
		const part10 = image(Uint8Array.of(0, 100, 200, 220), {});
		expect(await rgb(part10, { width: 2 })).toEqual(grey([50, 210]));
		expect(await rgb(part10, { width: 9 })).toHaveLength(12);
	});

	it('passes a JPEG frame on as it is when nothing is asked of it', async () => {
		const data = new Uint8Array(8 * 8 * 4).fill(90);
		const frame = new Uint8Array(jpegJs.encode({ width: 8, height: 8, data }, 90).data);
		const part10 = parsePart10(jpegCine(of, [[frame]], 8, 8));
		const picture = await renderFrame(part10, {});
		expect(picture.bytes.subarray(0, frame.length)).toEqual(frame);
	});

	it('is refused for a frame that is not there, and for an object without pixels', async () => {
		const part10 = parsePart10(rawCine(of, 2));
		await expect(renderFrame(part10, { frame: 3 })).rejects.toMatchObject({ code: 'not_found' });
		const { pixels: _, ...without } = part10;
		await expect(renderFrame({ ...without, pixels: null }, {})).rejects.toMatchObject({
			code: 'unsupported'
		});
	});

	it('is refused when a JPEG frame is not what its header says', async () => {
		const part10 = parsePart10(jpegCine(of, [[Uint8Array.of(0xff, 0xd8, 1, 2, 3, 4)]], 64, 64));
		await expect(renderFrame(part10, {})).rejects.toMatchObject({ code: 'unsupported' });
	});

	it('segmented palettes are written out: runs, lines and copies', () => {
		const data = Uint16Array.of(0, 2, 10, 20, 1, 2, 40, 2, 1, 0, 0);
		expect([...expandSegments(data, 6)]).toEqual([10, 20, 30, 40, 10, 20]);
		expect(() => expandSegments(Uint16Array.of(0, 1, 5), 4)).toThrow(/damaged/);
		expect(() => expandSegments(Uint16Array.of(7, 1, 5), 4)).toThrow(/damaged/);
	});

	itWithCorpus(
		'JPEG XL is drawn in its own colours, or refused with the reason',
		async () => {
			const part10 = parsePart10(corpusFile('us-cine/dcm4che__will-jxl.dcm'));
			const { data } = jpegJs.decode((await renderFrame(part10, {})).bytes, { useTArray: true });
			// A sector on black: taken for luma and chroma once more, black would be a bright green.
			const black = [0, 1, 2].map((c) => data[c]!);
			expect(Math.max(...black)).toBeLessThan(16);

			const plain = transferSyntaxOf('1.2.840.10008.1.2.4.110')!;
			await expect(renderFrame({ ...part10, transferSyntax: plain }, {})).rejects.toMatchObject({
				code: 'unsupported',
				detail: expect.stringContaining('YBR_FULL_422')
			});
		},
		60_000
	);

	itWithCorpus.each([
		['us-cine/dcm4che__will-jxl.dcm', 'JPEG XL', 1016, 708],
		['us-still/pydicom__examples_jpeg2k.dcm', 'JPEG 2000', 640, 480],
		['us-still/dcm4che__YBR_FULL-RLE.dcm', 'RLE in YBR', 640, 480],
		['us-still/pydicom-data__gdcm-US-ALOKA-16.dcm', 'a segmented palette', 640, 480],
		['sc/pydicom-data__HTJ2K_08_RGB.dcm', 'HTJ2K', 640, 480],
		['synthetic/extras/us-mf-jpegls.dcm', 'JPEG-LS', 400, 300]
	])('%s (%s) is drawn', { timeout: 60_000 }, async (path, _, width, height) => {
		const { bytes } = await renderFrame(parsePart10(corpusFile(path)), {});
		const decoded = jpegJs.decode(bytes, { useTArray: true });
		expect([decoded.width, decoded.height]).toEqual([width, height]);
		expect(new Set(decoded.data).size).toBeGreaterThan(20);
	});
});
