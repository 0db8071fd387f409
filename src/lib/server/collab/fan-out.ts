import type { ReportId } from '$lib/ids.ts';

/**
 * How processes tell each other of updates. One process has nobody to tell; several will publish
 * through Redis. What a process has not heard of it still finds in the database before its own next
 * write, so a lost message costs time, never an edit.
 */
export interface FanOut {
	/** After the commit. */
	publish(reportId: ReportId, updateId: number): void;
	/** `heard` is called when another process committed; returns how to stop listening. */
	listen(heard: (reportId: ReportId, updateId: number) => void): () => void;
}

export const oneProcess: FanOut = { publish: () => {}, listen: () => () => {} };
