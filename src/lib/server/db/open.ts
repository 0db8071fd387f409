import { join } from 'node:path';
import type { Env } from '../env.ts';
import type { Logger } from '../log.ts';
import { connect, embeddedConnections, type Connection } from './client.ts';
import { openEmbedded } from './embedded.ts';
import { grantToAppRole, migrate } from './migrate.ts';

export interface OpenDatabase extends Connection {
	kind: 'embedded' | 'postgres';
}

/** The database that the environment names, migrated. */
export function openDatabase(env: Env, log: Logger): Promise<OpenDatabase> {
	return env.DATABASE_URL ? openPostgres(env, env.DATABASE_URL, log) : openFolder(env, log);
}

async function openFolder(env: Env, log: Logger): Promise<OpenDatabase> {
	const embedded = await openEmbedded(join(env.DATA_DIR, 'db'));
	const connection = connect({
		url: embedded.url,
		max: embeddedConnections,
		onError: (e) => log.warn({ err: e }, 'database connection lost')
	});
	await migrate(connection.db);
	return {
		...connection,
		kind: 'embedded',
		async close() {
			await connection.close();
			await embedded.close();
		}
	};
}

async function openPostgres(env: Env, url: string, log: Logger): Promise<OpenDatabase> {
	const onError = (e: Error) => log.warn({ err: e }, 'database connection lost');
	const owner = connect({ url: env.DATABASE_OWNER_URL ?? url, max: 1, onError });
	try {
		await migrate(owner.db);
		if (env.DATABASE_OWNER_URL) {
			await grantToAppRole(owner.db, decodeURIComponent(new URL(url).username));
		} else {
			log.warn('DATABASE_OWNER_URL is not set: the application owns its tables');
		}
	} finally {
		await owner.close();
	}
	return { ...connect({ url, max: env.DATABASE_POOL, onError }), kind: 'postgres' };
}
