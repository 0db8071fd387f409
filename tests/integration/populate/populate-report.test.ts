import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobActor, UserActor } from '$lib/access/actor.ts';
import { personEntry, readEntries, setField } from '$lib/collab/doc-fields.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import type { ArchiveId, PatientId, PracticeId, ReportId, StudyId } from '$lib/ids.ts';
import { createLiveHub, type LiveHub } from '$lib/server/collab/hub.ts';
import { beginReport } from '$lib/server/commands/begin-report.ts';
import { fillReport, populateReport } from '$lib/server/commands/populate-report.ts';
import { auditEvents, reports, reportStudies } from '$lib/server/db/schema/index.ts';
import type { Services } from '$lib/server/services.ts';
import type { Entries } from '$lib/worksheet/entry.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';
import { container, finding, is, num, report } from '../../unit/dicom/sr/build.ts';
import { addSr, buildArchive, buildPatient, buildStudy } from './build.ts';

const LV = 'SCT 87878005 Left Ventricle';
const at = (sop: string, time: string): DicomJson => ({
	'00080018': { vr: 'UI', Value: [sop] },
	'00080033': { vr: 'TM', Value: [time] }
});
const body = container(
	'DCM 121118 Patient Characteristics',
	num('LN 8302-2 Height', 1.64, 'm'),
	num('LN 29463-7 Weight', 71, 'kg')
);
const lvidd = (value: number) => num('LN 29436-3 LVIDd', value, 'mm');
const ivsd = (value: number) => num('LN 18154-5 IVSd', value, 'mm');

let services: Services;
let live: LiveHub;
let practiceId: PracticeId;
let archiveId: ArchiveId;
let patientId: PatientId;
let reader: UserActor;
let job: JobActor;
let studyId: StudyId;
let sops = 0;

beforeAll(async () => {
	const made = await createTestServices({ worksheets: worksheetLibrary() });
	live = createLiveHub(made.services);
	services = { ...made.services, live };
	practiceId = await buildPractice(services);
	archiveId = await buildArchive(services, practiceId);
	reader = await buildPerson(services, { practiceId, roles: ['physician'] });
	job = { kind: 'job', name: 'arrival', practiceId, onBehalfOf: null };
});
afterAll(() => live?.close());

beforeEach(async () => {
	patientId = await buildPatient(services, practiceId);
	({ studyId } = await buildStudy(services, {
		practiceId,
		archiveId,
		patientId,
		studyAt: '2026-03-12T10:00:00Z',
		heightCm: 164,
		weightKg: 71,
		reports: [report([body, finding(LV, lvidd(49))], at(`1.2.88.${++sops}`, '100000'))]
	}));
});

async function entriesOf(reportId: ReportId): Promise<Entries> {
	const { doc } = await live.snapshot(reportId);
	const entries = readEntries(doc);
	doc.destroy();
	return entries;
}

async function begin(): Promise<ReportId> {
	const begun = await beginReport(services, job, { studyId });
	if (!begun) throw new Error('not begun');
	return begun.reportId;
}

describe('beginning a report', () => {
	it('pins the worksheet by its content, and is done once however often it is asked for', async () => {
		const first = await beginReport(services, job, { studyId });
		const second = await beginReport(services, reader, { studyId });
		expect(first?.isNew).toBe(true);
		expect(second).toEqual({ reportId: first?.reportId, isNew: false });
		const rows = await services.db
			.select()
			.from(reportStudies)
			.where(eq(reportStudies.studyId, studyId));
		expect(rows).toHaveLength(1);
		const [row] = await services.db
			.select()
			.from(reports)
			.where(eq(reports.id, first?.reportId as ReportId));
		expect(row).toMatchObject({ state: 'in_progress', generation: 1, patientId, createdBy: null });
		expect(row?.worksheetHash).toMatch(/^[0-9a-f]{64}$/);
	});

	it('makes one report when two ask at once', async () => {
		const both = await Promise.all([
			beginReport(services, job, { studyId }),
			beginReport(services, reader, { studyId })
		]);
		expect(new Set(both.map((one) => one?.reportId)).size).toBe(1);
		expect(both.filter((one) => one?.isNew)).toHaveLength(1);
	});

	it('is refused to who may not write values, and blind to another practice', async () => {
		const other = await buildPractice(services);
		const admin = await buildPerson(services, { practiceId, roles: ['admin'] });
		const stranger = await buildPerson(services, { practiceId: other, roles: ['physician'] });
		await expect(beginReport(services, admin, { studyId })).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await expect(beginReport(services, stranger, { studyId })).rejects.toMatchObject({
			code: 'not_found'
		});
	});
});

