import { describe, expect, it } from 'vitest';
import { frameAt, frameTimesMs, playbackOf, startOf } from '../../../src/lib/viewer/cine.ts';
import { one, picture } from './build.ts';

const clip = (frames: number, more: Parameters<typeof picture>[1] = {}) =>
	picture([], { '00280008': one('IS', frames), ...more });
const frameTime = (ms: number) => ({ '00181063': one('DS', ms) });
const vector = (...ms: number[]) => ({ '00181065': { vr: 'DS', Value: ms } });

describe('frame times', () => {
	it('come from frame time', () => {
		expect(frameTimesMs(clip(3, frameTime(25)))).toEqual([0, 25, 50]);
	});
	it('come from the vector, whose first value is no step', () => {
		expect(frameTimesMs(clip(3, vector(33.333, 50, 20)))).toEqual([0, 50, 70]);
	});
	it('are unknown without either, whatever the rates say', () => {
		expect(frameTimesMs(clip(3, { '00180040': one('IS', 40) }))).toBeNull();
	});
	it('a vector of the wrong length is not believed', () => {
		expect(frameTimesMs(clip(3, vector(0, 50)))).toBeNull();
	});
});

describe('playback', () => {
	it('a rate that is only the rounded frame time plays at the exact time', () => {
		const dataset = clip(27, {
			...frameTime(47.4359),
			'00080018': one('UI', '1.2.3'),
			'00082144': one('IS', 21),
			'00180040': one('IS', 21)
		});
		const playback = playbackOf(dataset);
		expect(playback.durationsMs[0]).toBeCloseTo(47.4359, 6);
		expect(playback).toMatchObject({ source: 'frame-time', trueSpeed: 1 });
		expect(playback.rate).toBeCloseTo(21.081, 3);
	});
	it('a recommended rate of its own is followed, and how far it is from true time is told', () => {
		const playback = playbackOf(clip(10, { ...frameTime(20), '00082144': one('IS', 25) }));
		expect(playback).toMatchObject({ source: 'recommended', rate: 25, trueSpeed: 0.5 });
	});
	it('cine rate comes before frame time, recommended before both', () => {
		const rates = { '00180040': one('IS', 10), '00082144': one('IS', 15) };
		expect(playbackOf(clip(4, { ...rates, ...frameTime(20) })).rate).toBeCloseTo(15);
		expect(playbackOf(clip(4, { '00180040': one('IS', 10), ...frameTime(20) })).rate).toBeCloseTo(
			10
		);
		expect(playbackOf(clip(4, frameTime(20))).rate).toBeCloseTo(50);
	});
	it('says nothing: 30 a second, and it is called assumed', () => {
		const playback = playbackOf(clip(4));
		expect(playback).toMatchObject({ source: 'assumed', trueSpeed: null });
		expect(playback.rate).toBeCloseTo(30);
	});
	it('frames of uneven length stand as long as they were', () => {
		const playback = playbackOf(clip(3, vector(20, 20, 40)));
		expect(playback.durationsMs).toEqual([20, 40, 40]);
		expect([0, 19, 20, 59, 60, 99, 100].map((ms) => frameAt(playback, ms))).toEqual([
			1, 1, 2, 2, 3, 3, 1
		]);
	});
	it('plays between the trims', () => {
		const playback = playbackOf(
			clip(10, { ...frameTime(10), '00082142': one('IS', 3), '00082143': one('IS', 5) })
		);
		expect([0, 10, 20, 30].map((ms) => frameAt(playback, ms))).toEqual([3, 4, 5, 3]);
	});
	it('sweeps back and forth without showing the ends twice', () => {
		const playback = playbackOf(clip(4, { ...frameTime(10), '00181244': one('US', 1) }));
		const shown = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => frameAt(playback, step * 10 + 1));
		expect(shown).toEqual([1, 2, 3, 4, 3, 2, 1, 2]);
	});
	it('a late painter skips frames: only the time decides', () => {
		const playback = playbackOf(clip(40, frameTime(25)));
		expect(frameAt(playback, 10_000 + 130)).toBe(6);
		expect(frameAt(playback, -25)).toBe(40);
	});
	it('start and frame are inverse', () => {
		const playback = playbackOf(clip(5, vector(0, 20, 40, 20, 30)));
		for (let frame = 1; frame <= 5; frame++)
			expect(frameAt(playback, startOf(playback, frame))).toBe(frame);
	});
	it('a damaged number of frames costs no memory', () => {
		expect(playbackOf(clip(2_000_000_000)).durationsMs.length).toBeLessThanOrEqual(100_000);
	});
});
