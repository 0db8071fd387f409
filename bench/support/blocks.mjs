import { createHash } from 'node:crypto';

/**
 * Runs the tasks in turns, a control task in every block, and answers with each one's times in
 * milliseconds; a task that answers with a number has measured itself. What the machine does meanwhile hits all of them alike, so only ratios are told.
 * @param {Record<string, () => unknown>} tasks
 * @param {{ blocks: number, warmUp?: number }} options
 */
export async function inBlocks(tasks, { blocks, warmUp = 2 }) {
	const all = { ...tasks, control };
	const names = Object.keys(all);
	/** @type {Record<string, number[]>} */
	const times = Object.fromEntries(names.map((name) => [name, []]));
	for (let block = -warmUp; block < blocks; block++) {
		// Each block begins with another task, so that none always comes after the same one.
		const shift = (block + warmUp) % names.length;
		for (const name of [...names.slice(shift), ...names.slice(0, shift)]) {
			const from = performance.now();
			const measured = await all[name]();
			const passed = typeof measured === 'number' ? measured : performance.now() - from;
			if (block >= 0) times[name].push(passed);
		}
	}
	return times;
}

const block = Buffer.alloc(8 * 1024 * 1024, 7);

/** The same work every time, of nothing that is measured: SHA-256 over 8 MiB. */
function control() {
	return createHash('sha256').update(block).digest('hex');
}

/** @param {readonly number[]} values */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The ratio of two tasks: the median over the blocks, each with its own pair. */
export const ratioOf = (over, under) => median(over.map((value, i) => value / under[i]));

/** How restless the machine was: the slowest control over the fastest. */
export const unrest = (times) => Math.max(...times.control) / Math.min(...times.control);

/** The last line of every bench, read by `scripts/bench.mjs`. */
export function report(rows) {
	for (const { name, value, target, met, note = '' } of rows) {
		console.log(`${met ? 'met   ' : 'MISSED'}  ${name}: ${value} (${target}) ${note}`);
	}
	console.log(`RESULT ${JSON.stringify(rows)}`);
	process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
}
