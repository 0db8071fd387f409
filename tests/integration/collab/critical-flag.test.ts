import { and, eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { personEntry, setField } from '$lib/collab/doc-fields.ts';
import type { ReportId } from '$lib/ids.ts';
import { fieldHistory, reports } from '$lib/server/db/schema/reports.ts';
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
beforeAll(async () => {
	room = await openLiveRoom();
	reader = await room.member(['physician']);
});
afterEach(closeClients);

const at = '2026-03-02T09:00:00.000Z';
let count = 0;
const type = (client: Client, field: string, value: string, seen: readonly string[] = []) => {
	const id = `entry-${++count}`;
	const by = reader.actor.userId;
	setField(client.doc, field, personEntry({ id, by, at }, value, null), seen);
	return id;
};

async function isOpen(id: ReportId): Promise<boolean | undefined> {
	const [row] = await room.services.db
		.select({ criticalOpen: reports.criticalOpen })
		.from(reports)
		.where(eq(reports.id, id));
	return row?.criticalOpen;
}

async function opened() {
	const id = await room.report();
	const client = openClient(room, reader, id);
	await client.synced();
	/** What was typed is committed, with whatever follows from it. */
	const stored = (field: string, entry: string) =>
		until(async () => {
			const key = eq(fieldHistory.key, `${field}/${entry}`);
			const found = await room.services.db
				.select({ id: fieldHistory.id })
				.from(fieldHistory)
				.where(and(eq(fieldHistory.reportId, id), key));
			return found.length > 0;
		}, field);
	return {
		id,
		client,
		stored,
		becomes: (open: boolean, why: string) => until(async () => (await isOpen(id)) === open, why)
	};
}

describe('a critical result in a live document', () => {
	it('is kept beside the report until its communication is complete', async () => {
		const { id, client, stored, becomes } = await opened();
		expect(await isOpen(id)).toBe(false);
		type(client, 'critical.present', 'yes');
		await becomes(true, 'the mark');
		type(client, 'critical.told', 'Dr Holm');
		type(client, 'critical.date', '2026-03-02');
		type(client, 'critical.time', '10:40');
		type(client, 'critical.how', 'phone');
		const asked = type(client, 'critical.read_back', 'no');
		await stored('critical.read_back', asked);
		expect(await isOpen(id)).toBe(true);
		type(client, 'critical.read_back', 'yes', [asked]);
		await becomes(false, 'the end of it');
	});

	it('goes when the mark is taken back', async () => {
		const { client, becomes } = await opened();
		const mark = type(client, 'critical.present', 'yes');
		await becomes(true, 'the mark');
		type(client, 'critical.present', 'no', [mark]);
		await becomes(false, 'the mark taken back');
	});

	it('is not touched by any other field', async () => {
		const { id, client, stored, becomes } = await opened();
		type(client, 'critical.present', 'yes');
		await becomes(true, 'the mark');
		await stored('lv.comment', type(client, 'lv.comment', 'Large apical thrombus'));
		expect(await isOpen(id)).toBe(true);
	});
});
