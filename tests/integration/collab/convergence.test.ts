import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { personEntry, readEntries, readField, setField } from '$lib/collab/doc-fields.ts';
import { setAnnotation } from '$lib/collab/doc-annotations.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { conclusionText, fieldKey, openRoots, textNames } from '$lib/collab/report-doc.ts';
import type { ReportId } from '$lib/ids.ts';
import { documentUpdates } from '$lib/server/db/schema/reports.ts';
import { seededRandom, type Random } from '../../support/random.ts';
import {
	closeClients,
	openClient,
	openLiveRoom,
	until,
	type Client,
	type LiveRoom,
	type Member
} from './live-room.ts';

const long = process.env.READROOM_LONG === '1';
const seeds = process.env.READROOM_SEED
	? process.env.READROOM_SEED.split(',').map(Number)
	: Array.from({ length: long ? 50 : 3 }, (_, i) => i + 1);
const steps = long ? 2000 : 300;
const restartEvery = long ? 200 : 100;

let room: LiveRoom;
let members: Member[];
beforeAll(async () => {
	room = await openLiveRoom({ limits: { snapshotEvery: 40, editsPerSecond: 10_000 } });
});
// People of their own for each test: fifty seeds take longer than a session may lie idle.
beforeEach(async () => {
	members = await Promise.all(Array.from({ length: 5 }, () => room.member(['physician'])));
});
afterEach(closeClients);

const fields = ['lvidd', 'ivsd', 'lvpwd', 'la_vol', 'ava'];
const at = '2026-03-02T09:00:00.000Z';

interface Editor {
	client: Client;
	member: Member;
	/** Keys of the values that this editor wrote. */
	made: string[];
}

function editOnce(editor: Editor, random: Random): void {
	const { client, member } = editor;
	const { doc } = client;
	const what = random.int(0, 9);
	if (what < 5) {
		const field = random.pick(fields);
		const seen = readField(doc, field).map((entry) => entry.id);
		const id = `${member.actor.userId}-${editor.made.length}`;
		editor.made.push(fieldKey(field, id));
		const entry = personEntry({ id, by: member.actor.userId, at }, random.int(1, 99) / 10, 'cm');
		setField(doc, field, entry, seen);
	} else if (what < 8) {
		const name = random.pick(textNames);
		const text = doc.getText(name).toString();
		const from = random.int(0, text.length);
		const cut = random.int(0, Math.min(4, text.length - from));
		editText(
			doc,
			name,
			text.slice(0, from) + random.pick(['a', 'b ', '…', '']) + text.slice(from + cut)
		);
	} else {
		setAnnotation(doc, {
			id: `a${random.int(1, 6)}`,
			tool: 'length',
			studyUid: '1.2',
			seriesUid: '1.2',
			sopInstanceUid: '1.2.3',
			frame: random.int(1, 30),
			points: [
				[random.int(0, 600), random.int(0, 400)],
				[random.int(0, 600), random.int(0, 400)]
			],
			region: 0,
			value: random.int(1, 99) / 10,
			unit: 'cm',
			label: '',
			field: null,
			by: member.actor.userId,
			at
		});
	}
}

/** Everything that must agree: values, texts, state vector and deletions. */
function stateOf(doc: Y.Doc) {
	const roots = openRoots(doc);
	return {
		fields: readEntries(doc),
		annotations: roots.annotations.toJSON(),
		interpretation: roots.interpretation.toJSON(),
		texts: textNames.map((name) => doc.getText(name).toString()),
		vector: [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b),
		deletions: [...Y.createDeleteSetFromStructStore(doc.store).clients]
			.map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len])])
			.sort(([a], [b]) => Number(a) - Number(b)),
		pending: doc.store.pendingStructs
	};
}

/** With sorted keys: replicas hold the same map in different orders. */
const canonical = (state: unknown): string =>
	JSON.stringify(state, (_, part: unknown) =>
		part && typeof part === 'object' && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part
	);

/** Waits until the server has all that this editor did so far. */
async function isStored(reportId: ReportId, { client }: Editor): Promise<void> {
	client.provider.connect();
	const own = client.doc.clientID;
	const made = Y.getState(client.doc.store, own);
	await until(async () => {
		const { doc } = await room.hub.snapshot(reportId);
		return Y.getState(doc.store, own) >= made;
	}, 'an edit to be stored');
}

