import { describe, expect, it } from 'vitest';
import { tellActivity } from '../../../src/lib/access/ui/activity.ts';

function listening(answers: (() => Promise<{ idleUntil: Date | null }>)[]) {
	const target = new EventTarget();
	const told: Date[] = [];
	let now = 0;
	let asked = 0;
	const stop = tellActivity({
		target,
		clock: () => now,
		tell: () => (asked++, (answers.shift() ?? (() => Promise.reject(new Error('none'))))()),
		onTold: (idleUntil) => told.push(idleUntil)
	});
	const at = async (seconds: number, kind: string) => {
		now = seconds * 1000;
		target.dispatchEvent(new Event(kind));
		await Promise.resolve();
		await Promise.resolve();
	};
	return { at, told, stop, asked: () => asked };
}
const until = new Date('2026-03-12T10:15:00Z');

describe('telling that a person is here', () => {
	it('somebody who only types is here, once a minute, and the page learns the new limit', async () => {
		const page = listening([async () => ({ idleUntil: until })]);
		await page.at(30, 'keydown');
		expect(page.asked()).toBe(0);
		await page.at(61, 'input');
		await page.at(62, 'keydown');
		expect(page.asked()).toBe(1);
		expect(page.told).toEqual([until]);
	});
	it('a call that failed is made again with the next key', async () => {
		const page = listening([() => Promise.reject(new Error('offline'))]);
		await page.at(61, 'keydown');
		await page.at(122, 'keydown');
		expect(page.asked()).toBe(2);
	});
	it('is silent after it was taken off', async () => {
		const page = listening([]);
		page.stop();
		await page.at(100, 'keydown');
		expect(page.asked()).toBe(0);
	});
});