describe('filling a report', () => {
	it('writes what the machine measured into the live document, once', async () => {
		const filled = await fillReport(services, job, { studyId });
		expect(filled).toMatchObject({ isFinal: false, unmapped: [], warnings: [] });
		expect(filled?.added).toBe(3);
		const reportId = await begin();
		const entries = await entriesOf(reportId);
		expect(entries.lvidd?.[0]).toMatchObject({
			value: 4.9,
			unit: 'cm',
			by: null,
			suggestion: false
		});
		expect(entries.height?.[0]).toMatchObject({ value: 164, source: { kind: 'sr' } });
		expect(await fillReport(services, job, { studyId })).toMatchObject({ added: 0 });
		expect(await entriesOf(reportId)).toEqual(entries);
	});

	it('says in the log that it was filled, without a value', async () => {
		await fillReport(services, job, { studyId });
		const rows = await services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.object, `report:${await begin()}`));
		expect(rows.map((row) => [row.action, row.detail])).toEqual([
			['report.begun', { studies: [studyId], worksheet: 'adult-tte' }],
			['report.populated', { entries: 3, unmapped: 0 }]
		]);
	});

	it('lets a late value stand beside a person’s, never instead of it', async () => {
		const reportId = await begin();
		await populateReport(services, job, { reportId });
		await live.applyAsServer(reportId, (doc) => {
			const seen = readEntries(doc).lvidd?.map((entry) => entry.id) ?? [];
			const stamp = { id: services.newId(), by: reader.userId, at: '2026-03-12T11:00:00.000Z' };
			setField(doc, 'lvidd', personEntry(stamp, 5.2, 'cm'), seen);
		});
		const late = report([finding(LV, lvidd(51), ivsd(12))], at(`1.2.88.${++sops}`, '120000'));
		await addSr(services, studyId, late);
		await populateReport(services, job, { reportId });
		const entries = await entriesOf(reportId);
		const lvidds = entries.lvidd?.toSorted((a, b) => Number(a.suggestion) - Number(b.suggestion));
		expect(lvidds?.map((one) => [one.value, one.suggestion, one.by])).toEqual([
			[5.2, false, reader.userId],
			[5.1, true, null]
		]);
		expect(entries.lv_ivsd?.map((one) => [one.value, one.suggestion])).toEqual([[1.2, false]]);
	});

	it('adds nothing for a later report that says the same', async () => {
		const reportId = await begin();
		await populateReport(services, job, { reportId });
		await addSr(
			services,
			studyId,
			report([finding(LV, lvidd(49))], at(`1.2.88.${++sops}`, '120000'))
		);
		expect(await populateReport(services, job, { reportId })).toMatchObject({ added: 0 });
		expect((await entriesOf(reportId)).lvidd).toHaveLength(1);
	});

	it('leaves a signed report as it is', async () => {
		const reportId = await begin();
		await populateReport(services, job, { reportId });
		await services.db.update(reports).set({ state: 'final' }).where(eq(reports.id, reportId));
		await addSr(
			services,
			studyId,
			report([finding(LV, ivsd(12))], at(`1.2.88.${++sops}`, '120000'))
		);
		expect(await populateReport(services, job, { reportId })).toMatchObject({
			added: 0,
			isFinal: true
		});
		expect((await entriesOf(reportId)).lv_ivsd).toBeUndefined();
	});

	it('reports what it did not use', async () => {
		const odd = report(
			[
				finding(
					LV,
					num('LN 18158-6 IVSs', 14, null),
					num('99X 1 Own', 1, 'mm', is('DCM 1 x', 'DCM 2 y'))
				)
			],
			at(`1.2.88.${++sops}`, '120000')
		);
		await addSr(services, studyId, odd);
		const filled = await fillReport(services, job, { studyId });
		expect(filled?.warnings.map((one) => one.kind)).toEqual(['no-unit']);
		expect(filled?.unmapped.map((one) => one.codeValue)).toEqual(['18158-6', '1']);
	});
});
