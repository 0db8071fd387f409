import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DemoStudy } from './studies.ts';

/** Draws the studies in workers, one study at a time each; the order of answers is that of asking. */
export async function drawStudies(
	studies: DemoStudy[],
	onDrawn: (study: DemoStudy, done: number) => void
): Promise<Uint8Array[][]> {
	const root = process.env['READROOM_ROOT'] ?? process.cwd();
	const drawn: Uint8Array[][] = studies.map(() => []);
	// The longest first, so that no worker is left alone with it.
	const queue = studies
		.map((study, index) => ({ study, index }))
		.sort(
			(a, b) => (b.study.heart?.plan.loops.length ?? 1) - (a.study.heart?.plan.loops.length ?? 1)
		);
	let done = 0;
	const work = async () => {
		const worker = new Worker(resolve(root, 'scripts/draw-worker.mjs'));
		try {
			for (let next = queue.shift(); next; next = queue.shift()) {
				const { study, index } = next;
				const answer = once(worker, 'message') as Promise<[Uint8Array[]]>;
				worker.postMessage(study);
				[drawn[index]] = await answer;
				done += 1;
				onDrawn(study, done);
			}
		} finally {
			await worker.terminate();
		}
	};
	const workers = Math.min(4, availableParallelism(), studies.length);
	await Promise.all(Array.from({ length: workers }, work));
	return drawn;
}
