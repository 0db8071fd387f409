import { afterAll, beforeAll, expect } from 'vitest';
import type { JobActor, UserActor } from '$lib/access/actor.ts';
import { personEntry, readField, setField } from '$lib/collab/doc-fields.ts';
import { readDocState } from '$lib/collab/doc-state.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import type { ReportId } from '$lib/ids.ts';
import { bodyOf } from '$lib/report/context.ts';
import { beginReport } from '$lib/server/commands/begin-report.ts';
import { fillReport } from '$lib/server/commands/populate-report.ts';
import { createLiveHub, type LiveHub } from '$lib/server/collab/hub.ts';
import { judgedReport } from '$lib/server/queries/judged-report.ts';
import { loadReportContext } from '$lib/server/queries/report-context.ts';
import type { Services } from '$lib/server/services.ts';
import { corpusFile, itWithCorpus } from '../../support/corpus.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';
import { buildArchive, buildPatient, buildStudy } from './build.ts';

let services: Services;
let live: LiveHub;
let reader: UserActor;

beforeAll(async () => {
	const made = await createTestServices({ worksheets: worksheetLibrary() });
	live = createLiveHub(made.services);
	services = { ...made.services, live };
	const practiceId = await buildPractice(services);
	reader = await buildPerson(services, { practiceId, roles: ['physician'] });
});
afterAll(() => live?.close());

/** As the reading room, the preview and the signature compute it. */
async function bodyNow(reportId: ReportId) {
	const judged = await judgedReport(services, reader, 'report.read-draft', reportId);
	const context = await loadReportContext(services, reader.practiceId, judged);
	const { doc } = await live.snapshot(reportId);
	const body = bodyOf(context, readDocState(doc));
	doc.destroy();
	return body;
}

const type = (reportId: ReportId, field: string, value: number) =>
	live.applyAsServer(reportId, (doc) =>
		setField(
			doc,
			field,
			personEntry(
				{ id: services.newId(), by: reader.userId, at: services.clock().toISOString() },
				value,
				'cm/s'
			),
			readField(doc, field).map(({ id }) => id)
		)
	);

itWithCorpus(
	'a carotid velocity typed by hand stands in the report, over the machine’s and where there was none',
	async () => {
		const { practiceId } = reader;
		const { studyId } = await buildStudy(services, {
			practiceId,
			archiveId: await buildArchive(services, practiceId),
			patientId: await buildPatient(services, practiceId),
			studyAt: '2026-03-15T10:00:00Z',
			description: 'Carotid duplex',
			reports: [parsePart10(corpusFile('synthetic/carotid-20260315/SR-TID5100.dcm')).dataset]
		});
		const job: JobActor = { kind: 'job', name: 'arrival', practiceId, onBehalfOf: null };
		await fillReport(services, job, { studyId });
		const begun = await beginReport(services, reader, { studyId });
		const reportId = begun?.reportId as ReportId;

		const before = await bodyNow(reportId);
		expect(before.worksheet.id).toBe('carotid-duplex');
		const sent = before.evaluation.values;
		expect(sent.ica_prox_psv_right).toMatchObject({ value: 246, from: 'entry' });
		expect(sent.ica_mid_psv_right).toBeUndefined();

		// One that the machine sent, and on each side one that it did not.
		await type(reportId, 'ica_prox_psv_right', 251);
		await type(reportId, 'ica_mid_psv_right', 310);
		await type(reportId, 'ica_mid_psv_left', 96);
		const { evaluation, sections } = await bodyNow(reportId);
		expect(evaluation.findings.filter(({ blocks }) => blocks)).toEqual([]);
		expect(evaluation.values.ica_prox_psv_right).toMatchObject({ value: 251, from: 'entry' });
		expect(evaluation.values.ica_mid_psv_right).toMatchObject({ value: 310, from: 'entry' });
		expect(evaluation.values.ica_mid_psv_left).toMatchObject({ value: 96, from: 'entry' });
		// What is computed follows: the highest of the side, and its ratio.
		expect(evaluation.values.ica_psv_right?.value).toBe(310);
		expect(evaluation.values.ica_cca_ratio_right?.value).toBeCloseTo(310 / 84, 6);
		const printed = sections.flatMap(({ values }) => values);
		expect(printed.find(({ field }) => field === 'ica_mid_psv_left')).toMatchObject({
			value: '96',
			unit: 'cm/s',
			source: 'person'
		});
	},
	60_000
);
