import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '$lib/access/actor.ts';
import { personEntry, setField } from '$lib/collab/doc-fields.ts';
import type { ReportId, UserId } from '$lib/ids.ts';
import { amendedBody } from '$lib/report/amended-body.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { keepCriticalFlag } from '$lib/server/collab/critical-flag.ts';
import {
	recordCommunication,
	type RecordCommunication
} from '$lib/server/commands/record-communication.ts';
import { signReport } from '$lib/server/commands/sign-report.ts';
import { inTransaction } from '$lib/server/db/client.ts';
import { auditEvents, fieldHistory, reports } from '$lib/server/db/schema/index.ts';
import { communicationsOf, criticalResult } from '$lib/server/queries/critical-result.ts';
import { reportPage } from '$lib/server/queries/report-versions.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest
} from '../../support/signed-report.ts';
import { codeOf } from '../grants/setup.ts';
import { conclude, press, written } from './signing.ts';

let test: ReportingTest;
let practice: ReportingPractice;
beforeAll(async () => {
	test = await openReporting();
	practice = await test.practice();
});

const person = (role: Role) =>
	buildPerson(test.services, { practiceId: practice.practiceId, roles: [role], name: `A ${role}` });

const say = (reportId: ReportId, fields: Record<string, string>) =>
	test.services.live.applyAsServer(reportId, (doc) => {
		const { newId, clock } = test.services;
		for (const [field, value] of Object.entries(fields)) {
			const by = practice.physician.userId;
			const entry = personEntry({ id: newId(), by, at: clock().toISOString() }, value, null);
			setField(doc, `critical.${field}`, entry, []);
		}
	});

async function draft(critical: Record<string, string>): Promise<ReportId> {
	const { reportId } = await practice.arrive();
	await conclude(test.services, reportId, 'Apical thrombus.');
	await say(reportId, critical);
	return reportId;
}

/** Signed as final with a critical result of which nobody was told. */
async function signedOpen(): Promise<ReportId> {
	const reportId = await draft({ present: 'yes', what: 'Apical thrombus' });
	const { services } = test;
	await signReport(
		services,
		practice.physician,
		await press(services, practice.physician, reportId)
	);
	return reportId;
}

const told = (reportId: ReportId, parts: Partial<RecordCommunication> = {}) => ({
	reportId,
	told: ' Dr Holm ',
	at: new Date(test.services.clock().getTime() - 60_000),
	how: 'phone' as const,
	readBack: true,
	...parts
});
const record = (
	reportId: ReportId,
	parts: Partial<RecordCommunication> = {},
	by = practice.physician
) => recordCommunication(test.services, by, told(reportId, parts));

async function flag(reportId: ReportId) {
	const [row] = await test.services.db.select().from(reports).where(eq(reports.id, reportId));
	return row?.criticalOpen;
}
const eventsOf = (reportId: ReportId) =>
	test.services.db
		.select()
		.from(auditEvents)
		.where(
			sql`${auditEvents.action} = 'report.communication-recorded' and ${auditEvents.object} = ${`report:${reportId}`}`
		);

