import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPart10 } from '../../../src/lib/viewer/part10.ts';
import { corpus, corpusFile, hasCorpus } from '../../support/corpus.ts';

describe.skipIf(!hasCorpus)('opening stored files', () => {
	it('finds every frame of the ultrasound files', () => {
		for (const folder of ['us-cine', 'us-still']) {
			for (const name of readdirSync(join(corpus, folder))) {
				const opened = openPart10(corpusFile(`${folder}/${name}`));
				if (opened.kind !== 'frames') throw new Error(`${name}: ${JSON.stringify(opened)}`);
				expect(opened.frames.every(Boolean), name).toBe(true);
			}
		}
	});
	it('of a file that is cut off the whole frames remain', () => {
		const whole = corpusFile('us-cine/go-dicom__I_000001.dcm');
		const opened = openPart10(whole.subarray(0, whole.length >> 1));
		if (opened.kind !== 'frames') throw new Error(opened.kind);
		expect(opened.frames).toHaveLength(34);
		const present = opened.frames.filter(Boolean).length;
		expect(present).toBeGreaterThan(10);
		expect(present).toBeLessThan(34);
		const raw = corpusFile('synthetic/extras/us-mf-raw.dcm');
		const cut = openPart10(raw.subarray(0, raw.length - 100));
		expect(cut.kind === 'frames' && cut.frames.filter(Boolean).length).toBe(7);
	});
	it('a video is a stream for the player, and MPEG-2 says so', () => {
		const opened = openPart10(corpusFile('synthetic/extras/video-h264.dcm'));
		expect(opened).toMatchObject({ kind: 'movie', mimeType: 'video/mp4' });
		expect(openPart10(corpusFile('synthetic/extras/video-mpeg2.dcm'))).toEqual({
			kind: 'none',
			reason: 'video-mpeg2'
		});
	});
	it('every damaged file ends in frames or a reason, soon', () => {
		for (const folder of ['malformed', 'synthetic/malformed']) {
			for (const name of readdirSync(join(corpus, folder))) {
				if (!name.endsWith('.dcm')) continue;
				const begun = performance.now();
				const opened = openPart10(corpusFile(`${folder}/${name}`));
				expect(['frames', 'movie', 'none'], name).toContain(opened.kind);
				expect(performance.now() - begun, name).toBeLessThan(2000);
			}
		}
	});
});

describe('opening what is no image', () => {
	it('says so', () => {
		expect(openPart10(new Uint8Array())).toEqual({ kind: 'none', reason: 'not-dicom' });
		expect(openPart10(new TextEncoder().encode('%PDF-1.7'))).toEqual({
			kind: 'none',
			reason: 'not-dicom'
		});
	});
});
