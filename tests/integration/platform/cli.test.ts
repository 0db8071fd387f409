import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PracticeId } from '$lib/ids.ts';
import { actorOfBearer } from '$lib/server/auth/actors.ts';
import { lockFolder } from '$lib/server/db/lock.ts';
import { connect } from '$lib/server/db/client.ts';
import * as audit from '../../../src/cli/audit.ts';
import { reportFailure } from '../../../src/cli/context.ts';
import * as machine from '../../../src/cli/machine.ts';
import * as token from '../../../src/cli/token.ts';
import * as user from '../../../src/cli/user.ts';
import { createTestArchives } from '../../support/archives.ts';
import { buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

describe('the command line', () => {
	let test: TestServices;

	beforeAll(async () => {
		test = await createTestServices();
		await buildPractice(test.services, 'north');
	});
	afterEach(() => {
		process.exitCode = undefined;
	});

	/** The commands as the program registers them, over the test's services. */
	async function readroom(...args: string[]) {
		const program = new Command('readroom').exitOverride();
		for (const file of [user, token, machine, audit]) {
			file.register(program, { withServices: (work) => work(test.services) });
		}
		const out = vi.spyOn(console, 'log').mockImplementation(() => {});
		const err = vi.spyOn(console, 'error').mockImplementation(() => {});
		try {
			await program.parseAsync(args, { from: 'user' }).catch(reportFailure);
			const text = (spy: typeof out) => spy.mock.calls.map(([line]) => String(line)).join('\n');
			return { status: process.exitCode ?? 0, out: text(out), err: text(err) };
		} finally {
			process.exitCode = undefined;
			out.mockRestore();
			err.mockRestore();
		}
	}
	const addKim = () =>
		readroom('user', 'add', 'kim@example.org', '--name', 'Kim Ito', '--role', 'physician');

	it('adds a person and prints the whole one-time link on one line', async () => {
		const { status, out } = await addKim();
		expect(status).toBe(0);
		expect(out).toMatch(/^http:\/\/localhost:3000\/welcome\/[\w-]{22}#[\w-]{43}$/);
	});

	it('says what is wrong, and fails', async () => {
		const twice = await addKim();
		expect(twice).toMatchObject({
			status: 1,
			err: 'readroom: This e-mail address has an account.'
		});
		const role = await readroom('user', 'add', 'x@example.org', '--name', 'X', '--role', 'king');
		expect(role).toMatchObject({ status: 1 });
		expect(role.err).toContain('king is no role');
		const unknown = await readroom('user', 'disable', 'nobody@example.org');
		expect(unknown).toMatchObject({
			status: 1,
			err: 'readroom: there is no account nobody@example.org'
		});
	});

	it('makes a token that works until its user is disabled', async () => {
		const { out } = await readroom(
			...['token', 'create', '--user', 'kim@example.org', '--name', 'v', '--scope', 'dicom:read']
		);
		expect(out).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
		const judge = () => actorOfBearer(test.services, `Bearer ${out}`);
		expect(await judge()).toMatchObject({ kind: 'token', scopes: ['dicom:read'] });
		expect(await readroom('user', 'disable', 'kim@example.org')).toMatchObject({ status: 0 });
		expect(await judge()).toBeNull();
	});

	it('puts machines on the list, shows them, and disables them by their title', async () => {
		const archives = createTestArchives();
		await archives.addEmbedded(test.services, 'north' as PracticeId);
		const added = await readroom('machine', 'add', 'ECHO_2', '--address', '10.0.0.7');
		expect(added).toMatchObject({ status: 0, out: 'ECHO_2 may store now.' });
		expect(added.err).toContain('set DIMSE_PORT');
		expect(await readroom('machine', 'add', 'ECHO_2')).toMatchObject({
			status: 1,
			err: 'readroom: This AE title is on the list of this server already.'
		});
		expect(await readroom('machine', 'add', 'back\\slash')).toMatchObject({ status: 1 });
		expect(await readroom('machine', 'disable', 'ECHO_3')).toMatchObject({
			status: 1,
			err: 'readroom: there is no machine ECHO_3 on the list'
		});
		expect(await readroom('machine', 'disable', 'ECHO_2')).toMatchObject({ status: 0 });
		expect((await readroom('machine', 'list')).out.split('\t')).toEqual([
			'ECHO_2',
			'disabled',
			'10.0.0.7',
			'never heard from',
			''
		]);
	});

	it('verifies the audit log, and names the first event that was changed', async () => {
		expect(await readroom('audit', 'verify')).toMatchObject({
			status: 0,
			out: 'north: 5 events, whole'
		});
		const owner = connect({
			url: test.database.ownerUrl ?? test.database.url,
			max: 1,
			onError: () => {}
		});
		await owner.pool.query('alter table audit_events disable trigger user');
		await owner.pool.query(`update audit_events set actor = 'x' where sequence = 2`);
		await owner.pool.query('alter table audit_events enable trigger user');
		await owner.close();
		expect(await readroom('audit', 'verify')).toMatchObject({
			status: 1,
			out: 'north: 1 events, event 2 was changed'
		});
	});
});

describe('the program', () => {
	it('does not touch a folder that a running server holds', { timeout: 120_000 }, () => {
		const folder = mkdtempSync(join(tmpdir(), 'readroom-cli-'));
		afterAll(() => rmSync(folder, { recursive: true, force: true }));
		const unlock = lockFolder(join(folder, 'db.lock'));
		const { status, stderr } = spawnSync('node', ['scripts/readroom.mjs', 'audit', 'verify'], {
			env: { PATH: process.env.PATH, DATA_DIR: folder },
			encoding: 'utf8'
		});
		unlock();
		expect(status).toBe(1);
		expect(stderr).toContain(`in use by process ${process.pid}`);
	});
});
