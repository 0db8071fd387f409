import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { setAnnotation } from '$lib/collab/doc-annotations.ts';
import { addMachineEntries, personEntry, readEntries, setField } from '$lib/collab/doc-fields.ts';
import { decideStatement, editText, readText } from '$lib/collab/doc-interpretation.ts';
import { createUndo } from '$lib/collab/doc-undo.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import { closeCodes, lateEditsKept } from '$lib/collab/close-codes.ts';
import { auditEvents } from '$lib/server/db/schema/audit.ts';
import {
	documentUpdates,
	fieldHistory,
	lateEdits,
	reports
} from '$lib/server/db/schema/reports.ts';
import { endSession } from '$lib/server/auth/sessions.ts';
import { defaultLimits } from '$lib/server/collab/limits.ts';
import { readLateEdits } from '$lib/server/collab/late-edits.ts';
import {
	closeClients,
	openClient,
	openLiveRoom,
	until,
	type Client,
	type LiveRoom,
	type Member
} from './live-room.ts';

let room: LiveRoom;
let reader: Member;
let sonographer: Member;
beforeAll(async () => {
	room = await openLiveRoom({ limits: { judgeAgainMs: 200 } });
	reader = await room.member(['physician']);
	sonographer = await room.member(['sonographer']);
});
afterEach(closeClients);

const at = '2026-03-02T09:00:00.000Z';
const entryOf = (member: Member, id: string, value: number) =>
	personEntry({ id, by: member.actor.userId, at }, value, 'cm');
const valuesOf = (client: Pick<Client, 'doc'>, field: string) =>
	(readEntries(client.doc)[field] ?? []).map((entry) => entry.value);

describe('a live report', () => {
	it('shows each what the other does, and keeps it', async () => {
		const reportId = await room.report();
		const [a, b] = [reader, sonographer].map((who) => openClient(room, who, reportId));
		if (!a || !b) throw new Error();
		await Promise.all([a.synced(), b.synced()]);
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		editText(a.doc, conclusionText, 'Normal study.');
		await until(() => readText(b.doc, conclusionText) === 'Normal study.', 'the text');
		expect(valuesOf(b, 'lvidd')).toEqual([4.9]);
		closeClients();
		await until(() => room.hub.stats().documents === 0, 'the document to be unloaded');

		const later = openClient(room, sonographer, reportId);
		await later.synced();
		expect(valuesOf(later, 'lvidd')).toEqual([4.9]);
		const history = await room.services.db
			.select()
			.from(fieldHistory)
			.where(eq(fieldHistory.reportId, reportId));
		expect(history.map(({ root, key, action, by }) => ({ root, key, action, by }))).toEqual([
			{ root: 'fields', key: 'lvidd/e1', action: 'add', by: reader.actor.userId },
			{
				root: 'interpretation',
				key: conclusionText,
				action: 'change',
				by: reader.actor.userId
			}
		]);
	});

	it('keeps both values of two who had not seen each other, and settles on one', async () => {
		const reportId = await room.report();
		const [a, b] = [reader, sonographer].map((who) => openClient(room, who, reportId));
		if (!a || !b) throw new Error();
		await Promise.all([a.synced(), b.synced()]);
		a.provider.disconnect();
		b.provider.disconnect();
		setField(a.doc, 'ivsd', entryOf(reader, 'a', 1.1), []);
		setField(b.doc, 'ivsd', entryOf(sonographer, 'b', 1.3), []);
		a.provider.connect();
		b.provider.connect();
		for (const client of [a, b]) {
			await until(() => valuesOf(client, 'ivsd').length === 2, 'both values');
		}
		setField(a.doc, 'ivsd', entryOf(reader, 'c', 1.1), ['a', 'b']);
		await until(() => valuesOf(b, 'ivsd').length === 1, 'one value');
	});

	it('lets a person put back by undo what a machine had sent', async () => {
		const reportId = await room.report();
		const machine = { ...entryOf(reader, 'sr:1.2.3:1.5.3', 5.1), by: null };
		await room.hub.applyAsServer(reportId, (doc) => addMachineEntries(doc, { lvidd: [machine] }));
		const a = openClient(room, reader, reportId);
		await a.synced();
		const undo = createUndo(a.doc);
		setField(a.doc, 'lvidd', entryOf(reader, 'mine', 4.9), ['sr:1.2.3:1.5.3']);
		undo.undo();
		expect(valuesOf(a, 'lvidd')).toEqual([5.1]);
		const b = openClient(room, sonographer, reportId);
		await b.synced();
		await until(() => valuesOf(b, 'lvidd')[0] === 5.1, 'the machine value');
		expect(a.closed).toEqual([]);
	});

	it('adds what a machine sent once, however often it arrives', async () => {
		const reportId = await room.report();
		const incoming = { lvidd: [{ ...entryOf(reader, 'sr:1.2.3:1.5.3', 5.1), by: null }] };
		const add = () => room.hub.applyAsServer(reportId, (doc) => addMachineEntries(doc, incoming));
		expect([await add(), await add()]).toEqual([1, 0]);
		const rows = await room.services.db
			.select()
			.from(documentUpdates)
			.where(eq(documentUpdates.reportId, reportId));
		expect(rows.map((row) => row.userId)).toEqual([null]);
	});

	it('witnesses who opened and who edited', async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		setField(a.doc, 'ivsd', entryOf(reader, 'e2', 1.0), []);
		const events = () =>
			room.services.db
				.select()
				.from(auditEvents)
				.where(eq(auditEvents.object, `report:${reportId}`));
		await until(async () => (await events()).length === 2, 'two events');
		expect((await events()).map((event) => event.action).sort()).toEqual([
			'report.document-edited',
			'report.document-opened'
		]);
	});
});

