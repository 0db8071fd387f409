import { describe, expect, it } from 'vitest';
import { farthest, nextToDecode } from '../../../src/lib/viewer/frame-window.ts';

describe('the window of decoded frames', () => {
	it('decodes forwards from the head and around', () => {
		const held = new Set([8, 9]);
		expect(nextToDecode(8, 10, (f) => held.has(f), true, 9)).toBe(10);
		held.add(10);
		expect(nextToDecode(8, 10, (f) => held.has(f), true, 9)).toBe(1);
	});
	it('without room takes only what comes before the farthest held', () => {
		const held = new Set([3, 4, 7]);
		expect(nextToDecode(3, 10, (f) => held.has(f), false, 7)).toBe(5);
		const near = new Set([3, 4, 5]);
		expect(nextToDecode(3, 10, (f) => near.has(f), false, 5)).toBeNull();
	});
	it('lets go of the frame just behind the head first', () => {
		expect(farthest([2, 3, 4, 9], 3, 10)).toBe(2);
		expect(farthest([], 3, 10)).toBeNull();
	});
	it('is done when all are held', () => {
		expect(nextToDecode(1, 3, () => true, true, 3)).toBeNull();
	});
});
