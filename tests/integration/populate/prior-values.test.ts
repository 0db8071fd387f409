import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JobActor } from '$lib/access/actor.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import type { ArchiveId, PatientId, PracticeId, ReportId, StudyId, VersionId } from '$lib/ids.ts';
import { beginReport } from '$lib/server/commands/begin-report.ts';
import { patientLinks, reports, reportVersions } from '$lib/server/db/schema/index.ts';
import { priorValues } from '$lib/server/queries/prior-values.ts';
import type { Services } from '$lib/server/services.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';
import { container, finding, num, report } from '../../unit/dicom/sr/build.ts';
import { buildArchive, buildPatient, buildStudy } from './build.ts';

let services: Services;
let practiceId: PracticeId;
let archiveId: ArchiveId;
let job: JobActor;
let sops = 0;

beforeAll(async () => {
	({ services } = await createTestServices({ worksheets: worksheetLibrary() }));
	practiceId = await buildPractice(services);
	archiveId = await buildArchive(services, practiceId);
	job = { kind: 'job', name: 'arrival', practiceId, onBehalfOf: null };
});

const sr = (lviddMm: number): DicomJson =>
	report(
		[
			container(
				'DCM 121118 Patient Characteristics',
				num('LN 8302-2 Height', 1.64, 'm'),
				num('LN 29463-7 Weight', 71, 'kg')
			),
			finding('SRT T-32600 Left Ventricle', num('LN 29436-3 LVIDd', lviddMm, 'mm'))
		],
		{ '00080018': { vr: 'UI', Value: [`1.2.99.${++sops}`] } }
	);

const study = (patientId: PatientId, studyAt: string, reportsOf: DicomJson[]) =>
	buildStudy(services, { practiceId, archiveId, patientId, studyAt, reports: reportsOf });

async function begin(studyId: StudyId): Promise<ReportId> {
	const begun = await beginReport(services, job, { studyId });
	if (!begun) throw new Error('not begun');
	return begun.reportId;
}

/** A signed report in which only the values that matter here are written out. */
async function sign(studyId: StudyId, values: Record<string, unknown>): Promise<void> {
	const reportId = await begin(studyId);
	const id = services.newId() as VersionId;
	await services.db.insert(reportVersions).values({
		id,
		reportId,
		practiceId,
		number: 1,
		kind: 'final',
		content: { body: { evaluation: { values } } } as never,
		contentHash: id,
		pdf: new Uint8Array(),
		pdfHash: id,
		exportUids: {} as never,
		createdAt: services.clock()
	});
	await services.db
		.update(reports)
		.set({ state: 'final', currentVersionId: id })
		.where(eq(reports.id, reportId));
}

describe('values of earlier studies', () => {
	it('come from the machine’s report where nothing was signed, computed values too', async () => {
		const patientId = await buildPatient(services, practiceId);
		const prior = await study(patientId, '2025-03-04T10:00:00Z', [sr(47)]);
		const { studyId } = await study(patientId, '2026-03-12T10:00:00Z', [sr(49)]);
		const priors = await priorValues(services, practiceId, await begin(studyId));
		expect(priors.lvidd).toEqual([{ value: 4.7, date: '2025-03-04', studyUid: prior.studyUid }]);
		expect(priors.bsa?.[0]?.value).toBeCloseTo(1.7738, 3);
	});

	it('come nearest first, never from a later study, by the practice’s calendar', async () => {
		const patientId = await buildPatient(services, practiceId);
		await study(patientId, '2023-01-01T10:00:00Z', [sr(45)]);
		await study(patientId, '2025-03-03T23:30:00Z', [sr(47)]);
		await study(patientId, '2026-06-01T10:00:00Z', [sr(60)]);
		const { studyId } = await study(patientId, '2026-03-12T10:00:00Z', [sr(49)]);
		const { lvidd } = await priorValues(services, practiceId, await begin(studyId));
		expect(lvidd?.map((one) => [one.value, one.date])).toEqual([
			[4.7, '2025-03-04'],
			[4.5, '2023-01-01']
		]);
	});

	it('come from the signed report where there is one, in this field’s unit', async () => {
		const patientId = await buildPatient(services, practiceId);
		const prior = await study(patientId, '2025-03-04T10:00:00Z', [sr(47)]);
		await sign(prior.studyId, {
			lvidd: { field: 'lvidd', value: 46, unit: 'mm' },
			tapse: { field: 'tapse', value: 2.1, unit: 'cm' },
			'no.such.field': { field: 'no.such.field', value: 1, unit: null }
		});
		const { studyId } = await study(patientId, '2026-03-12T10:00:00Z', [sr(49)]);
		const priors = await priorValues(services, practiceId, await begin(studyId));
		expect(Object.keys(priors).sort()).toEqual(['lvidd', 'tapse']);
		expect(priors.lvidd?.[0]?.value).toBe(4.6);
		expect(priors.tapse?.[0]?.value).toBe(21);
	});

	it('are another person’s only when somebody said it is the same one', async () => {
		const [one, other] = [
			await buildPatient(services, practiceId),
			await buildPatient(services, practiceId)
		];
		await study(other, '2025-03-04T10:00:00Z', [sr(47)]);
		const { studyId } = await study(one, '2026-03-12T10:00:00Z', [sr(49)]);
		const reportId = await begin(studyId);
		expect(await priorValues(services, practiceId, reportId)).toEqual({});
		const { userId } = await buildPerson(services, { practiceId, roles: ['physician'] });
		await services.db.insert(patientLinks).values({
			id: services.newId(),
			practiceId,
			survivorId: one,
			mergedId: other,
			reason: 'same person',
			by: userId,
			at: services.clock()
		});
		expect((await priorValues(services, practiceId, reportId)).lvidd?.[0]?.value).toBe(4.7);
	});

	it('are not there for another practice', async () => {
		const patientId = await buildPatient(services, practiceId);
		await study(patientId, '2025-03-04T10:00:00Z', [sr(47)]);
		const { studyId } = await study(patientId, '2026-03-12T10:00:00Z', [sr(49)]);
		const other = await buildPractice(services);
		expect(await priorValues(services, other, await begin(studyId))).toEqual({});
	});
});
