import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { corpus, corpusFile, hasCorpus } from '../../support/corpus.ts';
import { fieldOf, judge, placed, read, truthOf } from '../../support/sr-truth.ts';

describe.skipIf(!hasCorpus)('populating from reports whose content is known', () => {
	const cases = [
		['tte-20260312', 70],
		['tte-20250304', 134],
		['carotid-20260315', 39]
	] as const;
	it.each(cases)('puts every item of %s into its field, none into another', (folder, count) => {
		const [truth] = truthOf(folder);
		if (!truth) throw new Error('no truth');
		const result = judge(read(`${folder}/${truth.file}`), truth.items);
		expect(result.wrong).toEqual([]);
		expect(result.named).toBe(count);
		expect(result.unmapped).toEqual([]);
		expect(result.warnings).toEqual([]);
		// Nothing but what the truth names: no field is filled by anything else.
		const fields = truth.items.filter((item) => item.measurementId).map(fieldOf);
		expect(Object.keys(result.entries).sort()).toEqual([...new Set(fields)].sort());
	});

	it('keeps one entry where the machine sent everything twice, the other as its sample', () => {
		const { entries } = placed(read('tte-20250304/SR-TID5200-legacy.dcm'));
		expect(Object.values(entries).every((list) => list.length === 1)).toBe(true);
		expect(entries.lvidd?.[0]).toMatchObject({
			value: 4.7,
			unit: 'cm',
			asSent: { value: 47, unit: 'mm' },
			derivation: 'mean',
			source: { contentPath: '1.5.2.2', calculated: false },
			samples: [{ value: 4.7, selected: false, source: { contentPath: '1.5.2.3' } }]
		});
		expect(entries.lvef_biplane?.[0]?.source).toMatchObject({ calculated: true });
		expect(entries.tapse?.[0]).toMatchObject({
			value: 23,
			unit: 'mm',
			asSent: { value: 2.3, unit: 'cm' }
		});
	});

	it('leads from a number to the frame and the points it was measured at', () => {
		const [truth] = truthOf('tte-20260312');
		const { byPath } = placed(read('tte-20260312/SR-TID5200-sct.dcm'));
		const drawn = truth?.items.filter((item) => item.coordinates?.length) ?? [];
		expect(drawn.length).toBeGreaterThan(10);
		for (const { contentPath, coordinates } of drawn) {
			const source = byPath.get(contentPath)?.entry.source;
			expect(source?.kind === 'sr' && source.image?.sopInstanceUid).toBe(
				coordinates?.[0]?.sopInstanceUID
			);
			expect(source?.kind === 'sr' && source.image?.points.length).toBe(coordinates?.[0]?.points);
		}
	});

	it.each([
		'SR-TID5200-big-endian.dcm',
		'SR-TID5200-deflated.dcm',
		'SR-TID5200-implicit-undefined-length.dcm'
	])('reads the same from %s', (file) => {
		const [truth] = truthOf('tte-20260312');
		const result = judge(read(`extras/${file}`), truth?.items ?? []);
		expect(result.wrong).toEqual([]);
		expect(result.named).toBe(70);
	});

	it.each(['SR-TID5300-simplified-echo.dcm', 'SR-TID1500.dcm'])('reads %s', (file) => {
		const truth = truthOf('extras').find((one) => one.file === file);
		const result = judge(read(`extras/${file}`), truth?.items ?? []);
		expect(result.wrong).toEqual([]);
		expect(result.named).toBeGreaterThan(0);
	});

	it('reads fetal biometry, and leaves the ages of single measurements unmapped', () => {
		const { entries, unmapped } = placed(read('extras/SR-TID5000-OB.dcm'));
		expect(entries.fetal_bpd?.[0]).toMatchObject({ value: 8.1, unit: 'cm' });
		expect(entries.fetal_efw?.[0]).toMatchObject({ value: 1890, unit: 'g' });
		expect(new Set(unmapped.map((one) => one.codeValue))).toEqual(new Set(['18185-9']));
	});

	it('fills nothing but body size from reports of other trades, and fails on none', () => {
		const files = readdirSync(join(corpus, 'sr'));
		expect(files.length).toBeGreaterThan(20);
		const filled = files.flatMap((file) => {
			const document = readSr(parsePart10(corpusFile(`sr/${file}`)).dataset);
			return Object.keys(placed(document).entries).map((field) => `${file} ${field}`);
		});
		expect(filled).toEqual(['height', 'weight'].map((id) => `openREM__NM-RRDSR-Siemens.dcm ${id}`));
	});

	it('scores the segments at rest and keeps the peak stage out', () => {
		const [truth] = truthOf('stress-20260318');
		const document = read('stress-20260318/SR-wall-motion.dcm');
		const result = judge(document, truth?.items ?? []);
		expect(result.wrong).toEqual([]);
		const segments = Object.keys(result.entries).filter((id) => id.startsWith('lv_wm_seg_'));
		expect(segments).toHaveLength(17);
		expect(result.entries.lv_wm_seg_01?.[0]).toMatchObject({ value: '1', derivation: 'visual' });
		expect(result.unmapped).toHaveLength(17);
	});
});
