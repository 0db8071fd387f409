import type { Services } from '../services.ts';
import { pollArchives } from './poll-archives.ts';
import { settleQuietStudies } from './quiet-studies.ts';
import { repairArrivals } from './repair-arrivals.ts';

export interface JobIntervals {
	quietMs: number;
	repairMs: number;
	pollMs: number;
	pollAllMs: number;
}

const usual: JobIntervals = {
	quietMs: 2_000,
	repairMs: 30_000,
	pollMs: 15_000,
	pollAllMs: 600_000
};

/**
 * The schedules of arrival: quiet studies, interrupted arrivals, outside archives. Each runs again
 * its interval after it ended, so a slow archive is never asked twice at once.
 */
export function startArrivalJobs(
	services: Services,
	intervals: Partial<JobIntervals> = {}
): () => Promise<void> {
	const every = { ...usual, ...intervals };
	const stops = [
		repeat(services, 'quiet', every.quietMs, () => settleQuietStudies(services)),
		repeat(services, 'repair', every.repairMs, () => repairArrivals(services)),
		repeat(services, 'poll', every.pollMs, () => pollArchives(services, { recentDays: 7 })),
		repeat(services, 'poll-all', every.pollAllMs, () => pollArchives(services, 'all'))
	];
	return async () => {
		await Promise.all(stops.map((stop) => stop()));
	};
}

function repeat(
	services: Services,
	job: string,
	intervalMs: number,
	work: () => Promise<unknown>
): () => Promise<void> {
	let stopped = false;
	let running: Promise<void> = Promise.resolve();
	let timer: NodeJS.Timeout;
	const turn = () => {
		running = work()
			.then(() => {})
			.catch((error: unknown) => services.log.error({ job, err: error }, 'job failed'))
			.then(() => {
				if (!stopped) timer = setTimeout(turn, intervalMs).unref();
			});
	};
	timer = setTimeout(turn, Math.min(intervalMs, 1_000)).unref();
	return async () => {
		stopped = true;
		clearTimeout(timer);
		await running;
	};
}
