import { rmSync } from 'node:fs';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import { anchorFile, readAnchors, writeAnchors } from '$lib/server/audit/anchor.ts';
import { verifyAll, verifyChain } from '$lib/server/audit/verify.ts';
import { connect, inTransaction, sqlState, type Connection } from '$lib/server/db/client.ts';
import { auditEvents } from '$lib/server/db/schema/index.ts';
import { openPostgresDatabase, type TestDatabase } from '../../support/database.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { postgresPrograms } from '../../support/postgres.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

describe.skipIf(!postgresPrograms())('the audit chain on PostgreSQL', () => {
	let database: TestDatabase;
	let test: TestServices;
	let owner: Connection;
	let actor: UserActor;

	beforeAll(async () => {
		database = await openPostgresDatabase(20);
		test = await createTestServices({}, database);
		owner = connect({ url: database.ownerUrl ?? '', max: 2, onError: () => {} });
	});
	afterAll(async () => {
		await owner.close();
		await database.close();
	});
	beforeEach(async () => {
		const practiceId = await buildPractice(test.services);
		actor = await buildPerson(test.services, { practiceId, roles: ['physician'] });
		rmSync(anchorFile(test.services.env.DATA_DIR), { force: true });
	});

	const record = (n: number) =>
		inTransaction(database.db, (tx) =>
			test.services.audit.record(tx, actor, {
				action: 'study.searched',
				detail: { door: 'test', results: n }
			})
		);
	const verify = async () => {
		const { env } = test.services;
		const { anchors } = await readAnchors(env.AUDIT_KEY, anchorFile(env.DATA_DIR));
		return verifyChain(database.db, { key: env.AUDIT_KEY, practiceId: actor.practiceId, anchors });
	};
	const anchor = () =>
		writeAnchors(database.db, {
			key: test.services.env.AUDIT_KEY,
			file: anchorFile(test.services.env.DATA_DIR),
			now: test.services.clock(),
			known: new Map()
		});
	/** What only somebody who owns the tables could do. */
	const tamper = async (statement: string) => {
		await owner.pool.query('alter table audit_events disable trigger user');
		try {
			await owner.pool.query(statement.replaceAll('$P', `practice_id = '${actor.practiceId}'`));
		} finally {
			await owner.pool.query('alter table audit_events enable trigger user');
		}
	};
	const write = async (events: number) => {
		for (let n = 0; n < events; n++) await record(n);
	};

	it('has no gap after 500 events from 20 connections at once', async () => {
		await Promise.all(Array.from({ length: 500 }, (_, n) => record(n)));
		const rows = await database.db
			.select({ sequence: auditEvents.sequence })
			.from(auditEvents)
			.where(eq(auditEvents.practiceId, actor.practiceId))
			.orderBy(asc(auditEvents.sequence));
		expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
		expect(await verify()).toMatchObject({ events: 500, fault: null });
	});

	it('leaves no hole when a transaction is rolled back', async () => {
		await record(1);
		await inTransaction(database.db, async (tx) => {
			await test.services.audit.record(tx, actor, {
				action: 'study.searched',
				detail: { door: 'test', results: 2 }
			});
			throw new Error('on purpose');
		}).catch(() => {});
		await record(3);
		expect(await verify()).toMatchObject({ events: 2, fault: null });
	});

	it.each([
		[
			'a changed event',
			`update audit_events set outcome = 'refused' where $P and sequence = 3`,
			{ kind: 'changed', sequence: 3 }
		],
		[
			'a changed detail',
			`update audit_events set detail = '{"door":"x","results":1}' where $P and sequence = 2`,
			{ kind: 'changed', sequence: 2 }
		],
		[
			'a removed event',
			`delete from audit_events where $P and sequence = 4`,
			{ kind: 'missing', sequence: 4 }
		],
		[
			'two swapped events',
			`update audit_events set sequence = case sequence when 2 then 1003 else 1002 end where $P and sequence in (2, 3);
			update audit_events set sequence = sequence - 1000 where $P and sequence > 1000`,
			{ kind: 'changed', sequence: 2 }
		],
		[
			'an inserted event',
			`update audit_events set sequence = sequence + 1000 where $P and sequence > 2;
			update audit_events set sequence = sequence - 999 where $P and sequence > 1000;
			insert into audit_events select practice_id, 3, at, actor, roles, action, dicom_code, object, outcome, address, device, detail, previous_hash, hash from audit_events where $P and sequence = 2`,
			{ kind: 'changed', sequence: 3 }
		],
		[
			'a missing end',
			`delete from audit_events where $P and sequence > 3`,
			{ kind: 'end-missing', sequence: 4 }
		]
	] as const)('names the first bad sequence of %s', async (_, statement, fault) => {
		await write(5);
		await tamper(statement);
		expect((await verify()).fault).toEqual(fault);
	});

	it('misses an end that was cut together with its head, by the anchor outside', async () => {
		await write(5);
		await anchor();
		await tamper('delete from audit_events where $P and sequence > 3');
		await owner.pool.query(
			`update audit_heads h set sequence = 3, hash = e.hash from audit_events e
			 where e.practice_id = h.practice_id and e.sequence = 3 and h.practice_id = $1`,
			[actor.practiceId]
		);
		expect((await verify()).fault).toEqual({ kind: 'end-missing', sequence: 4 });
	});

	it('notices a whole chain that is gone', async () => {
		await write(2);
		await anchor();
		await tamper('delete from audit_events where $P');
		await owner.pool.query('delete from audit_heads where practice_id = $1', [actor.practiceId]);
		const { env } = test.services;
		const { anchors } = await readAnchors(env.AUDIT_KEY, anchorFile(env.DATA_DIR));
		const reports = await verifyAll(database.db, { key: env.AUDIT_KEY, anchors });
		expect(reports.find((r) => r.practiceId === actor.practiceId)?.fault).toEqual({
			kind: 'end-missing',
			sequence: 1
		});
	});

	it.each([
		['audit_events', 'actor'],
		['report_versions', 'reason'],
		['signatures', 'printed_name'],
		['resolved_worksheets', 'version']
	])('gives the application no privilege to change %s', async (table, column) => {
		for (const statement of [
			`update ${table} set ${column} = 'x'`,
			`delete from ${table}`,
			`truncate ${table} cascade`
		]) {
			const refused = await database.db.execute(statement).catch((e: unknown) => sqlState(e));
			expect(refused, statement).toBe('42501');
		}
	});

	it('refuses even the owner to change an event, by trigger', async () => {
		await record(1);
		for (const statement of [
			`update audit_events set actor = 'x'`,
			'delete from audit_events',
			'truncate audit_events'
		]) {
			const refused = await owner.pool.query(statement).catch((e: unknown) => sqlState(e));
			expect(refused, statement).toBe('23001');
		}
	});
});
