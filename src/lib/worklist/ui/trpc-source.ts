import { trpc } from '$lib/trpc.ts';
import type { WorkListSource } from './worklist-session.svelte.ts';

/** The practice's studies; STAT ones that nobody has read come before everything else. */
export const trpcSource: WorkListSource = {
	async page({ filter, cursor }, signal) {
		const { urgent, rows, next } = await trpc.studies.list.query(
			{ filter, cursor, limit: 100 },
			{ signal }
		);
		return { rows: [...urgent, ...rows], next };
	},
	counts: () => trpc.studies.counts.query()
};

/** Events come in bursts while a study arrives: one look covers them (ms). */
const gather = 1500;

/** Calls back when something changed; the connection repairs itself. Returns how to stop. */
export function watchStudies(changed: () => void): () => void {
	let timer: ReturnType<typeof setTimeout> | null = null;
	const { unsubscribe } = trpc.studies.watch.subscribe(undefined, {
		onData: () => {
			timer ??= setTimeout(() => {
				timer = null;
				changed();
			}, gather);
		}
	});
	return () => {
		if (timer) clearTimeout(timer);
		unsubscribe();
	};
}
