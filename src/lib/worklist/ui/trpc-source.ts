import { trpc } from '$lib/trpc.ts';
import type { WorkListSource } from './worklist-session.svelte.ts';

/** The practice's studies; STAT ones that nobody has read come before everything else. */
export function trpcSource(may: { seePresence: boolean }): WorkListSource {
	return {
		async page({ filter, cursor }, signal) {
			const { urgent, rows, next } = await trpc.studies.list.query(
				{ filter, cursor, limit: 100 },
				{ signal }
			);
			return { rows: [...urgent, ...rows], next };
		},
		counts: () => trpc.studies.counts.query(),
		row: (studyId) => trpc.studies.row.query({ studyId }),
		...(may.seePresence
			? { people: (ids) => trpc.studies.presence.query({ studyIds: [...ids] }) }
			: {})
	};
}

/** Events come in bursts while a study arrives: one look covers them (ms). */
const gather = { rows: 1500, people: 300 };

/** Calls back when something changed; the connection repairs itself. Returns how to stop. */
export function watchStudies(changed: (what: 'rows' | 'people') => void): () => void {
	const timers: Partial<Record<'rows' | 'people', ReturnType<typeof setTimeout>>> = {};
	const { unsubscribe } = trpc.studies.watch.subscribe(undefined, {
		onData: ({ kind }) => {
			const what = kind === 'presence' ? 'people' : 'rows';
			timers[what] ??= setTimeout(() => {
				delete timers[what];
				changed(what);
			}, gather[what]);
		}
	});
	return () => {
		for (const timer of Object.values(timers)) clearTimeout(timer);
		unsubscribe();
	};
}