describe('rights, per message (T48)', () => {
	it("drops a sonographer's edit of the conclusion; nobody saw it", async () => {
		const reportId = await room.report();
		const [a, b] = [reader, sonographer].map((who) => openClient(room, who, reportId));
		if (!a || !b) throw new Error();
		await Promise.all([a.synced(), b.synced()]);
		editText(b.doc, conclusionText, 'Severe stenosis.');
		await until(() => b.closed.length > 0, 'the close');
		expect(b.closed[0]?.code).toBe(closeCodes.notAllowed);
		expect(readText(a.doc, conclusionText)).toBe('');
		const { doc } = await room.hub.snapshot(reportId);
		expect(readText(doc, conclusionText)).toBe('');
	});

	it('refuses an update whole when one of its roots is not allowed', async () => {
		const reportId = await room.report();
		const b = openClient(room, sonographer, reportId);
		await b.synced();
		b.doc.transact(() => {
			setField(b.doc, 'lvidd', entryOf(sonographer, 'e', 4), []);
			decideStatement(
				b.doc,
				's1',
				'd1',
				{
					decision: 'exclude',
					text: null,
					section: 'lv',
					oneClickNormal: false,
					by: sonographer.actor.userId,
					at
				},
				[]
			);
		});
		await until(() => b.closed.length > 0, 'the close');
		const { doc } = await room.hub.snapshot(reportId);
		expect(readEntries(doc)).toEqual({});
	});

	it('refuses a deletion in a root that the role may not edit', async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		editText(a.doc, conclusionText, 'Words.');
		const b = openClient(room, sonographer, reportId);
		await until(() => readText(b.doc, conclusionText) === 'Words.', 'the text');
		editText(b.doc, conclusionText, '');
		await until(() => b.closed.length > 0, 'the close');
		expect(b.closed[0]?.code).toBe(closeCodes.notAllowed);
		expect(readText(a.doc, conclusionText)).toBe('Words.');
	});

	it('counts a change of state from the next message on', async () => {
		const reportId = await room.report();
		const b = openClient(room, sonographer, reportId);
		await b.synced();
		await room.services.db
			.update(reports)
			.set({ state: 'sent_to_read' })
			.where(eq(reports.id, reportId));
		setField(b.doc, 'lvidd', entryOf(sonographer, 'e', 4), []);
		await until(() => b.closed.length > 0, 'the close');
		expect(b.closed[0]?.code).toBe(closeCodes.notAllowed);
	});

	it("refuses a value in another's name, and a value that fits no schema", async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		setField(a.doc, 'lvidd', entryOf(sonographer, 'e', 4), []);
		await until(() => a.closed.length > 0, 'the close');
		expect(a.closed[0]?.code).toBe(closeCodes.notAllowed);

		for (const value of [Number.NaN, Infinity, { a: 1 }, undefined]) {
			const c = openClient(room, reader, reportId);
			await c.synced();
			setField(c.doc, 'lvidd', { ...entryOf(reader, 'e', 4), value: value as number }, []);
			await until(() => c.closed.length > 0, 'the close');
			expect(c.closed[0]?.code).toBe(closeCodes.notAllowed);
		}
		const { doc } = await room.hub.snapshot(reportId);
		expect(readEntries(doc)).toEqual({});
	});

	it('refuses an unknown root', async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		a.doc.getMap('meta').set('version', 9);
		await until(() => a.closed.length > 0, 'the close');
		expect(a.closed[0]?.code).toBe(closeCodes.notAllowed);
	});
});

describe('client ids (K5)', () => {
	it('refuses edits under the client id of somebody else', async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		const stranger = new Y.Doc();
		const b = openClient(room, sonographer, reportId, { doc: stranger });
		await until(() => valuesOf(b, 'lvidd').length === 1, 'the value');
		stranger.clientID = a.doc.clientID;
		setField(stranger, 'ivsd', entryOf(sonographer, 'e2', 1), []);
		await until(() => b.closed.length > 0, 'the close');
		expect(b.closed[0]?.code).toBe(closeCodes.notAllowed);
		setField(a.doc, 'ivsd', entryOf(reader, 'e3', 1.2), []);
		const { provider } = openClient(room, reader, reportId);
		await until(() => provider.synced, 'sync');
		expect(a.closed).toEqual([]);
	});

	it('keeps the binding for edits made without a network', async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		a.provider.disconnect();
		setField(a.doc, 'ivsd', entryOf(reader, 'e2', 1.1), []);
		await room.restart('close');
		a.provider.connect();
		await until(async () => {
			const { doc } = await room.hub.snapshot(reportId);
			return Object.keys(readEntries(doc)).length === 2;
		}, 'both edits');
	});
});

