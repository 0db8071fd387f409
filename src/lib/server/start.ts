import { randomUUID } from 'node:crypto';
import type { Clock, NewId } from '$lib/ids.ts';
import { createAuditor } from './audit/record.ts';
import { createLiveHub } from './collab/hub.ts';
import { openDatabase, type OpenDatabase } from './db/open.ts';
import { readEnv, type Env } from './env.ts';
import { createLogger, type Logger } from './log.ts';
import type { Services } from './services.ts';

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
		const audit = createAuditor({ key: env.AUDIT_KEY, clock });
		const live = createLiveHub({ env, db: database.db, clock, newId, log, audit });
		stops.push(() => live.close());
		const services: Services = {
			env,
			db: database.db,
			clock,
			newId,
			log,
			audit,
			archives: absent('archives'),
			worksheets: absent('worksheets'),
			live
		};
		return { services, database, close };
	} catch (e) {
		await close();
		throw e;
	}
}

/** Says which part is missing at the moment it is used. */
function absent<K extends 'archives' | 'worksheets'>(part: K): Services[K] {
	return new Proxy({} as Services[K] & object, {
		get(_, key) {
			if (key === 'then') return undefined;
			throw new Error(`The service "${part}" is not built in (asked for ${String(key)}).`);
		}
	});
}

const slot = Symbol.for('readroom.running');
const shared = globalThis as { [slot]?: Promise<Running> };

/**
 * What this process runs on, started at the first call. The promise lives on `globalThis`, so that a
 * reloaded module in development finds it and does not open the database a second time.
 */
export function running(): Promise<Running> {
	return (shared[slot] ??= openServices({ env: readEnv(process.env), background: true }).catch(
		(e: unknown) => {
			delete shared[slot];
			throw e;
		}
	));
}

/** Closes what `running` started, if anything. */
export async function stopRunning(): Promise<void> {
	const started = shared[slot];
	delete shared[slot];
	await (await started)?.close();
}
