import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema/index.ts';
import { countWrites } from './writes.ts';

export type Db = NodePgDatabase<typeof schema>;
/** Inside a transaction only this is used: the embedded database has one session for all. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** What a query may be run on. */
export type Queryable = Db | Tx;

export interface Connection {
	db: Db;
	pool: pg.Pool;
	close(): Promise<void>;
}

/**
 * The embedded database has one session for all of its connections, and their messages mix: under
 * load a statement of one ran into the portal of another ("portal cannot be run"). One connection
 * queues in order and loses nothing, since there is only the one session anyway.
 */
export const embeddedConnections = 1;

export interface ConnectionOptions {
	url: string;
	max: number;
	/** An idle connection broke, for example because the database restarted; the pool goes on. */
	onError(error: Error): void;
}

/** The one driver, for the embedded database and for PostgreSQL alike. */
export function connect(options: ConnectionOptions): Connection {
	const pool = new pg.Pool({ connectionString: options.url, max: options.max });
	// Without a listener a database restart would end the process.
	pool.on('error', options.onError);
	// The pool listens to idle connections only; one that breaks inside a transaction, between two
	// statements, would end the process just the same. The next statement of it fails anyway.
	pool.on('connect', (client) => client.on('error', options.onError));
	const db = drizzle(pool, { schema });
	countWrites(pool, db);
	return { db, pool, close: () => pool.end() };
}

/** Runs `work` in one transaction; what it throws rolls everything back. */
export function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
	return db.transaction(work);
}

/** SQLSTATE of what the database refused, however deeply the driver wrapped it. */
export function sqlState(error: unknown): string | null {
	for (let e = error; e instanceof Error; e = e.cause) {
		if ('code' in e && typeof e.code === 'string' && /^[0-9A-Z]{5}$/.test(e.code)) return e.code;
	}
	return null;
}

/** 23505: a unique constraint said no. */
export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505';
