import { resolve } from 'node:path';
import { sql } from 'drizzle-orm';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import type { Db } from './client.ts';

/** Tables whose rows the application may add and never change (L5). */
export const appendOnlyTables = [
	'report_versions',
	'signatures',
	'critical_communications',
	'audit_events',
	'resolved_worksheets',
	'practice_worksheets'
] as const;

const root = () => process.env.READROOM_ROOT ?? process.cwd();

/** Brings the database to the newest schema. Running it again changes nothing. */
export async function migrate(db: Db): Promise<void> {
	await applyMigrations(db, { migrationsFolder: resolve(root(), 'drizzle') });
}

/**
 * PostgreSQL with separate roles: what the application's role may do. The triggers of the migrations
 * refuse already; this refuses a second time, before any trigger could be switched off.
 */
export async function grantToAppRole(owner: Db, role: string): Promise<void> {
	const app = sql.identifier(role);
	await owner.execute(sql`grant usage on schema public to ${app}`);
	await owner.execute(
		sql`grant select, insert, update, delete on all tables in schema public to ${app}`
	);
	await owner.execute(sql`grant usage, select on all sequences in schema public to ${app}`);
	for (const table of appendOnlyTables) {
		await owner.execute(
			sql`revoke update, delete, truncate on ${sql.identifier(table)} from ${app}`
		);
	}
}
