import { describe, expect, it } from 'vitest';
import { isMpeg2, movieFrame, movieOf, movieTime } from '../../../src/lib/viewer/movie.ts';

const item = (bytes: Uint8Array) => {
	const head = new DataView(new ArrayBuffer(8));
	head.setUint32(0, 0xe000fffe, true);
	head.setUint32(4, bytes.length, true);
	return [...new Uint8Array(head.buffer), ...bytes];
};
const mp4 = Uint8Array.from([0, 0, 0, 12, ...new TextEncoder().encode('ftypisom')]);
const fileOf = (...parts: Uint8Array[]) =>
	Uint8Array.from([...item(new Uint8Array()), ...parts.flatMap(item)]);

describe('a video in its object', () => {
	it('is all fragments in order, without the offset table', () => {
		const tail = Uint8Array.from([7, 8, 9]);
		const movie = movieOf(fileOf(mp4, tail), 0, '1.2.840.10008.1.2.4.102');
		expect(movie?.parts.map((part) => [...part])).toEqual([[...mp4], [7, 8, 9]]);
		expect(movie?.mimeType).toBe('video/mp4');
	});
	it('keeps what is there of a stream that is cut off', () => {
		const whole = fileOf(mp4, new Uint8Array(100));
		const movie = movieOf(whole.subarray(0, whole.length - 40), 0, '1.2.840.10008.1.2.4.102');
		expect(movie?.parts.map((part) => part.length)).toEqual([12, 60]);
	});
	it('is none without a stream', () => {
		expect(movieOf(fileOf(), 0, '1.2.840.10008.1.2.4.102')).toBeNull();
	});
	it('knows MPEG-2 in both forms, and nothing else as such', () => {
		expect(isMpeg2('1.2.840.10008.1.2.4.100')).toBe(true);
		expect(isMpeg2('1.2.840.10008.1.2.4.101.1')).toBe(true);
		expect(isMpeg2('1.2.840.10008.1.2.4.102')).toBe(false);
	});
});

describe('frames of a video', () => {
	it('each frame is found again at its own time', () => {
		for (const [duration, frames] of [
			[1, 25],
			[2.402, 72],
			[0.04, 1]
		] as const)
			for (let frame = 1; frame <= frames; frame++)
				expect(movieFrame(movieTime(frame, duration, frames), duration, frames)).toBe(frame);
	});
	it('stay within the loop at both ends and before the length is known', () => {
		expect(movieFrame(0, 1, 25)).toBe(1);
		expect(movieFrame(1, 1, 25)).toBe(25);
		expect(movieFrame(0.5, Number.NaN, 25)).toBe(1);
	});
});
