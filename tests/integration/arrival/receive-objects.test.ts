import { beforeAll, describe, expect, it } from 'vitest';
import { and, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import type { PracticeId, StudyUid } from '$lib/ids.ts';
import { listenToStudies, type StudyEvent } from '$lib/server/arrival/events.ts';
import { settleQuietStudies } from '$lib/server/arrival/quiet-studies.ts';
import { repairArrivals } from '$lib/server/arrival/repair-arrivals.ts';
import { receiveObjects } from '$lib/server/commands/receive-objects.ts';
import {
	auditEvents,
	orders,
	patientIdentifiers,
	patients,
	pendingArrivals,
	practiceStudies,
	srDocuments,
	studyInstances
} from '$lib/server/db/schema/index.ts';
import { createTestArchives, type TestArchives } from '../../support/archives.ts';
import { corpusFile, hasCorpus } from '../../support/corpus.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';
import { encapsulatedPdf, tinyLoop, tinyReport } from '../../support/tiny-dicom.ts';

let test: TestServices;
let archives: TestArchives;

beforeAll(async () => {
	archives = createTestArchives();
	test = await createTestServices({ archives: archives.port });
});

async function practiceWithArchive() {
	const practiceId = await buildPractice(test.services);
	const archive = await archives.addEmbedded(test.services, practiceId);
	const actor = await buildPerson(test.services, { practiceId, roles: ['sonographer'] });
	return { practiceId, archive, actor };
}

const receive = (actor: UserActor, ...objects: Uint8Array[]) =>
	receiveObjects(test.services, actor, { objects, origin: 'stow' });

const studiesOf = (practiceId: PracticeId) =>
	test.services.db.select().from(practiceStudies).where(eq(practiceStudies.practiceId, practiceId));

const instancesOf = async (practiceId: PracticeId) =>
	(
		await test.services.db
			.select({ row: studyInstances })
			.from(studyInstances)
			.innerJoin(practiceStudies, eq(practiceStudies.id, studyInstances.studyId))
			.where(eq(practiceStudies.practiceId, practiceId))
	).map(({ row }) => row);

describe('receiving objects', () => {
	it('files a study with patient, order, instances and what the list shows', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		const loop = tinyLoop({
			accession: 'A-1',
			frames: 3,
			more: {
				'00081070': ['PN', 'Berg^Ada'],
				'00101020': ['DS', '1.68'],
				'00101030': ['DS', '72'],
				'00082127': ['SH', 'A4C'],
				'00401002': ['LO', 'Dyspnoea']
			}
		});
		const received = await receive(actor, loop, tinyReport({ accession: 'A-1' }));
		expect(received).toMatchObject({ stored: 2, duplicate: 0, rejected: [] });

		const [study] = await studiesOf(practiceId);
		expect(study).toMatchObject({
			studyUid: '1.2.3',
			accession: 'A-1',
			description: 'Echocardiogram',
			sonographer: 'Berg^Ada',
			heightCm: 168,
			weightKg: 72,
			instanceCount: 2,
			seriesCount: 2,
			modalities: ['SR', 'US'],
			// 08:15 in Berlin, because the object names no zone.
			studyAt: new Date('2026-03-02T07:15:00Z'),
			studyAtAssumed: true,
			arrivedAt: null
		});
		const loops = (await instancesOf(practiceId)).filter((i) => i.modality === 'US');
		expect(loops).toMatchObject([
			{ frames: 3, frameTimeMs: 33.3, view: 'A4C', rows: 4, columns: 6 }
		]);
		const [order] = await test.services.db
			.select()
			.from(orders)
			.where(eq(orders.practiceId, practiceId));
		expect(order).toMatchObject({ accession: 'A-1', indication: 'Dyspnoea' });
		const documents = await test.services.db
			.select()
			.from(srDocuments)
			.where(eq(srDocuments.studyId, study?.id ?? ('' as never)));
		expect(documents[0]?.document.root.children[0]?.number?.value).toBe(4.7);
	});

	it('changes nothing when the same objects come again', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		const objects = [tinyLoop(), tinyReport()];
		await receive(actor, ...objects);
		const before = [await studiesOf(practiceId), await instancesOf(practiceId)];
		test.time.advance(60_000);
		expect(await receive(actor, ...objects)).toMatchObject({ stored: 0, duplicate: 2 });
		expect([await studiesOf(practiceId), await instancesOf(practiceId)]).toEqual(before);
	});

	it('takes two of one object in one request as one', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		expect(await receive(actor, tinyLoop(), tinyLoop())).toMatchObject({ stored: 1, duplicate: 1 });
		expect(await instancesOf(practiceId)).toHaveLength(1);
	});

	it('keeps the good ones when others are refused, each with its reason', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		const received = await receive(
			actor,
			new TextEncoder().encode('not dicom at all, whatever its name says'),
			tinyLoop(),
			new Uint8Array(0),
			tinyLoop().subarray(0, 400)
		);
		expect(received.outcomes.map((o) => o.status)).toEqual([
			'rejected',
			'stored',
			'rejected',
			'rejected'
		]);
		for (const { reason } of received.rejected) expect(reason.length).toBeGreaterThan(10);
		expect(await instancesOf(practiceId)).toHaveLength(1);
	});

	it('refuses another patient under the same study UID, and stores nothing of it', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		await receive(actor, tinyLoop());
		const other = tinyLoop({ sopUid: '1.2.3.1.2', patientId: 'P2', name: 'Other^One' });
		const received = await receive(actor, other);
		expect(received.rejected[0]?.reason).toContain('another patient');
		expect(received.rejected[0]?.reason).not.toContain('Other');
		expect(await instancesOf(practiceId)).toHaveLength(1);

		const mixed = await receive(
			actor,
			tinyLoop({ studyUid: '1.2.9', sopUid: '1.2.9.1' }),
			tinyLoop({ studyUid: '1.2.9', sopUid: '1.2.9.2', patientId: 'P2' })
		);
		expect(mixed).toMatchObject({ stored: 1, rejected: [{ sopUid: '1.2.9.2' }] });
	});

	it('refuses the same SOP UID with other bytes', async () => {
		const { actor } = await practiceWithArchive();
		await receive(actor, tinyLoop());
		const received = await receive(actor, tinyLoop({ frames: 5 }));
		expect(received).toMatchObject({ stored: 0, rejected: [{ failureReason: 0x0111 }] });
	});

	it('takes the same number of another issuer for another person', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		const of = (issuer: string, n: number) =>
			tinyLoop({ issuer, studyUid: `1.2.${n}`, sopUid: `1.2.${n}.1.1` });
		await receive(actor, of('North', 10), of('South', 11), of('North', 12));
		const known = await test.services.db
			.select()
			.from(patientIdentifiers)
			.where(eq(patientIdentifiers.practiceId, practiceId));
		expect(known.map((i) => i.issuer).sort()).toEqual(['North', 'South']);
		const studies = await studiesOf(practiceId);
		expect(new Set(studies.map((s) => s.patientId)).size).toBe(2);
	});

	it('gives every study without an identifier a patient of its own', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		await receive(
			actor,
			tinyLoop({ patientId: '', studyUid: '1.2.20', sopUid: '1.2.20.1' }),
			tinyLoop({ patientId: '', studyUid: '1.2.21', sopUid: '1.2.21.1' })
		);
		expect(new Set((await studiesOf(practiceId)).map((s) => s.patientId)).size).toBe(2);
		expect(
			await receive(actor, tinyLoop({ patientId: '', studyUid: '1.2.20', sopUid: '1.2.20.2' }))
		).toMatchObject({ stored: 1 });
	});

	it('lets two practices hold the same study, each for itself', async () => {
		const a = await practiceWithArchive();
		const b = await practiceWithArchive();
		await receive(a.actor, tinyLoop());
		await receive(b.actor, tinyLoop(), tinyLoop({ sopUid: '1.2.3.1.2' }));
		const [ofA] = await studiesOf(a.practiceId);
		const [ofB] = await studiesOf(b.practiceId);
		expect(ofA?.studyUid).toBe(ofB?.studyUid);
		expect(ofA?.id).not.toBe(ofB?.id);
		expect([ofA?.instanceCount, ofB?.instanceCount]).toEqual([1, 2]);
		expect(ofA?.patientId).not.toBe(ofB?.patientId);
	});

	it('knows its own exports again, and fills nothing from them', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		const own = { '00080070': ['LO', 'Readroom'] } as const;
		await receive(actor, tinyReport({ more: { '00080070': [...own['00080070']] } }), tinyLoop());
		const flags = (await instancesOf(practiceId)).map((i) => [i.modality, i.ownExport]).sort();
		expect(flags).toEqual([
			['SR', true],
			['US', false]
		]);
		const [study] = await studiesOf(practiceId);
		const documents = await test.services.db
			.select()
			.from(srDocuments)
			.where(eq(srDocuments.studyId, study?.id ?? ('' as never)));
		expect(documents).toEqual([]);
	});

	it('shows nothing of what is stored but not indexed, and repairs it', async () => {
		const { practiceId, archive, actor } = await practiceWithArchive();
		// The process dies between the archive's answer and the index.
		await test.services.db.insert(pendingArrivals).values({
			id: test.services.newId(),
			practiceId,
			archiveId: archive.id,
			studyUid: '1.2.3' as StudyUid,
			origin: 'dimse',
			at: test.services.clock()
		});
		await archive.store([tinyLoop(), tinyReport()]);
		expect(await studiesOf(practiceId)).toEqual([]);
		expect(await repairArrivals(test.services)).toBe(0);
		test.time.advance(5 * 60_000);
		expect(await repairArrivals(test.services)).toBe(1);
		expect(await studiesOf(practiceId)).toMatchObject([{ instanceCount: 2, origin: 'dimse' }]);
		// The hash is that of the file, so that receiving it again finds a duplicate.
		const again = await receive(actor, tinyLoop());
		expect(again.duplicate).toBe(1);
		expect(await test.services.db.select().from(pendingArrivals)).toEqual([]);
	});

	it('keeps the intention when the archive fails, and says so to the sender', async () => {
		const { practiceId, archive, actor } = await practiceWithArchive();
		let broken = true;
		archives.watch(archive.id, (inner) =>
			Object.create(inner, {
				kind: { value: inner.kind },
				id: { value: inner.id },
				search: { value: inner.search.bind(inner) },
				metadata: { value: inner.metadata.bind(inner) },
				instance: { value: inner.instance.bind(inner) },
				store: {
					value: async (...args: Parameters<typeof inner.store>) => {
						const outcomes = await inner.store(...args);
						if (broken) throw new Error('the answer was lost');
						return outcomes;
					}
				}
			})
		);
		await expect(receive(actor, tinyLoop())).rejects.toThrow('the answer was lost');
		expect(await studiesOf(practiceId)).toEqual([]);
		broken = false;
		// The sender tries again: it is a duplicate to the archive, and new to the index.
		expect(await receive(actor, tinyLoop())).toMatchObject({ duplicate: 1, stored: 0 });
		expect(await instancesOf(practiceId)).toHaveLength(1);
	});

	it('refuses those who may not store', async () => {
		const { practiceId } = await practiceWithArchive();
		const referrer = await buildPerson(test.services, { practiceId, roles: ['referrer'] });
		await expect(receive(referrer, tinyLoop())).rejects.toThrow('not_allowed');
		await expect(
			receiveObjects(test.services, { kind: 'nobody' }, { objects: [tinyLoop()], origin: 'stow' })
		).rejects.toThrow('not_signed_in');
	});

	it('takes control and direction characters out of what lists show', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		await receive(actor, tinyLoop({ name: 'Evil\u0007^N\u001bame', more: {} }));
		const rows = await test.services.db
			.select()
			.from(patients)
			.where(eq(patients.practiceId, practiceId));
		expect(rows.map((p) => p.name)).toEqual(['Evil ^N ame']);
	});

	it('ends arriving when a study was quiet, once, and from then on tells the clock', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		const heard: StudyEvent['kind'][] = [];
		const stop = listenToStudies(practiceId, (event) => heard.push(event.kind));
		await receive(actor, tinyLoop());
		const last = test.services.clock();
		test.time.advance(19_000);
		await settleQuietStudies(test.services);
		expect((await studiesOf(practiceId))[0]?.arrivedAt).toBe(null);
		await receive(actor, tinyLoop({ sopUid: '1.2.3.1.2' }));
		test.time.advance(19_000);
		await settleQuietStudies(test.services);
		expect((await studiesOf(practiceId))[0]?.arrivedAt).toBe(null);
		// Nobody looks for an hour: the study still arrived when its quiet time was over.
		test.time.advance(3_600_000);
		await settleQuietStudies(test.services);
		const arrivedAt = new Date(last.getTime() + 19_000 + 20_000);
		expect((await studiesOf(practiceId))[0]?.arrivedAt).toEqual(arrivedAt);
		await receive(actor, tinyLoop({ sopUid: '1.2.3.1.3' }));
		test.time.advance(3_600_000);
		await settleQuietStudies(test.services);
		expect((await studiesOf(practiceId))[0]?.arrivedAt).toEqual(arrivedAt);
		expect(heard).toEqual(['added', 'instances', 'arrived', 'instances']);
		stop();
	});

	it('witnesses what was stored and what was refused', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		await receive(actor, tinyLoop(), tinyLoop({ frames: 9 }));
		await receive(actor, new Uint8Array(10));
		const events = await test.services.db
			.select()
			.from(auditEvents)
			.where(and(eq(auditEvents.practiceId, practiceId), eq(auditEvents.action, 'study.stored')));
		expect(events.map((e) => [e.outcome, e.detail])).toEqual([
			['success', { origin: 'stow', stored: 1, duplicate: 0, rejected: 1 }],
			['refused', { origin: 'stow', stored: 0, duplicate: 0, rejected: 1 }]
		]);
	});

	it('does not take an encapsulated document for a structured report', async () => {
		const { practiceId, actor } = await practiceWithArchive();
		await receive(actor, tinyReport({ sopClass: encapsulatedPdf, modality: 'DOC' }));
		expect((await instancesOf(practiceId))[0]).toMatchObject({ modality: 'DOC', ownExport: false });
	});

	it.skipIf(!hasCorpus)('tells the two patients of the corpus under one UID apart', async () => {
		const { actor } = await practiceWithArchive();
		const [a, b] = ['same-uid-a', 'same-uid-b'].map((n) =>
			corpusFile(`synthetic/malformed/${n}.dcm`)
		);
		const received = await receive(actor, a ?? new Uint8Array(), b ?? new Uint8Array());
		expect(received.stored).toBe(1);
		expect(received.rejected).toHaveLength(1);
	});
});
