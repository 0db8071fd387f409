import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TokenActor } from '$lib/access/actor.ts';
import type { PracticeId } from '$lib/ids.ts';
import { publicError } from '$lib/server/error-table.ts';
import { pollArchives } from '$lib/server/arrival/poll-archives.ts';
import { uploadAnswer } from '$lib/server/arrival/upload-answer.ts';
import type { Archive } from '$lib/server/archive/archive.ts';
import {
	archives as archiveTable,
	practiceStudies,
	srDocuments,
	studyInstances
} from '$lib/server/db/schema/index.ts';
import { receiveBody } from '$lib/server/dicomweb/store.ts';
import { sendGroup } from '../../../src/cli/import-remote.ts';
import { createTestArchives } from '../../support/archives.ts';
import { serve } from '../../support/http-door.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';
import { tinyLoop, tinyReport } from '../../support/tiny-dicom.ts';

let test: TestServices;
const archives = createTestArchives();

beforeAll(async () => {
	test = await createTestServices({ archives: archives.port });
});

/** Stands for a server elsewhere: the same port, reached by others without us, calls counted. */
async function outsideArchive(practiceId: PracticeId, calls: string[] = []): Promise<Archive> {
	const archive = await archives.addEmbedded(test.services, practiceId);
	await test.services.db
		.update(archiveTable)
		.set({ kind: 'dicomweb' })
		.where(eq(archiveTable.id, archive.id));
	archives.watch(
		archive.id,
		(inner) =>
			new Proxy(inner, {
				get(target, key) {
					if (key === 'kind') return 'dicomweb';
					const value: unknown = Reflect.get(target, key);
					if (typeof value !== 'function') return value;
					return (...args: unknown[]) => {
						calls.push(String(key));
						return value.apply(target, args);
					};
				}
			})
	);
	return archive;
}

const studyOf = async (practiceId: PracticeId) =>
	(
		await test.services.db
			.select()
			.from(practiceStudies)
			.where(eq(practiceStudies.practiceId, practiceId))
	)[0];

describe('an outside archive', () => {
	let practiceId: PracticeId;
	let archive: Archive;
	const calls: string[] = [];

	beforeAll(async () => {
		practiceId = await buildPractice(test.services);
		archive = await outsideArchive(practiceId, calls);
	});

	it('is asked, and what it holds stands in the list', async () => {
		await archive.store([tinyLoop(), tinyReport()]);
		expect(await pollArchives(test.services, { recentDays: 7 })).toEqual({
			found: 2,
			unavailable: 0
		});
		expect(await studyOf(practiceId)).toMatchObject({
			origin: 'archive',
			instanceCount: 2,
			expectedInstances: 2,
			modalities: ['SR', 'US']
		});
		const documents = await test.services.db.select().from(srDocuments);
		expect(documents[0]?.document.root.children[0]?.number?.value).toBe(4.7);
	});

	it('is not asked for details again while its counts stay the same', async () => {
		calls.length = 0;
		expect((await pollArchives(test.services, 'all')).found).toBe(0);
		expect(calls).toEqual(['search']);
	});

	it('is asked for what is new alone', async () => {
		await archive.store([tinyLoop({ sopUid: '1.2.3.1.2' })]);
		expect((await pollArchives(test.services, { recentDays: 7 })).found).toBe(1);
		expect(await studyOf(practiceId)).toMatchObject({ instanceCount: 3 });
	});

	it('may hold another patient under one study UID: that one is left out', async () => {
		await archive.store([tinyLoop({ sopUid: '1.2.3.1.3', patientId: 'P2', name: 'Other^One' })]);
		await pollArchives(test.services, { recentDays: 7 });
		expect(await studyOf(practiceId)).toMatchObject({ instanceCount: 3 });
		// Nothing of it is tried again until the archive holds another number.
		calls.length = 0;
		await pollArchives(test.services, { recentDays: 7 });
		expect(calls).toEqual(['search']);
	});

	it('gives back our own exports, marked', async () => {
		await archive.store([
			tinyReport({
				seriesUid: '1.2.3.99',
				sopUid: '1.2.3.99.1',
				more: { '00080070': ['LO', 'Readroom'] }
			})
		]);
		await pollArchives(test.services, { recentDays: 7 });
		const own = await test.services.db
			.select({ sopUid: studyInstances.sopUid })
			.from(studyInstances)
			.where(eq(studyInstances.ownExport, true));
		expect(own).toEqual([{ sopUid: '1.2.3.99.1' }]);
		expect(await test.services.db.select().from(srDocuments)).toHaveLength(1);
	});

	it('that several practices share is not shared out by asking', async () => {
		const other = await buildPractice(test.services);
		const shared = await outsideArchive(other);
		await shared.store([tinyLoop({ studyUid: '1.2.9', sopUid: '1.2.9.1' })]);
		expect(await pollArchives(test.services, 'all')).toEqual({ found: 0, unavailable: 0 });
		expect(await studyOf(other)).toBeUndefined();
	});
});

describe('the upload door', () => {
	it('tells of each file what became of it, to a page and to the command line', async () => {
		const practiceId = await buildPractice(test.services);
		await archives.addEmbedded(test.services, practiceId);
		const user = await buildPerson(test.services, { practiceId, roles: ['sonographer'] });
		const token: TokenActor = {
			kind: 'token',
			tokenId: 't',
			userId: user.userId,
			practiceId,
			roles: ['sonographer'],
			scopes: ['dicom:store']
		};
		const { origin } = await serve(async (request) => {
			try {
				const known = request.headers.get('authorization') === 'Bearer good';
				const actor = known ? token : ({ kind: 'nobody' } as const);
				return uploadAnswer(await receiveBody(test.services, actor, request, null, 'upload'));
			} catch (error) {
				const { status, code, message, detail } = publicError(error);
				return Response.json({ code, message, detail }, { status });
			}
		});
		const objects = [tinyLoop(), new TextEncoder().encode('holiday.jpg'), tinyLoop()];
		expect(await sendGroup({ server: origin, token: 'good' }, objects)).toEqual([
			{ status: 'stored', studyUid: '1.2.3' },
			{ status: 'rejected', reason: expect.stringContaining('not a DICOM file') },
			{ status: 'duplicate', studyUid: '1.2.3' }
		]);
		await expect(sendGroup({ server: origin, token: 'bad' }, objects)).rejects.toThrow(
			'does not know this token'
		);
		const single = await fetch(origin, {
			method: 'POST',
			headers: { authorization: 'Bearer good', 'content-type': 'application/dicom' },
			body: tinyReport().slice()
		});
		expect(await single.json()).toEqual({
			files: [{ status: 'stored', studyUid: '1.2.3' }],
			brokenOff: null
		});
	});
});
