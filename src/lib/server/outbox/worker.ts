import type { Services } from '../services.ts';
import { claim, deliver } from './deliver.ts';

export interface OutboxWorker {
	/** Looks at once instead of at the next tick. */
	nudge(): void;
	stop(): Promise<void>;
}

/** Delivers everything that is due, one after the other. Answers how many rows it took. */
export async function workOnce(services: Services): Promise<number> {
	let taken = 0;
	for (let row = await claim(services); row; row = await claim(services)) {
		await deliver(services, row);
		taken += 1;
	}
	return taken;
}

/** Works the outbox until stopped. Any number of processes may do so at the same time. */
export function startOutbox(services: Services, everyMs = 1000): OutboxWorker {
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> = Promise.resolve();

	const tick = () => {
		clearTimeout(timer);
		running = running.then(async () => {
			if (stopped) return;
			try {
				await workOnce(services);
			} catch (error) {
				// The database is away: the rows are still there, the next tick finds them.
				services.log.warn({ err: error }, 'outbox could not be read');
			}
			if (!stopped) timer = setTimeout(tick, everyMs);
		});
	};
	tick();
	return {
		nudge: tick,
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await running;
		}
	};
}
