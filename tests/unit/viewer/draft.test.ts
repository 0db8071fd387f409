import { describe, expect, it } from 'vitest';
import { loopOf } from '../../../src/lib/viewer/loop.ts';
import { Draft, measurementOf } from '../../../src/lib/viewer/ui/draft.ts';
import { picture } from './build.ts';

const loop = loopOf(picture([{ box: [10, 10, 700, 500], delta: [0.1, 0.1] }]));
if (!loop) throw new Error('no loop');
const mark = { id: 'a', by: 'me', at: '2026-01-01T00:00:00.000Z' };

describe('a caliper under the hand', () => {
	it('measures while its end moves, in the region it lies in', () => {
		const draft = Draft.begin(loop, 3, 'length', [100, 100], mark).movedTo([200, 100]);
		expect(draft.annotation).toMatchObject({
			frame: 3,
			points: [
				[100, 100],
				[200, 100]
			],
			unit: 'cm',
			region: 0
		});
		expect(draft.annotation.value).toBeCloseTo(10, 9);
		expect(draft.isWorthKeeping).toBe(true);
	});
	it('a click without a way is not kept', () => {
		expect(Draft.begin(loop, 1, 'length', [100, 100], mark).isWorthKeeping).toBe(false);
	});
	it('what cannot be measured has no value and is not kept', () => {
		const draft = Draft.begin(loop, 1, 'length', [100, 100], mark).movedTo([750, 550]);
		expect(draft.annotation).toMatchObject({ value: null, unit: null, region: null });
		expect(draft.isWorthKeeping).toBe(false);
		expect(measurementOf(loop, draft.annotation)).toEqual({
			kind: 'refused',
			reason: 'across-regions'
		});
	});
	it('stays within the image', () => {
		const draft = Draft.begin(loop, 1, 'length', [-5, 100], mark).movedTo([9999, -3]);
		expect(draft.annotation.points).toEqual([
			[0, 100],
			[800, 0]
		]);
	});
	it('a finished one is taken by either end, the other stays', () => {
		const { annotation } = Draft.begin(loop, 1, 'length', [100, 100], mark).movedTo([200, 100]);
		const moved = Draft.of(loop, annotation, 0).movedTo([150, 100]);
		expect(moved.annotation.points).toEqual([
			[150, 100],
			[200, 100]
		]);
		expect(moved.annotation).toMatchObject({ id: 'a', value: expect.closeTo(5, 9) });
	});
	it('a drawing of three points asks for the third and then measures', () => {
		const axis = Draft.begin(loop, 1, 'ellipse', [100, 100], mark).movedTo([200, 100]);
		expect(axis.annotation.value).toBeNull();
		const whole = axis.next([150, 130]);
		expect(whole?.annotation).toMatchObject({
			unit: 'cm2',
			value: expect.closeTo(Math.PI * 15, 6)
		});
		expect(whole?.next([0, 0])).toBeNull();
	});
	it('an outline grows under the hand; by clicks its last corner follows', () => {
		let draft = Draft.begin(loop, 1, 'area', [100, 100], mark);
		for (const at of [
			[200, 100],
			[200, 200],
			[100, 200]
		] as const) {
			draft = draft.movedTo(at);
		}
		expect(draft.annotation).toMatchObject({ unit: 'cm2', value: expect.closeTo(100, 6) });
		const cornered = draft.corner([100, 150]).movedTo([120, 150], true);
		expect(cornered.annotation.points).toHaveLength(5);
		expect(cornered.annotation.points.at(-1)).toEqual([120, 150]);
		expect(cornered.withoutLast().annotation.points).toHaveLength(4);
	});
	it('a cavity has its long axis before its outline while it is drawn', () => {
		let draft = Draft.begin(loop, 1, 'discs', [100, 400], mark);
		for (const at of [
			[120, 200],
			[160, 120],
			[200, 200],
			[220, 400]
		] as const) {
			draft = draft.movedTo(at);
		}
		expect(draft.annotation.points.slice(0, 2)).toEqual([
			[160, 400],
			[160, 120]
		]);
		expect(draft.annotation).toMatchObject({ unit: 'ml', region: 0 });
		expect(draft.isWorthKeeping).toBe(true);
	});
	it('what is not measured keeps its words', () => {
		const text = {
			...Draft.begin(loop, 1, 'length', [1, 1], mark).annotation,
			tool: 'text' as const,
			value: 7
		};
		expect(measurementOf(loop, text)).toBeNull();
		expect(Draft.of(loop, text, 0).movedTo([5, 5]).annotation.value).toBe(7);
	});
});
