import { createHash, randomUUID } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { connect, embeddedConnections, type Db } from '$lib/server/db/client.ts';
import { openEmbedded } from '$lib/server/db/embedded.ts';
import { migrate } from '$lib/server/db/migrate.ts';
import {
	administer,
	appRole,
	ownerRole,
	startCluster,
	templateName,
	urlOf,
	type Cluster
} from './postgres.ts';

export interface TestDatabase {
	kind: 'pglite' | 'postgres';
	/** On PostgreSQL as the application's role, which owns nothing. */
	db: Db;
	url: string;
	/** PostgreSQL only: as the owner of the tables. */
	ownerUrl: string | null;
	close(): Promise<void>;
}

/**
 * A fresh, migrated database, closed after the file's tests.
 * `READROOM_TEST_DATABASE` chooses `pglite` (the default) or `postgres`.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
	const postgres = process.env.READROOM_TEST_DATABASE === 'postgres';
	const database = postgres ? await openPostgresDatabase() : await openPgliteDatabase();
	afterAll(() => database.close());
	return database;
}

/** For races and roles, which the embedded database cannot show: always PostgreSQL. */
export async function openPostgresDatabase(max = 20): Promise<TestDatabase> {
	const { port, stop } = await clusterOfRun();
	const name = `t_${randomUUID().replaceAll('-', '')}`;
	await administer(port, `create database ${name} template ${templateName} owner ${ownerRole}`);
	const url = urlOf(port, appRole, name);
	const connection = connect({ url, max, onError: () => {} });
	return {
		kind: 'postgres',
		db: connection.db,
		url,
		ownerUrl: urlOf(port, ownerRole, name),
		async close() {
			await connection.close();
			if (stop) stop();
			else await administer(port, `drop database ${name} with (force)`);
		}
	};
}

async function clusterOfRun(): Promise<{ port: number; stop: Cluster['stop'] | null }> {
	const port = process.env.READROOM_TEST_POSTGRES_PORT;
	return port ? { port: Number(port), stop: null } : startCluster();
}

async function openPgliteDatabase(): Promise<TestDatabase> {
	const folder = mkdtempSync(join(tmpdir(), 'readroom-pglite-'));
	const data = join(folder, 'db');
	cpSync(await pgliteTemplate(), data, { recursive: true });
	const embedded = await openEmbedded(data);
	const connection = connect({
		url: embedded.url,
		max: embeddedConnections,
		onError: () => {}
	});
	return {
		kind: 'pglite',
		db: connection.db,
		url: embedded.url,
		ownerUrl: null,
		async close() {
			await connection.close();
			await embedded.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

/** A migrated data folder to copy from, made once for each state of the migrations. */
async function pgliteTemplate(): Promise<string> {
	const hash = createHash('sha256').update(readFileSync('package-lock.json'));
	for (const file of readdirSync('drizzle')
		.filter((f) => f.endsWith('.sql'))
		.sort()) {
		hash.update(readFileSync(join('drizzle', file)));
	}
	const template = join(tmpdir(), `readroom-template-${hash.digest('hex').slice(0, 16)}`);
	if (existsSync(template)) return template;

	const making = `${template}.${randomUUID()}`;
	const embedded = await openEmbedded(making);
	const connection = connect({ url: embedded.url, max: 1, onError: () => {} });
	await migrate(connection.db);
	await connection.close();
	await embedded.close();
	try {
		renameSync(making, template);
	} catch {
		rmSync(making, { recursive: true, force: true }); // another worker was faster
	}
	return template;
}
