import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DicomJson } from '$lib/dicom/json.ts';
import { observations } from '$lib/dicom/sr/observation.ts';
import { match } from '$lib/dicom/sr/match.ts';
import { limits, readSr } from '$lib/dicom/sr/read.ts';
import { DomainError } from '$lib/errors.ts';
import {
	container,
	coordinates,
	emptyNum,
	image,
	is,
	num,
	reference,
	report,
	text
} from './build.ts';

const first = (dataset: DicomJson) => readSr(dataset).root.children[0];

describe('reading the content tree', () => {
	it('numbers items by their place, by-reference items too', () => {
		const document = readSr(
			report([
				container('DCM 111028 Image Library', image('9.8.7', 3)),
				container('DCM 125007 Measurement Group', num('LN 1-1 a', 1, 'cm', reference(1, 1, 1)))
			])
		);
		const reading = document.root.children[1]?.children[0];
		expect(reading?.path).toBe('1.2.1');
		expect(reading?.children[0]).toMatchObject({
			path: '1.2.1.1',
			reference: '1.1.1',
			valueType: 'IMAGE'
		});
	});

	it('gives coordinates the image they are selected from, by value and by reference', () => {
		const line = [10, 20, 30, 40.5];
		const document = readSr(
			report([
				container('DCM 111028 Image Library', image('9.8.7', 3)),
				num('LN 1-1 a', 1, 'cm', coordinates('POLYLINE', line, image('5.5', 2))),
				num('LN 1-1 a', 1, 'cm', coordinates('POLYLINE', line, reference(1, 1, 1)))
			])
		);
		const [, byValue, byReference] = document.root.children.map(
			(child) => child.children[0]?.image
		);
		expect(byValue).toMatchObject({ sopInstanceUid: '5.5', frame: 2, graphicType: 'POLYLINE' });
		expect(byReference).toMatchObject({ sopInstanceUid: '9.8.7', frame: 3 });
		expect(byReference?.points).toEqual([
			[10, 20],
			[30, 40.5]
		]);
	});

	it('keeps a coordinate whose image is missing', () => {
		const item = first(report([num('LN 1-1 a', 1, 'cm', coordinates('POINT', [1, 2]))]));
		expect(item?.children[0]?.image).toMatchObject({ sopInstanceUid: '', points: [[1, 2]] });
	});

	it('reads a number without unit, an empty one, a text one', () => {
		const values = [num('LN 1-1 a', 4, null), emptyNum('LN 1-1 a'), num('LN 1-1 a', '4,9', 'cm')];
		const document = readSr(report(values));
		expect(document.root.children.map((child) => child.number)).toEqual([
			{ value: 4, unit: { value: '', scheme: '', meaning: '' } },
			null,
			null
		]);
	});

	it('walks through items of a type that it does not know', () => {
		const odd = container('DCM 1 x', num('LN 1-1 a', 1, 'cm'));
		odd['0040A040'] = { vr: 'CS', Value: ['TABLE'] };
		expect(first(report([odd]))?.children[0]?.number?.value).toBe(1);
	});

	it('takes long and URN codes as code values', () => {
		const item = is('SCT 1 x', 'SCT 2 y');
		item['0040A168'] = {
			vr: 'SQ',
			Value: [
				{ '00080120': { vr: 'UR', Value: ['urn:x:1'] }, '00080104': { vr: 'LO', Value: ['y'] } }
			]
		};
		expect(first(report([item]))?.code).toEqual({ value: 'urn:x:1', scheme: '', meaning: 'y' });
	});

	it('leaves nothing in texts that a JSON column refuses', () => {
		const item = first(report([text('DCM 121106 Comment', 'a\u0000b\ud800')]));
		expect(item?.text).toBe('ab\ufffd');
	});

	it('reads the header: dates only when they are days, size in cm', () => {
		const document = readSr(
			report([], {
				'00100030': { vr: 'DA', Value: ['19610431'] },
				'00101020': { vr: 'DS', Value: [1.64] },
				'00101030': { vr: 'DS', Value: ['71.5'] },
				'0040A504': { vr: 'SQ', Value: [{ '0040DB00': { vr: 'CS', Value: ['5200'] } }] }
			})
		);
		expect(document.patient).toMatchObject({
			birthDate: null,
			sex: 'female',
			heightCm: 164,
			weightKg: 71.5
		});
		expect(document.template).toBe('5200');
		expect(document.contentAt).toBe('2026-03-12T11:30:00');
	});

	it('does not guess a size of 164 metres', () => {
		const document = readSr(report([], { '00101020': { vr: 'DS', Value: [164] } }));
		expect(document.patient.heightCm).toBeNull();
	});

	it('refuses an object without content', () => {
		expect(() => readSr({ '00080018': { vr: 'UI', Value: ['1.2'] } })).toThrow(DomainError);
	});

	it('refuses a tree that is too deep or too large, in words', () => {
		let deep = num('LN 1-1 a', 1, 'cm');
		for (let i = 0; i < limits.depth + 5; i++) deep = container('DCM 1 x', deep);
		expect(() => readSr(report([deep]))).toThrow(/nested too deeply/);
		const wide = new Array<DicomJson>(limits.items + 1).fill({
			'0040A040': { vr: 'CS', Value: ['NUM'] }
		});
		expect(() => readSr(report(wide))).toThrow(/too many items/);
	});
});

describe('hostile content', () => {
	const anyValue = fc.oneof(
		fc.string(),
		fc.double(),
		fc.integer(),
		fc.constant(null),
		fc.constantFrom(
			'NUM',
			'CODE',
			'SCOORD',
			'IMAGE',
			'CONTAINER',
			'CONTAINS',
			'SCT',
			'LN',
			'11726-7'
		)
	);
	const tag = fc.constantFrom(
		...['0040A040', '0040A010', '0040A043', '0040A168', '0040A300', '0040A30A', '004008EA'],
		...['0040A730', '0040DB73', '00081199', '00081155', '00081160', '00700022', '00700023'],
		...['00080100', '00080102', '00080104', '0040A160', '00100030', '00101020', '0040A504']
	);
	const tree = fc.letrec((tie) => ({
		dataset: fc.dictionary(tag, tie('element'), { maxKeys: 8 }),
		element: fc.record(
			{
				vr: fc.constantFrom('SQ', 'CS', 'DS', 'FL', 'UL', 'UN'),
				Value: fc.array(fc.oneof({ depthSize: 'medium' }, anyValue, tie('dataset')), {
					maxLength: 5
				})
			},
			{ requiredKeys: ['vr'] }
		)
	})).dataset as fc.Arbitrary<DicomJson>;

	it('never throws anything but a DomainError, and is read to the end', { timeout: 30_000 }, () => {
		fc.assert(
			fc.property(tree, (dataset) => {
				try {
					const document = readSr(dataset);
					for (const observation of observations(document)) match(observation);
					JSON.stringify(document);
				} catch (error) {
					expect(error).toBeInstanceOf(DomainError);
				}
			}),
			{ numRuns: 300 }
		);
	});
});
