import { describe, expect, it } from 'vitest';
import { hang, sameView } from '../../../src/lib/viewer/hanging.ts';
import { loopOf } from '../../../src/lib/viewer/loop.ts';
import type { Loop } from '../../../src/lib/viewer/loop.ts';
import { one, picture } from './build.ts';

let serial = 0;
function loop(view: string | null, more: Parameters<typeof picture>[1] = {}, frames = 40): Loop {
	serial++;
	const made = loopOf(
		picture([{ box: [0, 0, 799, 599] }], {
			'00080018': one('UI', `1.2.3.${serial}`),
			'00200013': one('IS', serial),
			'00280008': one('IS', frames),
			...(view ? { '00082127': one('SH', view) } : {}),
			...more
		})
	);
	if (!made) throw new Error('no loop');
	return made;
}
const strip = (type: number) => ({
	'00186011': picture([{ box: [0, 300, 799, 599], format: 3, type, units: [4, 7] }])['00186011']!
});

describe('hanging', () => {
	it('the first layout is long axis, four and two chamber and the CW strip', () => {
		const cw = loop(null, strip(4), 1);
		const [a2c, a4c, psax, plax] = [loop('A2C'), loop('A4C'), loop('PSAX MV'), loop('PLAX')];
		expect(hang([cw, a2c, a4c, psax, plax], 4)).toEqual([plax, a4c, a2c, cw]);
	});
	it('gaps are filled as acquired, moving pictures first', () => {
		const [still, first, second] = [loop(null, {}, 1), loop(null), loop(null)];
		expect(hang([still, first, second], 4)).toEqual([first, second, still]);
	});
	it('one slot shows one loop', () => {
		expect(hang([loop('A4C'), loop('PLAX')], 1).map((l) => l.view)).toEqual(['plax']);
	});
	it('an empty study hangs nothing', () => {
		expect(hang([], 4)).toEqual([]);
	});
});

describe('the same view in the prior', () => {
	it('is the same view in the same mode', () => {
		const [ours, plain, colour] = [
			loop('A4C'),
			loop('Ap4Ch'),
			loop('A4C', { '00186011': picture([{ box: [0, 0, 799, 599], type: 2 }])['00186011']! })
		];
		expect(sameView(ours, [ours], [colour, plain])).toBe(plain);
	});
	it('the second of a kind meets the second', () => {
		const ours = [loop('PLAX'), loop('PLAX')];
		const theirs = [loop('PLAX'), loop('PLAX')];
		expect(sameView(ours[1]!, ours, theirs)).toBe(theirs[1]);
	});
	it('strips without a view pair only one to one', () => {
		const ours = [loop(null, strip(3), 1), loop(null, strip(3), 1)];
		const theirs = [loop(null, strip(3), 1), loop(null, strip(3), 1)];
		expect(sameView(ours[1]!, ours, theirs)).toBe(theirs[1]);
		expect(sameView(ours[1]!, ours, theirs.slice(1))).toBeNull();
	});
	it('nothing alike is nothing', () => {
		expect(sameView(loop('PLAX'), [], [loop('A4C')])).toBeNull();
	});
});
