import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { personEntry, readEntries, setField } from '$lib/collab/doc-fields.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import { LiveConnection, type LiveConnectionInput } from '$lib/collab/ui/live-connection.svelte.ts';
import { PresenceStates } from '$lib/collab/ui/presence-state.svelte.ts';
import type { ReportId } from '$lib/ids.ts';
import { reports } from '$lib/server/db/schema/reports.ts';
import { readLateEdits } from '$lib/server/collab/late-edits.ts';
import { openLiveRoom, until, type LiveRoom, type Member } from './live-room.ts';

let room: LiveRoom;
let reader: Member;
let sonographer: Member;
beforeAll(async () => {
	room = await openLiveRoom();
	reader = await room.member(['physician']);
	sonographer = await room.member(['sonographer']);
});

const opened: LiveConnection[] = [];
afterEach(() => opened.splice(0).forEach((connection) => connection.destroy()));

function connect(member: Member, reportId: ReportId, more: Partial<LiveConnectionInput> = {}) {
	class Socket extends WebSocket {
		constructor(url: string) {
			super(url, { headers: { cookie: member.cookie, origin: room.origin } });
		}
	}
	const connection = new LiveConnection({
		reportId,
		generation: 1,
		address: `${room.origin.replace('http', 'ws')}/ws`,
		Socket: Socket as unknown as typeof globalThis.WebSocket,
		...more
	});
	opened.push(connection);
	return connection;
}
const at = '2026-03-02T09:00:00.000Z';
const entryOf = (member: Member, id: string, value: number) =>
	personEntry({ id, by: member.actor.userId, at }, value, 'cm');
const storedFields = async (reportId: ReportId) => {
	const { doc } = await room.hub.snapshot(reportId);
	return Object.keys(readEntries(doc)).sort();
};

describe('a connection says where edits are', () => {
	it('says "saved there" only when the database has them (K8)', async () => {
		const reportId = await room.report();
		const a = connect(reader, reportId);
		await until(() => a.synced && a.savedThere, 'sync');
		expect(a.status).toBe('connected');
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		expect(a.savedThere).toBe(false);
		await a.settled();
		expect(await storedFields(reportId)).toEqual(['lvidd']);
		expect(a.savedAt).not.toBeNull();
	});

	it('knows since when it is offline, and catches up by itself', async () => {
		const reportId = await room.report();
		const a = connect(reader, reportId);
		await until(() => a.synced, 'sync');
		await room.restart('kill');
		await until(() => a.status === 'offline', 'offline');
		expect(a.offlineSince).not.toBeNull();
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		setField(a.doc, 'ivsd', entryOf(reader, 'e2', 1.2), []);
		await a.settled();
		expect(a.offlineSince).toBeNull();
		expect(await storedFields(reportId)).toEqual(['ivsd', 'lvidd']);
	});

	it('ends with a reason and keeps its edits aside when the role may not make them', async () => {
		const reportId = await room.report();
		const b = connect(sonographer, reportId);
		await until(() => b.synced, 'sync');
		editText(b.doc, conclusionText, 'Severe.');
		await until(() => b.ending !== null, 'the end');
		expect(b.ending).toEqual({ kind: 'notAllowed', lateEditsKept: false });
		expect(b.hasEditsAside).toBe(true);
		expect(b.editable).toBe(false);
		await expect(b.settled()).rejects.toThrow('notAllowed');
	});

	it('is stopped when it holds another generation, with its edits aside (K10)', async () => {
		const reportId = await room.report();
		const a = connect(reader, reportId, { generation: 7 });
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		await until(() => a.ending !== null, 'the end');
		expect(a.ending?.kind).toBe('otherGeneration');
		expect(a.editsAside()).not.toBeNull();
		expect(await storedFields(reportId)).toEqual([]);
	});

	it('hands in as a late edit what was on its way when the report was signed', async () => {
		const reportId = await room.report();
		const a = connect(reader, reportId);
		await until(() => a.synced, 'sync');
		await room.restart('kill');
		await until(() => a.status === 'offline', 'offline');
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		await room.services.db.update(reports).set({ state: 'final' }).where(eq(reports.id, reportId));
		await until(() => a.ending !== null, 'the end');
		expect(a.ending).toEqual({ kind: 'stateMovedOn', lateEditsKept: true });
		expect(a.hasEditsAside).toBe(false);
		const [late] = await readLateEdits(room.services.db, reportId);
		expect(late?.changes.map(({ key }) => key)).toEqual(['lvidd/e1']);
	});

	it('asks why when it is refused before it opens', async () => {
		const reportId = await room.report();
		const a = connect({ ...reader, cookie: 'readroom=x' }, reportId, {
			diagnose: async () => 'signedOut'
		});
		await until(() => a.ending !== null, 'the end');
		expect(a.ending?.kind).toBe('signedOut');
	});
});

describe('presence', () => {
	it('shows who is where, stamped by the server', async () => {
		const reportId = await room.report();
		const a = connect(reader, reportId);
		const b = connect(sonographer, reportId);
		await until(() => a.synced && b.synced, 'sync');
		const [mine, theirs] = [new PresenceStates(a.awareness), new PresenceStates(b.awareness)];
		mine.focus('lvidd');
		mine.look({ sopInstanceUid: '1.2.3', frame: 12, playing: true });
		await until(() => theirs.others[0]?.viewport?.frame === 12, 'the viewport');
		expect(theirs.inField('lvidd')).toEqual([
			{ id: reader.actor.userId, name: reader.actor.name, role: 'physician' }
		]);
		expect(
			room.hub
				.present(reportId)
				.map(({ id }) => id)
				.sort()
		).toEqual([reader.actor.userId, sonographer.actor.userId].sort());

		theirs.follow(theirs.others[0]?.id ?? null);
		await until(() => mine.followers.length === 1, 'the follower');
		b.destroy();
		await until(() => mine.others.length === 0, 'the other to be gone');
		mine.destroy();
		theirs.destroy();
	});

	it('comes back at once after a restart of the server', async () => {
		const reportId = await room.report();
		const a = connect(reader, reportId);
		const b = connect(sonographer, reportId);
		const [mine, theirs] = [new PresenceStates(a.awareness), new PresenceStates(b.awareness)];
		await until(() => mine.others.length === 1 && theirs.others.length === 1, 'both');
		await room.restart('kill');
		await until(() => a.status === 'offline' && b.status === 'offline', 'offline');
		await until(() => mine.others.length === 1 && theirs.others.length === 1, 'both again');
		mine.destroy();
		theirs.destroy();
	});
});
