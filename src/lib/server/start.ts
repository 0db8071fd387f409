import { randomUUID } from 'node:crypto';
import type { Clock, NewId } from '$lib/ids.ts';
import { openArchives } from './archive/factory.ts';
import { setFillReport } from './arrival/after-arrival.ts';
import { startArrivalJobs } from './arrival/jobs.ts';
import { keepAnchored } from './audit/keep-anchored.ts';
import { createAuditor } from './audit/record.ts';
import { createLiveHub } from './collab/hub.ts';
import { fillReport } from './commands/populate-report.ts';
import { openDatabase, type OpenDatabase } from './db/open.ts';
import { readEnv, refuseUnacceptedDatabase, type Env } from './env.ts';
import { createLogger, type Logger } from './log.ts';
import { startOutbox } from './outbox/worker.ts';
import type { Services } from './services.ts';
import { openWorksheetLibrary, type WorksheetLibrary } from './worksheets/library.ts';

export interface StartOptions {
	env: Env;
	/** Given by tests; the machine's clock otherwise. */
	clock?: Clock;
	newId?: NewId;
	log?: Logger;
	/** Workers, schedules and network doors; off for the command line and most tests. */
	background?: boolean;
}

export interface Running {
	services: Services;
	database: OpenDatabase;
	/** Stops what was started, last first. */
	close(): Promise<void>;
}

/** The composition root: builds everything once, from the environment. */
export async function openServices(options: StartOptions): Promise<Running> {
	const { env } = options;
	const clock = options.clock ?? (() => new Date());
	const newId = options.newId ?? randomUUID;
	const log = options.log ?? createLogger(env.LOG_LEVEL);
	const stops: (() => Promise<void> | void)[] = [];
	const close = async () => {
		for (const stop of stops.splice(0).reverse()) await stop();
	};

	try {
		const database = await openDatabase(env, log);
		stops.push(() => database.close());
		const core = {
			env,
			db: database.db,
			clock,
			ticks: () => performance.now(),
			newId,
			log,
			audit: createAuditor({ key: env.AUDIT_KEY, clock })
		};
		const archives = await openArchives({ env, db: database.db });
		stops.push(() => archives.close());
		const live = createLiveHub(core);
		stops.push(() => live.close());
		let library: WorksheetLibrary | undefined;
		const services: Services = {
			...core,
			archives,
			live,
			/** Reading and checking them all takes a second: only who needs them waits for it. */
			get worksheets() {
				return (library ??= openWorksheetLibrary());
			}
		};
		setFillReport(fillReport);
		if (options.background) stops.push(...(await startBackground(services)));
		return { services, database, close };
	} catch (e) {
		await close();
		throw e;
	}
}

/** What works by itself: each part answers with what stops it. */
async function startBackground(services: Services): Promise<(() => Promise<void>)[]> {
	// A server with a faulty worksheet must not start.
	services.worksheets.list();
	const stopAnchors = keepAnchored(services);
	const stopArrival = startArrivalJobs(services);
	const outbox = startOutbox(services);
	const stops = [stopAnchors, stopArrival, () => outbox.stop()];
	if (services.env.DIMSE_PORT !== undefined) {
		const { startDimse } = await import('./dimse/start-dimse.ts');
		const door = await startDimse(services);
		stops.push(() => door.close());
	}
	return stops;
}

const slot = Symbol.for('readroom.running');
const shared = globalThis as { [slot]?: Promise<Running> };

/**
 * What this process runs on, started at the first call. The promise lives on `globalThis`, so that a
 * reloaded module in development finds it and does not open the database a second time.
 */
export function running(): Promise<Running> {
	return (shared[slot] ??= startProcess().catch((e: unknown) => {
		delete shared[slot];
		throw e;
	}));
}

async function startProcess(): Promise<Running> {
	const env = readEnv(process.env);
	refuseUnacceptedDatabase(env);
	return openServices({ env, background: true });
}

/** Closes what `running` started, if anything. */
export async function stopRunning(): Promise<void> {
	const started = shared[slot];
	delete shared[slot];
	await (await started)?.close();
}
