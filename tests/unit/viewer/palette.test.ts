import { describe, expect, it } from 'vitest';
import { expanded } from '../../../src/lib/viewer/palette.ts';
import { openPart10 } from '../../../src/lib/viewer/part10.ts';
import { corpusFile, hasCorpus } from '../../support/corpus.ts';

describe('segmented palettes', () => {
	it('a discrete segment lists, a linear one runs to its value', () => {
		expect(expanded([0, 2, 10, 20, 1, 4, 60], 100)).toEqual([10, 20, 30, 40, 50, 60]);
	});
	it('an indirect segment repeats earlier ones', () => {
		expect(expanded([0, 1, 7, 1, 2, 9, 2, 2, 0, 0], 100)).toEqual([7, 8, 9, 7, 8, 9]);
	});
	it('damage ends it with what there is, and no count costs memory', () => {
		expect(expanded([0, 1, 7, 9, 9], 100)).toEqual([7]);
		expect(expanded([0, 1, 5, 1, 60000, 9], 10)).toHaveLength(10);
	});
	it.skipIf(!hasCorpus)('the Aloka still has all 65536 colours', () => {
		const opened = openPart10(corpusFile('us-still/pydicom-data__gdcm-US-ALOKA-16.dcm'));
		expect(opened.kind === 'frames' && opened.layout.palette?.red.length).toBe(65536);
	});
});