describe('a critical result that was signed open', () => {
	it('is closed by who was told, and the signed version stays as it is', async () => {
		const reportId = await signedOpen();
		expect(await flag(reportId)).toBe(true);
		const before = await written(test.services, reportId);

		expect(await record(reportId)).toEqual({ open: false });
		expect(await flag(reportId)).toBe(false);
		const after = await written(test.services, reportId);
		expect(after.versions).toEqual(before.versions);
		expect(after.exports).toEqual(before.exports);

		const page = await reportPage(test.services, practice.physician, reportId);
		expect(page.critical).toMatchObject({
			finding: 'Apical thrombus',
			open: false,
			mayRecord: true,
			communications: [
				{ told: 'Dr Holm', how: 'phone', readBack: true, recordedBy: 'Ada Reader, MD' }
			]
		});
		const events = await eventsOf(reportId);
		expect(events).toHaveLength(1);
		expect(events[0]).toMatchObject({
			actor: `user:${practice.physician.userId}`,
			detail: {
				version: before.report?.currentVersionId,
				how: 'phone',
				readBack: true,
				closed: true
			}
		});
		// Who was told is in the record, and no name is in the log (M5).
		expect(JSON.stringify(events)).not.toContain('Holm');
	});

	it('stays open when it was told and not read back, and every record is kept', async () => {
		const reportId = await signedOpen();
		expect(await record(reportId, { readBack: false })).toEqual({ open: true });
		expect(await flag(reportId)).toBe(true);
		expect(await record(reportId, { how: 'message', readBack: false })).toEqual({ open: false });
		const all = await communicationsOf(test.services.db, reportId);
		expect(all.map(({ how, readBack }) => [how, readBack])).toEqual([
			['phone', false],
			['message', false]
		]);
	});

	it('is told in the next version and in its PDF, which cover it by their hash', async () => {
		const { services } = test;
		const reportId = await signedOpen();
		await record(reportId);
		const { versions } = await written(services, reportId);
		const [first] = versions;
		if (!first) throw new Error('nothing signed');
		const amendment = { text: 'The ward was called.', reason: 'critical result' };
		const parts = (body: typeof first.content.body) => ({
			bodyHash: contentHash(body),
			amendment
		});
		const without = await press(
			services,
			practice.physician,
			reportId,
			'addendum',
			parts(amendedBody(first.content.body, amendment, []))
		);
		expect(await codeOf(signReport(services, practice.physician, without))).toBe('content_changed');

		const communications = await communicationsOf(services.db, reportId);
		const shown = amendedBody(first.content.body, amendment, communications);
		await signReport(
			services,
			practice.physician,
			await press(services, practice.physician, reportId, 'addendum', parts(shown))
		);
		const second = (await written(services, reportId)).versions.at(-1);
		expect(second?.content.body.communications).toEqual(communications);
		const printed = execFileSync('pdftotext', ['-', '-'], { input: second?.pdf, encoding: 'utf8' });
		expect(printed.replaceAll(/\s+/g, ' ')).toContain('Communicated to Dr Holm by telephone at');
	});

	it('is nothing that an admin, a referrer or a patient records; fellow and sonographer may', async () => {
		const reportId = await signedOpen();
		for (const role of ['admin', 'referrer', 'patient'] as const) {
			expect(await codeOf(record(reportId, {}, await person(role))), role).toMatch(/^not_/);
		}
		const other = await test.practice();
		expect(await codeOf(record(reportId, {}, other.physician))).toBe('not_found');
		expect(await flag(reportId)).toBe(true);
		expect(await eventsOf(reportId)).toEqual([]);
		expect(await record(reportId, {}, await person('sonographer'))).toEqual({ open: false });
		expect(await record(reportId, {}, await person('fellow'))).toEqual({ open: false });
	});

	it('takes nobody, a time to come, a draft and a report without one for a mistake', async () => {
		const reportId = await signedOpen();
		expect(await codeOf(record(reportId, { told: '  ' }))).toBe('invalid_input');
		const later = new Date(test.services.clock().getTime() + 3_600_000);
		expect(await codeOf(record(reportId, { at: later }))).toBe('invalid_input');
		expect(await codeOf(record(await draft({ present: 'yes' })))).toBe('conflict');
		expect(await codeOf(record((await practice.signed()).reportId))).toBe('conflict');
		expect(await flag(reportId)).toBe(true);
	});

	it('is shown to the room, and is nothing where the report marks none', async () => {
		const { services } = test;
		const reportId = await signedOpen();
		expect(await criticalResult(services, practice.physician, reportId)).toMatchObject({
			open: true,
			communications: []
		});
		const plain = await practice.signed();
		expect(await criticalResult(services, practice.physician, plain.reportId)).toBeNull();
		const page = await reportPage(services, practice.physician, plain.reportId);
		expect(page.critical).toBeNull();
	});
});

describe('reports from before the flag', () => {
	const complete = { told: 'Dr Holm', date: '2026-03-02', time: '10:40', read_back: 'yes' };
	const said: Record<string, Record<string, string | string[]>> = {
		nothing: {},
		'no mark': { present: 'no' },
		'a mark': { present: 'yes' },
		'a mark taken back beside another': { present: ['no', 'yes'] },
		complete: { present: 'yes', ...complete },
		'not read back': { present: 'yes', ...complete, read_back: 'no' },
		'read back, and not': { present: 'yes', ...complete, read_back: ['yes', 'no'] },
		'no time': { present: 'yes', ...complete, time: '' },
		'a message': { present: 'yes', ...complete, how: 'message', read_back: 'no' },
		'a message and no answer': { present: 'yes', ...complete, how: 'message', read_back: '' }
	};

	it('get it from the history of their fields, by the same rule', async () => {
		const { db, clock } = test.services;
		const { reportId: model } = await practice.arrive();
		const [row] = await db.select().from(reports).where(eq(reports.id, model));
		if (!row) throw new Error('no report');
		const ids: [string, ReportId][] = [];
		const add = async (name: string, entries: [string, unknown][], deleted: string[] = []) => {
			const id = `before-${name}` as ReportId;
			ids.push([name, id]);
			await db.insert(reports).values({ ...row, id });
			const base = { reportId: id, root: 'fields', by: 'u' as UserId, at: clock() };
			for (const [i, [field, value]] of entries.entries()) {
				await db
					.insert(fieldHistory)
					.values({ ...base, key: `critical.${field}/e${i}`, action: 'add', value });
			}
			for (const key of deleted)
				await db.insert(fieldHistory).values({ ...base, key, action: 'delete', value: null });
		};
		for (const [name, fields] of Object.entries(said)) {
			await add(
				name,
				Object.entries(fields).flatMap(([field, value]) =>
					[value].flat().map((each): [string, unknown] => [field, { value: each }])
				)
			);
		}
		await add('a suggestion', [['present', { value: 'yes', suggestion: true }]]);
		await add('deleted', [['present', { value: 'yes' }]], ['critical.present/e0']);

		const migration = readFileSync('drizzle/0009_critical-communications.sql', 'utf8');
		const backfill = migration.split('--> statement-breakpoint').at(-1) ?? '';
		await db.execute(sql.raw(backfill));
		const filled = new Map<string, boolean | undefined>();
		for (const [name, id] of ids) filled.set(name, await flag(id));
		const byRule = new Map<string, boolean>();
		for (const [name, id] of ids)
			byRule.set(name, await inTransaction(db, (tx) => keepCriticalFlag(tx, id)));
		expect(filled).toEqual(byRule);
		expect([...filled.values()].filter(Boolean)).toHaveLength(6);
	});
});
