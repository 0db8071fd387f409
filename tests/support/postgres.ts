import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { connect } from '$lib/server/db/client.ts';
import { grantToAppRole, migrate } from '$lib/server/db/migrate.ts';

/** A PostgreSQL of our own: a cluster in a temporary folder, on a free port, thrown away after. */
export interface Cluster {
	/** As superuser, for `create database`. */
	adminUrl: string;
	port: number;
	stop(): void;
}

export const templateName = 'readroom_template';
export const ownerRole = 'readroom_owner';
export const appRole = 'readroom_app';

export const urlOf = (port: number, role: string, database: string) =>
	`postgresql://${role}@127.0.0.1:${port}/${database}`;

/** Where Debian and others keep the programs; null when PostgreSQL is not installed. */
export function postgresPrograms(): string | null {
	const places = [process.env.POSTGRES_BIN ?? '', '/usr/local/bin', '/usr/bin'];
	const debian = '/usr/lib/postgresql';
	if (existsSync(debian)) {
		places.push(...readdirSync(debian).map((version) => join(debian, version, 'bin')));
	}
	return places.find((p) => existsSync(join(p, 'pg_ctl')) && existsSync(join(p, 'initdb'))) ?? null;
}

/** Starts a cluster with a migrated template database. About two seconds. */
export async function startCluster(): Promise<Cluster> {
	const programs = postgresPrograms();
	if (!programs) throw new Error('PostgreSQL (initdb, pg_ctl) is not installed.');
	const folder = mkdtempSync(join(tmpdir(), 'readroom-pg-'));
	const root = process.getuid?.() === 0;
	if (root) {
		// initdb refuses to run as root.
		chmodSync(folder, 0o777);
	}
	const data = join(folder, 'data');
	const run = (...command: string[]) => {
		const [program = '', ...args] = root
			? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
			: command;
		// Output to nowhere: a started server keeps an inherited pipe open.
		const { status } = spawnSync(program, args, { stdio: 'ignore', cwd: folder });
		if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
	};
	run(join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N');
	const port = await freePort();
	const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=200`;
	const pgCtl = join(programs, 'pg_ctl');
	run(pgCtl, '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start');
	const stop = () => {
		run(pgCtl, '-D', data, '-m', 'immediate', 'stop');
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await makeTemplate(port);
	} catch (e) {
		stop();
		throw e;
	}
	return { adminUrl: urlOf(port, 'postgres', 'postgres'), port, stop };
}

async function makeTemplate(port: number) {
	await administer(
		port,
		`create role ${ownerRole} login`,
		`create role ${appRole} login`,
		`create database ${templateName} owner ${ownerRole}`
	);
	const owner = connect({ url: urlOf(port, ownerRole, templateName), max: 1, onError: () => {} });
	await owner.db.execute('create schema if not exists drizzle');
	await migrate(owner.db);
	await grantToAppRole(owner.db, appRole);
	await owner.close();
}

export async function administer(port: number, ...statements: string[]) {
	const client = new pg.Client({ connectionString: urlOf(port, 'postgres', 'postgres') });
	await client.connect();
	try {
		for (const statement of statements) await client.query(statement);
	} finally {
		await client.end();
	}
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const address = server.address();
	await new Promise((done) => server.close(done));
	if (!address || typeof address === 'string') throw new Error('no free port');
	return address.port;
}
