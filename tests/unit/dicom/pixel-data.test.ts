import { describe, expect, it } from 'vitest';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { frameBytes, frameCount, frameSpans, pixelProblem } from '$lib/dicom/pixel-data.ts';
import { corpusFile, corpusFiles, itWithCorpus } from '../../support/corpus.ts';
import { encapsulated, file, join, jpegCine, rawCine } from '../../support/dicom-maker.ts';
import type { Element } from '../../support/dicom-maker.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const of = { study: '1.2.3', series: '1.2.4', sop: '1.2.5' };
const fragment = (value: number, length = 8) =>
	Uint8Array.from([0xff, 0xd8, ...new Uint8Array(length - 2).fill(value)]);
const rest = (value: number) => new Uint8Array(6).fill(value);
const image = (over: Record<string, Element> = {}): Record<string, Element> => ({
	'00080018': ['UI', '1.2.5'],
	'00280002': ['US', 1],
	'00280004': ['CS', 'MONOCHROME2'],
	'00280010': ['US', 4],
	'00280011': ['US', 4],
	'00280100': ['US', 8],
	...over
});

describe('pixel data', () => {
	it('native: one frame after the other, without a copy', () => {
		const part10 = parsePart10(rawCine(of, 3));
		expect(frameCount(part10)).toBe(3);
		expect([1, 2, 3].map((n) => frameBytes(part10, n)[0])).toEqual([10, 20, 30]);
		expect(frameBytes(part10, 1).buffer).toBe(part10.bytes.buffer);
	});

	it.each([0, 4, -1, 1.5, NaN])('has no frame %s of three', (n) => {
		expect(() => frameBytes(parsePart10(rawCine(of, 3)), n)).toThrow(/no frame/);
	});

	it.each([
		['by the basic offset table', true],
		['by the marker that begins an image, without a table', false]
	])('in several fragments a frame, %s', (_, offsets) => {
		const frames = [[fragment(1)], [fragment(2), rest(2), rest(2)], [fragment(3), rest(3)]];
		const part10 = parsePart10(jpegCine(of, frames, 4, 4, offsets));
		expect(pixelProblem(part10)).toBeNull();
		expect([1, 2, 3].map((n) => frameBytes(part10, n).length)).toEqual([8, 20, 14]);
		expect(frameBytes(part10, 2)).toEqual(
			Uint8Array.from([...fragment(2), ...rest(2), ...rest(2)])
		);
	});

	it('one fragment a frame without a table and without a marker, as RLE has it', () => {
		const tail = encapsulated([[rest(1)], [rest(2)]], false);
		const bytes = file({
			elements: image({ '00280008': ['IS', '2'] }),
			transferSyntax: '1.2.840.10008.1.2.5',
			tail
		});
		expect(frameBytes(parsePart10(bytes), 2)).toEqual(rest(2));
	});

	it('by the extended offset table', () => {
		const frames = [[rest(1), rest(1)], [rest(2)]];
		const table = hex('e07f0100 4f560000 10000000 0000000000000000 1c00000000000000');
		const bytes = file({
			elements: image({ '00280008': ['IS', '2'] }),
			transferSyntax: '1.2.840.10008.1.2.5',
			tail: join([table, encapsulated(frames, false)])
		});
		const part10 = parsePart10(bytes);
		expect(frameBytes(part10, 1)).toHaveLength(12);
		expect(frameBytes(part10, 2)).toEqual(rest(2));
	});

	it('a table that does not fit is not believed', () => {
		const good = encapsulated([[fragment(1)], [fragment(2)]]);
		const wrong = good.slice();
		wrong[24] = 99; // the second offset
		const make = (tail: Uint8Array) =>
			parsePart10(
				file({
					elements: image({ '00280008': ['IS', '2'] }),
					transferSyntax: '1.2.840.10008.1.2.4.50',
					tail
				})
			);
		expect(frameBytes(make(wrong), 2)).toEqual(frameBytes(make(good), 2));
	});

	it('one bit a pixel, frames that do not end on a byte', () => {
		const bytes = file({
			elements: image({
				'00280010': ['US', 3],
				'00280011': ['US', 3],
				'00280008': ['IS', '2'],
				'00280100': ['US', 1],
				'7FE00010': ['OB', Uint8Array.of(0b11111111, 0b10101011, 0b00000010, 0)]
			})
		});
		const part10 = parsePart10(bytes);
		expect(pixelProblem(part10)).toBeNull();
		expect([...frameBytes(part10, 1)]).toEqual([0b11111111, 0b1]);
		expect([...frameBytes(part10, 2)]).toEqual([0b01010101, 0b1]);
	});

	it('16-bit big endian comes out little endian', () => {
		const tail = hex(
			'00280010 5553 0002 0001 00280011 5553 0002 0002 00280100 5553 0002 0010' +
				'7fe00010 4f57 0000 00000004 0102 0304'
		);
		const bytes = file({ elements: {}, transferSyntax: '1.2.840.10008.1.2.2', tail });
		expect([...frameBytes(parsePart10(bytes), 1)]).toEqual([2, 1, 4, 3]);
	});

	it.each([
		['fewer bytes than pixels', image({ '00280010': ['US', 5] }), /16 bytes.*need 20/],
		['no rows', image({ '00280010': ['US', 0] }), /is 0/],
		['four gigapixels', image({ '00280010': ['US', 65535], '00280011': ['US', 65535] }), /larger/],
		['a million frames (T35)', image({ '00280008': ['IS', '1000000'] }), /need 16000000/]
	] as const)('with %s is a problem', (_, elements, problem) => {
		const bytes = file({ elements: { ...elements, '7FE00010': ['OB', new Uint8Array(16)] } });
		expect(pixelProblem(parsePart10(bytes))).toMatch(problem);
	});

	it('that is not what the transfer syntax says is a problem', () => {
		const elements = image();
		const native = file({
			elements: { ...elements, '7FE00010': ['OB', new Uint8Array(16)] },
			transferSyntax: '1.2.840.10008.1.2.4.50'
		});
		expect(pixelProblem(parsePart10(native))).toMatch(/compressed/);
		const fragments = file({ elements, tail: encapsulated([[rest(1)]]) });
		expect(pixelProblem(parsePart10(fragments))).toMatch(/uncompressed/);
	});

	itWithCorpus('of the corpus gives every frame, and its places agree', { timeout: 60_000 }, () => {
		for (const path of corpusFiles('us-cine')) {
			const part10 = parsePart10(corpusFile(path));
			expect(pixelProblem(part10), path).toBeNull();
			const spans = frameSpans(part10);
			for (let n = 1; n <= frameCount(part10); n++) {
				const bytes = frameBytes(part10, n);
				expect(bytes.length).toBeGreaterThan(0);
				const total = spans?.[n - 1]?.reduce((sum, x, i) => (i % 2 ? sum + x : sum), 0);
				if (spans) expect(total).toBe(bytes.length);
			}
		}
	});
});
