import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { DomainError } from '$lib/errors.ts';
import { items, number, numbers, personName, text, texts } from '$lib/dicom/json.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { tags } from '$lib/dicom/tags.ts';
import { corpusFile, corpusFiles, corpusJson, itWithCorpus } from '../../support/corpus.ts';
import { dataset, element, file, join, rawCine, report } from '../../support/dicom-maker.ts';
import type { Element } from '../../support/dicom-maker.ts';

const of = { study: '1.2.3', series: '1.2.4', sop: '1.2.5' };
const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const minimal: Record<string, Element> = {
	'00080016': ['UI', '1.2.840.10008.5.1.4.1.1.7'],
	'00080018': ['UI', '1.2.5']
};
const refusal = (bytes: Uint8Array, limits = {}) => {
	try {
		parsePart10(bytes, limits);
	} catch (e) {
		expect(e).toBeInstanceOf(DomainError);
		return e as DomainError;
	}
	throw new Error('It was read.');
};

describe('a DICOM file', () => {
	it('is read into the JSON model', () => {
		const { dataset, meta, transferSyntax, lacks, warnings } = parsePart10(rawCine(of));
		expect(text(meta, tags.TransferSyntaxUID)).toBe('1.2.840.10008.1.2.1');
		expect(transferSyntax).toMatchObject({ explicit: true, littleEndian: true, frameType: null });
		expect(lacks).toEqual([]);
		expect(warnings).toEqual([]);
		expect(dataset[tags.PatientName]).toEqual({
			vr: 'PN',
			Value: [{ Alphabetic: 'Example^Erika' }]
		});
		expect(dataset[tags.NumberOfFrames]).toEqual({ vr: 'IS', Value: [3] });
		expect(dataset[tags.FrameIncrementPointer]).toEqual({ vr: 'AT', Value: ['00181063'] });
		expect(dataset[tags.PixelData]).toBeUndefined();
	});

	it('keeps its tree, with text decoded inside sequences', () => {
		const { dataset } = parsePart10(report(of, '身長 170 cm'));
		const [measured, finding] = items(dataset, tags.ContentSequence);
		expect(text(finding!, tags.TextValue)).toBe('身長 170 cm');
		const [value] = items(measured!, tags.MeasuredValueSequence);
		expect(number(value!, tags.NumericValue)).toBe(4.7);
		expect(items(dataset, tags.ViewCodeSequence)).toEqual([]);
	});

	it('keeps empty values, numbers that are none, and several values apart', () => {
		const { dataset } = parsePart10(
			file({
				elements: {
					...minimal,
					'00080008': ['CS', 'ORIGINAL\\\\PRIMARY'],
					'00080020': ['DA', ''],
					'00181065': ['DS', '0\\33.3\\abc\\1e999'],
					'00280106': ['US', 65535],
					'00186018': ['UL', [1, 2]],
					'0018602C': ['FD', [0.0254767]]
				}
			})
		);
		expect(dataset['00080008']).toEqual({ vr: 'CS', Value: ['ORIGINAL', null, 'PRIMARY'] });
		expect(dataset['00080020']).toEqual({ vr: 'DA' });
		expect(dataset['00181065']!.Value).toEqual([0, 33.3, 'abc', '1e999']);
		expect(numbers(dataset, '00181065')).toEqual([0, 33.3, null, null]);
		expect(texts(dataset, '00080008')).toEqual(['ORIGINAL', '', 'PRIMARY']);
		expect(dataset['00280106']!.Value).toEqual([65535]);
		expect(dataset['00186018']!.Value).toEqual([1, 2]);
		expect(number(dataset, '0018602C')).toBe(0.0254767);
		expect(number(dataset, '00080020')).toBeNull();
	});

	it('names long binary values instead of copying them', () => {
		const long = new Uint8Array(3000).fill(7);
		const { dataset, bulk, bytes } = parsePart10(
			file({
				elements: {
					...minimal,
					'00091001': ['OB', Uint8Array.of(1, 2)],
					'00420011': ['OB', long],
					'54000100': ['SQ', [{ '54001010': ['OW', long] }]]
				}
			})
		);
		expect(dataset['00091001']).toEqual({ vr: 'OB', InlineBinary: 'AQI=' });
		expect(dataset['00420011']).toEqual({ vr: 'OB', BulkDataURI: 'bulk/00420011' });
		const span = bulk.get('bulk/54000100/1/54001010')!;
		expect(bytes.subarray(span.offset, span.offset + span.length)).toEqual(long);
	});

	it('takes VRs from the dictionary when the file has none', () => {
		const implicit = join([
			hex('08001800 06000000'),
			new TextEncoder().encode('1.2.5\0'),
			hex('10001000 04000000'),
			new TextEncoder().encode('A^B '),
			hex('28001000 02000000 1000'),
			hex('09001000 04000000'),
			new TextEncoder().encode('ACME'),
			hex('09000110 02000000 0102')
		]);
		const { dataset } = parsePart10(
			file({ elements: {}, transferSyntax: '1.2.840.10008.1.2', tail: implicit })
		);
		expect(text(dataset, tags.SOPInstanceUID)).toBe('1.2.5');
		expect(personName(dataset, tags.PatientName).alphabetic).toBe('A^B');
		expect(number(dataset, tags.Rows)).toBe(16);
		expect(text(dataset, '00090010')).toBe('ACME');
		expect(dataset['00091001']!.vr).toBe('UN');
	});

	it('reads big endian', () => {
		const big = join([
			hex('00080018 5549 0006'),
			new TextEncoder().encode('1.2.5\0'),
			hex('00280010 5553 0002 0010')
		]);
		const { dataset } = parsePart10(
			file({ elements: {}, transferSyntax: '1.2.840.10008.1.2.2', tail: big })
		);
		expect(number(dataset, tags.Rows)).toBe(16);
		expect(text(dataset, tags.SOPInstanceUID)).toBe('1.2.5');
	});

	it('reads deflated data sets, and stops one that grows', () => {
		const plain = dataset({ ...minimal, '00104000': ['LT', 'x'.repeat(5000)] });
		const deflated = (bytes: Uint8Array) =>
			file({
				elements: {},
				transferSyntax: '1.2.840.10008.1.2.1.99',
				tail: new Uint8Array(deflateRawSync(bytes))
			});
		expect(text(parsePart10(deflated(plain)).dataset, tags.SOPInstanceUID)).toBe('1.2.5');
		const bomb = deflated(dataset({ ...minimal, '00104000': ['UT', 'x'.repeat(8_000_000)] }));
		expect(refusal(bomb)).toMatchObject({ code: 'too_large' });
		expect(refusal(deflated(plain), { maxInflatedBytes: 1000 })).toMatchObject({
			code: 'too_large'
		});
		const broken = file({
			elements: {},
			transferSyntax: '1.2.840.10008.1.2.1.99',
			tail: new Uint8Array(50).fill(0xff)
		});
		expect(refusal(broken)).toMatchObject({ code: 'invalid_input' });
	});

	it('without meta length, preamble or meta information is read, and says so', () => {
		expect(parsePart10(file({ elements: minimal, noMetaLength: true })).lacks).toEqual([]);
		const whole = file({ elements: minimal });
		expect(parsePart10(whole.subarray(132)).lacks).toEqual(['preamble']);
		expect(parsePart10(dataset(minimal)).lacks).toEqual(['preamble', 'meta', 'transferSyntax']);
	});

	it('reads elements of unknown VR that we know', () => {
		const { dataset } = parsePart10(
			file({ elements: { ...minimal, '00100010': ['UN', new TextEncoder().encode('A^B')] } })
		);
		expect(dataset[tags.PatientName]).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'A^B' }] });
	});

	it.each([
		[
			'a transfer syntax that nobody knows',
			file({ elements: minimal, transferSyntax: '1.2.3' }),
			'unsupported',
			/1\.2\.3/
		],
		['nothing', new Uint8Array(), 'invalid_input', /empty/],
		[
			'something else',
			new TextEncoder().encode('Hello '.repeat(50)),
			'invalid_input',
			/not a DICOM file/
		],
		[
			'an element that is there twice',
			file({ elements: minimal, tail: element('00080018', ['UI', '9']) }),
			'invalid_input',
			/out of order|twice/
		],
		[
			'bytes after the pixels',
			file({
				elements: { ...minimal, '7FE00010': ['OB', new Uint8Array(4)] },
				tail: element('00100010', ['PN', 'X'])
			}),
			'invalid_input',
			/after the end/
		],
		[
			'a length beyond the end',
			file({ elements: minimal, tail: hex('20000d00 5549 ff00 31') }),
			'invalid_input',
			/announces 255 bytes, 1 are left/
		]
	] as const)('refuses %s', (_, bytes, code, detail) => {
		const e = refusal(bytes);
		expect(e.code).toBe(code);
		expect(e.detail).toMatch(detail);
	});

	it('counts depth and elements', () => {
		let nested: Element = ['SQ', [{}]];
		for (let i = 0; i < 30; i++) nested = ['SQ', [{ '0040A730': nested }]];
		const bytes = file({ elements: { ...minimal, '0040A730': nested } });
		expect(() => parsePart10(bytes)).not.toThrow();
		expect(refusal(bytes, { maxDepth: 10 }).detail).toMatch(/deeper than 10/);
		expect(refusal(bytes, { maxElements: 20 })).toMatchObject({ code: 'too_large' });
	});

	it('never does anything but return or refuse, whatever bytes are changed', () => {
		const bytes = report(of);
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
					minLength: 1,
					maxLength: 12
				}),
				(changes) => {
					const changed = bytes.slice();
					for (const [at, value] of changes) changed[at] = value;
					try {
						JSON.stringify(parsePart10(changed).dataset);
					} catch (e) {
						if (!(e instanceof DomainError)) throw e;
					}
				}
			),
			{ numRuns: 500 }
		);
	});

	itWithCorpus('of the corpus is read, apart from the damaged ones', { timeout: 60_000 }, () => {
		const unreadable = corpusFiles('').filter((path) => {
			if (/malformed|dicomdir/.test(path)) return false;
			try {
				parsePart10(corpusFile(path));
				return false;
			} catch {
				return true;
			}
		});
		expect(unreadable).toEqual([]);
	});

	itWithCorpus('says of the corpus what its manifest says', { timeout: 60_000 }, () => {
		interface Entry {
			file: string;
			category: string;
			sopClassUID?: string;
			transferSyntaxUID?: string;
			rows?: number | null;
			columns?: number | null;
			frames?: number | null;
			photometric?: string | null;
			usRegions?: number | null;
		}
		const { files } = corpusJson<{ files: Entry[] }>('manifest.json');
		const wrong: string[] = [];
		let compared = 0;
		for (const entry of files) {
			if (!entry.file.endsWith('.dcm') || /malformed/.test(entry.category)) continue;
			if (entry.file.includes('!/') || /dicomdir/.test(entry.category)) continue;
			const { dataset, transferSyntax, lacks } = parsePart10(corpusFile(entry.file));
			const say = (what: string, ours: unknown, theirs: unknown) => {
				if (theirs === undefined || theirs === null || theirs === '') return;
				compared++;
				if (String(ours) !== String(theirs))
					wrong.push(`${entry.file} ${what}: ${ours} instead of ${theirs}`);
			};
			say('rows', number(dataset, tags.Rows), entry.rows);
			say('columns', number(dataset, tags.Columns), entry.columns);
			say('photometric', text(dataset, tags.PhotometricInterpretation), entry.photometric);
			say('class', text(dataset, tags.SOPClassUID), entry.sopClassUID);
			const stated = !lacks.includes('transferSyntax');
			if (stated) say('syntax', transferSyntax.uid, entry.transferSyntaxUID);
			const regions = items(dataset, tags.SequenceOfUltrasoundRegions).length;
			say('regions', regions, entry.usRegions);
		}
		expect(wrong).toEqual([]);
		expect(compared).toBeGreaterThan(1000);
	});
});