describe('when access changes', () => {
	it('closes the sockets of a session that ended, and takes nothing after it (T04, T05)', async () => {
		const member = await room.member(['physician']);
		const reportId = await room.report();
		const a = openClient(room, member, reportId);
		await a.synced();
		const sessionId = member.cookie.slice('readroom='.length).split('.')[0] ?? '';
		await endSession(room.services.db, sessionId);
		await until(() => a.closed.length > 0, 'the close');
		expect(a.closed[0]?.code).toBe(closeCodes.signedOut);
		// Found by looking, not by being told: no later than this.
		expect(defaultLimits.judgeAgainMs).toBeLessThanOrEqual(2000);
		setField(a.doc, 'lvidd', entryOf(member, 'e1', 4.9), []);
		const { doc } = await room.hub.snapshot(reportId);
		expect(readEntries(doc)).toEqual({});
	});

	it('judges again at once when told', async () => {
		const member = await room.member(['physician']);
		const reportId = await room.report();
		const a = openClient(room, member, reportId);
		await a.synced();
		room.hub.machine.registry.closeFor(
			`user:${member.actor.userId}`,
			closeCodes.signedOut,
			'signed out'
		);
		await until(() => a.closed.length > 0, 'the close');
		expect(a.closed[0]?.code).toBe(closeCodes.signedOut);
	});
});

describe('a signed report', () => {
	const sign = (reportId: string) =>
		room.services.db
			.update(reports)
			.set({ state: 'final' })
			.where(eq(reports.id, reportId as typeof reports.$inferSelect.id));

	it('keeps an edit made offline as a late edit and tells its author (T57, L7)', async () => {
		const reportId = await room.report();
		const a = openClient(room, reader, reportId);
		await a.synced();
		setField(a.doc, 'lvidd', entryOf(reader, 'e1', 4.9), []);
		const b = openClient(room, sonographer, reportId);
		await until(() => valuesOf(b, 'lvidd').length === 1, 'the value');
		b.provider.disconnect();
		setField(b.doc, 'lvidd', entryOf(sonographer, 'e2', 5.2), ['e1']);
		await sign(reportId);
		await room.hub.freeze(reportId);
		await until(() => a.closed.length > 0, 'the close');
		expect(a.closed[0]).toEqual({ code: closeCodes.stateMovedOn, reason: 'final' });

		b.provider.connect();
		await until(() => b.closed.length > 0, 'the close');
		expect(b.closed.at(-1)).toEqual({ code: closeCodes.stateMovedOn, reason: lateEditsKept });
		const { doc } = await room.hub.snapshot(reportId);
		expect((readEntries(doc).lvidd ?? []).map((entry) => entry.value)).toEqual([4.9]);
		const [late] = await readLateEdits(room.services.db, reportId);
		expect(late?.userId).toBe(sonographer.actor.userId);
		expect(late?.changes.map(({ key, action }) => ({ key, action }))).toEqual([
			{ key: 'lvidd/e2', action: 'add' },
			{ key: 'lvidd/e1', action: 'delete' }
		]);

		// Sent again, it is the same late edit.
		const again = openClient(room, sonographer, reportId, { doc: b.doc });
		await until(() => again.closed.length > 0, 'the close');
		const rows = await room.services.db
			.select()
			.from(lateEdits)
			.where(eq(lateEdits.reportId, reportId));
		expect(rows).toHaveLength(1);
	});

	it('closes a client that has nothing to hand in', async () => {
		const reportId = await room.report('final');
		const a = openClient(room, reader, reportId);
		await until(() => a.closed.length > 0, 'the close');
		expect(a.closed[0]).toEqual({ code: closeCodes.stateMovedOn, reason: 'final' });
	});

	it('refuses what the server would add', async () => {
		const reportId = await room.report('final');
		const incoming = { lvidd: [{ ...entryOf(reader, 'sr:1.2:1', 5), by: null }] };
		await expect(
			room.hub.applyAsServer(reportId, (doc) => addMachineEntries(doc, incoming))
		).rejects.toMatchObject({ code: 'report_final' });
	});
});

describe('generations (K10)', () => {
	it.each([{ generation: 2 }, { generation: 0 }])(
		'stops a client that holds generation $generation of a first one',
		async ({ generation }) => {
			const reportId = await room.report();
			const a = openClient(room, reader, reportId, { generation });
			setAnnotation(a.doc, {
				id: 'x',
				tool: 'length',
				studyUid: '1.2',
				seriesUid: '1.2',
				sopInstanceUid: '1.2',
				frame: 1,
				points: [[1, 1]],
				region: null,
				value: null,
				unit: null,
				label: '',
				field: null,
				by: reader.actor.userId,
				at
			});
			await until(() => a.closed.length > 0, 'the close');
			expect(a.closed[0]?.code).toBe(closeCodes.otherGeneration);
			const { doc } = await room.hub.snapshot(reportId);
			expect(doc.getMap('annotations').size).toBe(0);
		}
	);
});