async function allAgree(reportId: ReportId, editors: Editor[], what: string): Promise<void> {
	const states = () => editors.map(({ client }) => canonical(stateOf(client.doc)));
	await until(
		async () => {
			if (!editors.every(({ client }) => client.provider.synced)) return false;
			const { doc } = await room.hub.snapshot(reportId);
			const stored = canonical(stateOf(doc));
			return states().every((state) => state === stored);
		},
		`all to agree, ${what}`,
		60_000
	).catch(async (error: unknown) => {
		// The difference says more than "waited".
		const { doc } = await room.hub.snapshot(reportId);
		for (const { client } of editors) expect(stateOf(client.doc), what).toEqual(stateOf(doc));
		throw error;
	});
}

describe('five editors, a bad network and a server that dies (T56, N5)', () => {
	it.each(seeds)(
		'agree in the end, with every edit there: seed %i',
		async (seed) => {
			const random = seededRandom(seed);
			const reportId = await room.report();
			const editors: Editor[] = members.map((member) => ({
				client: openClient(room, member, reportId),
				member,
				made: []
			}));
			await Promise.all(editors.map(({ client }) => client.synced()));

			for (let step = 1; step <= steps; step += 1) {
				const editor = random.pick(editors);
				editOnce(editor, random);
				if (random.chance(0.02)) editor.client.provider.disconnect();
				if (random.chance(0.2)) {
					editors.forEach(({ client }) => client.provider.connect());
				}
				if (step % restartEvery === 0) {
					await room.restart(random.chance(0.5) ? 'kill' : 'close');
					// Some go on without a network, some are back before they type again.
					const back = random.int(1, editors.length);
					editors.forEach(({ client }) => client.provider.connect());
					await until(
						() => editors.filter(({ client }) => client.provider.synced).length >= back,
						'some to be back'
					);
				}
				// Lets messages through, in no order that the seed could fix.
				if (random.chance(0.5)) await new Promise((done) => setImmediate(done));
				if (random.chance(0.2)) await isStored(reportId, editor);
			}
			editors.forEach(({ client }) => client.provider.connect());
			await allAgree(reportId, editors, `seed ${seed}`);

			// Most of it travelled live: a test that only merges at the end would prove little.
			const stored = await room.services.db
				.select({ id: documentUpdates.id })
				.from(documentUpdates)
				.where(eq(documentUpdates.reportId, reportId));
			expect(stored.length, `seed ${seed}`).toBeGreaterThan(steps / 10);
			// Every value that anybody wrote is there, or was there until somebody who saw it replaced it.
			const { doc } = await room.hub.snapshot(reportId);
			const everThere = openRoots(doc).fields._map;
			for (const { client, made } of editors) {
				expect(
					client.closed.filter(({ code }) => code >= 4400),
					`seed ${seed}`
				).toEqual([]);
				expect(
					made.filter((key) => !everThere.has(key)),
					`seed ${seed}`
				).toEqual([]);
			}
		},
		600_000
	);
});

describe('a late joiner (T59, K9)', () => {
	it('gets the newest state while the last one leaves', async () => {
		const reportId = await room.report();
		const [first, second] = members;
		if (!first || !second) throw new Error();
		let expected = '';
		for (let round = 0; round < 15; round += 1) {
			const a = openClient(room, first, reportId);
			await a.synced();
			expect(a.doc.getText(conclusionText).toString()).toBe(expected);
			expected += `${round} `;
			editText(a.doc, conclusionText, expected);
			await until(async () => {
				const { doc } = await room.hub.snapshot(reportId);
				return doc.getText(conclusionText).toString() === expected;
			}, 'the text to be stored');
			// Leaving unloads and saves; coming back must not meet the old state.
			a.close();
			const b = openClient(room, second, reportId);
			await b.synced();
			expect(b.doc.getText(conclusionText).toString()).toBe(expected);
			b.close();
		}
	}, 120_000);

	it('keeps everything once when the document is made anew under a waiting client', async () => {
		const reportId = await room.report();
		const [first] = members;
		if (!first) throw new Error();
		const a = openClient(room, first, reportId);
		await a.synced();
		editText(a.doc, conclusionText, 'Once.');
		for (const how of ['kill', 'close', 'kill'] as const) {
			await room.restart(how);
			await until(() => a.provider.synced, 'sync');
		}
		await until(async () => {
			const { doc } = await room.hub.snapshot(reportId);
			return doc.getText(conclusionText).toString() === 'Once.';
		}, 'the text');
		expect(a.doc.getText(conclusionText).toString()).toBe('Once.');
	}, 60_000);
});
