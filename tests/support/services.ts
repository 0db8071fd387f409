import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { createAuditor } from '$lib/server/audit/record.ts';
import { readEnv } from '$lib/server/env.ts';
import { createLogger } from '$lib/server/log.ts';
import type { Services } from '$lib/server/services.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

export interface TestServices {
	services: Services;
	database: TestDatabase;
	time: TestClock;
	/** Every line the log wrote, as text. */
	logged: string[];
}

/**
 * Services over a fresh database and a clock that stands still. What a test does not hand in
 * (`archives`, `worksheets`, `live`) throws when it is used. Call it in `beforeAll`.
 */
export async function createTestServices(
	parts: Partial<Services> = {},
	database?: TestDatabase
): Promise<TestServices> {
	database ??= await openTestDatabase();
	const folder = mkdtempSync(join(tmpdir(), 'readroom-data-'));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const env = readEnv({ DATA_DIR: folder, NODE_ENV: 'test' });
	const time = createTestClock();
	const logged: string[] = [];
	const services: Services = {
		env,
		db: database.db,
		clock: time.clock,
		ticks: time.ticks,
		newId: randomUUID,
		log: createLogger('debug', { write: (line) => void logged.push(line) }),
		audit: createAuditor({ key: env.AUDIT_KEY, clock: time.clock }),
		archives: unused('archives'),
		worksheets: unused('worksheets'),
		live: unused('live'),
		...parts
	};
	return { services, database, time, logged };
}

function unused<K extends 'archives' | 'worksheets' | 'live'>(part: K): Services[K] {
	return new Proxy({} as Services[K] & object, {
		get(_, key) {
			throw new Error(`This test uses services.${part}.${String(key)}: hand it in.`);
		}
	});
}
