import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FolderLockedError, lockFolder } from '$lib/server/db/lock.ts';
import { EnvironmentError, readEnv, refuseUnacceptedDatabase } from '$lib/server/env.ts';
import { createLogger } from '$lib/server/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'readroom-env-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (more: Record<string, string> = {}) =>
	readEnv({ DATA_DIR: join(folder, 'data'), ...more });
const faultOf = (more: Record<string, string>) => {
	try {
		read(more);
	} catch (e) {
		if (e instanceof EnvironmentError) return e.message;
		throw e;
	}
	return null;
};

describe('the environment', () => {
	it('listens on this machine alone unless told otherwise', () => {
		expect(read()).toMatchObject({ HOST: '127.0.0.1', PORT: 3000 });
	});

	it('takes an empty variable for one that is not set', () => {
		expect(read({ DATABASE_URL: '', DIMSE_PORT: '' })).toMatchObject({ DIMSE_PORT: undefined });
	});

	it.each([
		[{ PORT: '70000' }, 'PORT'],
		[{ PORT: 'http' }, 'PORT'],
		[{ DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL'],
		[{ ARCHIVE_URL: 'file:///etc/passwd' }, 'ARCHIVE_URL'],
		[{ DATABASE_OWNER_URL: 'postgres://h/d' }, 'DATABASE_OWNER_URL'],
		[{ TLS_KEY: 'k' }, 'TLS_KEY'],
		[{ EMBEDDED_DB: 'yes' }, 'EMBEDDED_DB'],
		[{ AUDIT_KEY: 'short' }, 'AUDIT_KEY'],
		[{ AUDIT_KEY: 'a'.repeat(40) }, 'AUDIT_KEY'],
		[{ AUDIT_KEY: 'changeme-changeme-changeme-changeme' }, 'AUDIT_KEY']
	])('refuses %o, and names the variable, not its value', (variables, name) => {
		const fault = faultOf(variables as Record<string, string>);
		expect(fault).toContain(name);
		for (const value of Object.values(variables)) {
			if (value.length > 3) expect(fault).not.toContain(value);
		}
	});

	it('makes the audit key once, for this user alone', () => {
		const { AUDIT_KEY } = read();
		expect(read().AUDIT_KEY).toBe(AUDIT_KEY);
		const file = join(folder, 'data/audit.key');
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(readFileSync(file, 'utf8')).toBe(AUDIT_KEY);
	});

	it('uses the embedded database only when that is accepted, wherever it listens (N10)', () => {
		const refuse = (more: Record<string, string>) => () => refuseUnacceptedDatabase(read(more));
		for (const HOST of ['127.0.0.1', 'localhost', '0.0.0.0']) {
			expect(refuse({ HOST })).toThrow('EMBEDDED_DB=accept');
			expect(refuse({ HOST })).toThrow('DATABASE_URL=postgres://');
			expect(refuse({ HOST, EMBEDDED_DB: 'accept' })).not.toThrow();
			expect(refuse({ HOST, DATABASE_URL: 'postgres://h/d' })).not.toThrow();
		}
	});
});

describe('the lock of a data folder', () => {
	it('is held by one at a time, and names its holder', () => {
		const path = join(folder, 'a.lock');
		const unlock = lockFolder(path);
		expect(() => lockFolder(path)).toThrow(FolderLockedError);
		expect(() => lockFolder(path)).toThrow(String(process.pid));
		unlock();
		lockFolder(path)();
	});

	it('is taken over from a process that is dead', () => {
		const path = join(folder, 'b.lock');
		writeFileSync(path, '999999999');
		lockFolder(path)();
	});
});

describe('the log', () => {
	it('keeps secrets out and lines whole', () => {
		const lines: string[] = [];
		const log = createLogger('info', { write: (line) => void lines.push(line) });
		log.info({ password: 'p4ss', headers: { cookie: 'c00kie' }, door: 'a\nb' }, 'hello\r\nforged');
		expect(lines).toHaveLength(1);
		expect(lines[0]?.trim().split('\n')).toHaveLength(1);
		expect(lines[0]).not.toMatch(/p4ss|c00kie/);
	});

	it('explains an error without what the database or a parser quoted', () => {
		const lines: string[] = [];
		const log = createLogger('info', { write: (line) => void lines.push(line) });
		const driver = Object.assign(new Error('invalid input syntax: "Lindqvist"'), {
			severity: 'ERROR',
			code: '22P02',
			detail: 'Key (name)=(Lindqvist)'
		});
		const failed = Object.assign(
			new Error('Failed query: … params: Lindqvist', { cause: driver }),
			{
				query: 'select $1',
				params: ['Lindqvist']
			}
		);
		log.error({ err: failed }, 'unexpected');
		let parser: unknown;
		try {
			JSON.parse('Lindqvist');
		} catch (e) {
			parser = e;
		}
		log.error({ err: parser }, 'unexpected');
		expect(lines.join('')).not.toContain('Lindqvist');
		expect(lines[0]).toContain('22P02');
		expect(lines[0]).toContain('select $1');
		log.error({ err: new Error('study s1 is gone') }, 'unexpected');
		expect(lines[2]).toContain('study s1 is gone');
	});
});
