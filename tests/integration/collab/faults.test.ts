import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { personEntry, readEntries, setField } from '$lib/collab/doc-fields.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import { openPostgresDatabase, type TestDatabase } from '../../support/database.ts';
import { administer, postgresPrograms } from '../../support/postgres.ts';
import {
	closeClients,
	openClient,
	openLiveRoom,
	until,
	type LiveRoom,
	type Member
} from './live-room.ts';

// Connections that break and processes that race: the embedded database cannot show either.
const onPostgres = postgresPrograms() ? describe : describe.skip;

onPostgres('on PostgreSQL', () => {
	let database: TestDatabase;
	let room: LiveRoom;
	let members: Member[];
	beforeAll(async () => {
		database = await openPostgresDatabase();
		room = await openLiveRoom({ database });
		members = [];
		for (let i = 0; i < 5; i += 1) members.push(await room.member(['physician']));
	});
	afterEach(closeClients);

	const at = '2026-03-02T09:00:00.000Z';
	const entryOf = (member: Member, id: string, value: number) =>
		personEntry({ id, by: member.actor.userId, at }, value, 'cm');

	it('keeps every edit of five people when all database connections break (T55)', async () => {
		const reportId = await room.report();
		const clients = members.map((member) => openClient(room, member, reportId));
		await Promise.all(clients.map((client) => client.synced()));
		const name = new URL(database.url).pathname.slice(1);
		const port = Number(new URL(database.url).port);
		for (let round = 0; round < 6; round += 1) {
			for (const [i, { doc }] of clients.entries()) {
				const member = members[i];
				if (member) setField(doc, `f${i}`, entryOf(member, `r${round}`, round), []);
			}
			await administer(
				port,
				`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`
			);
		}
		await until(async () => {
			const { doc } = await room.hub.snapshot(reportId).catch(() => ({ doc: null }));
			if (!doc) return false;
			const entries = readEntries(doc);
			return members.every((_, i) => entries[`f${i}`]?.length === 6);
		}, 'all thirty edits');
		await until(
			() => clients.every(({ doc }) => Object.keys(readEntries(doc)).length === 5),
			'everybody to see them'
		);
	}, 90_000);

	it('lets two processes write one report without losing or doubling anything', async () => {
		const other = await room.beside({});
		const reportId = await room.report();
		const [anna, ben] = members;
		if (!anna || !ben) throw new Error();
		const a = openClient(room, anna, reportId);
		const b = openClient(other, ben, reportId);
		await Promise.all([a.synced(), b.synced()]);
		for (let i = 0; i < 20; i += 1) {
			setField(a.doc, 'lvidd', entryOf(anna, `a${i}`, i), i > 0 ? [`a${i - 1}`] : []);
			setField(b.doc, 'ivsd', entryOf(ben, `b${i}`, i), i > 0 ? [`b${i - 1}`] : []);
			if (i % 5 === 0) await new Promise((done) => setImmediate(done));
		}
		editText(a.doc, conclusionText, 'Both.');
		const fresh = await room.beside({});
		await until(async () => {
			const { doc } = await fresh.hub.snapshot(reportId);
			const entries = readEntries(doc);
			return (
				entries.lvidd?.[0]?.value === 19 &&
				entries.ivsd?.[0]?.value === 19 &&
				doc.getText(conclusionText).toString() === 'Both.'
			);
		}, 'all edits of both');
		// Without a message between them, one hears of the other at its own next write.
		setField(b.doc, 'ao_root', entryOf(ben, 'last', 3), []);
		await until(() => readEntries(b.doc).lvidd?.[0]?.value === 19, 'ben to see what anna did');
		const { doc } = await fresh.hub.snapshot(reportId);
		expect(readEntries(doc).lvidd).toHaveLength(1);
	}, 60_000);
});
