import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobActor, UserActor } from '$lib/access/actor.ts';
import { personEntry, setField } from '$lib/collab/doc-fields.ts';
import { decideStatement } from '$lib/collab/doc-interpretation.ts';
import type { Entry } from '$lib/worksheet/entry.ts';
import type { ArchiveId, PatientId, PracticeId, ReportId } from '$lib/ids.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { createLiveHub, type LiveHub } from '$lib/server/collab/hub.ts';
import { beginReport } from '$lib/server/commands/begin-report.ts';
import { signReport } from '$lib/server/commands/sign-report.ts';
import { auditEvents, practices } from '$lib/server/db/schema/index.ts';
import { carriedReport } from '$lib/server/queries/carried-report.ts';
import type { Services } from '$lib/server/services.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';
import { signingPassword } from '../../support/signed-report.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';
import { buildArchive, buildPatient, buildStudy } from '../populate/build.ts';
import { conclude, press, written } from './signing.ts';
import { hashPassword } from '$lib/server/auth/password.ts';

let services: Services;
let live: LiveHub;
let practiceId: PracticeId;
let archiveId: ArchiveId;
let reader: UserActor;
let job: JobActor;

beforeAll(async () => {
	const made = await createTestServices({ worksheets: worksheetLibrary() });
	live = createLiveHub(made.services);
	services = { ...made.services, live };
	practiceId = await buildPractice(services);
	archiveId = await buildArchive(services, practiceId);
	reader = await buildPerson(services, {
		practiceId,
		roles: ['physician'],
		passwordHash: await hashPassword(signingPassword)
	});
	job = { kind: 'job', name: 'arrival', practiceId, onBehalfOf: null };
}, 300_000);
afterAll(() => live?.close());

async function study(patientId: PatientId, studyAt: string): Promise<ReportId> {
	const { studyId } = await buildStudy(services, {
		practiceId,
		archiveId,
		patientId,
		studyAt,
		reports: []
	});
	const begun = await beginReport(services, job, { studyId, worksheetId: 'adult-tte' });
	if (!begun) throw new Error('not begun');
	return begun.reportId;
}

const stamp = () => ({
	id: services.newId(),
	by: reader.userId as string,
	at: services.clock().toISOString()
});
const put = (reportId: ReportId, field: string, parts: Partial<Entry>) =>
	live.applyAsServer(reportId, (doc) =>
		setField(doc, field, { ...personEntry(stamp(), 'normal', null), ...parts }, [])
	);
const say = (reportId: ReportId, id: string, text: string) =>
	live.applyAsServer(reportId, (doc) => {
		const { by, at } = stamp();
		const decision = {
			decision: 'own',
			text,
			section: 'mv',
			oneClickNormal: false,
			by,
			at
		} as const;
		decideStatement(doc, id, services.newId(), decision, []);
	});
const sign = async (reportId: ReportId) =>
	signReport(services, reader, await press(services, reader, reportId));
const set = (settings: object) =>
	services.db
		.update(practices)
		.set({ settings: practiceSettingsSchema.parse(settings) })
		.where(eq(practices.id, practiceId));

const prior = (confirmed: boolean): Partial<Entry> => ({
	source: { kind: 'prior', studyUid: '1.2.3', date: '2025-03-02', confirmed }
});

describe('carrying forward', () => {
	it('offers codes and words of the nearest signed report, and witnesses that it was read', async () => {
		const patientId = await buildPatient(services, practiceId);
		const before = await study(patientId, '2025-03-02T10:00:00Z');
		await put(before, 'mv.structure', { value: 'calcified' });
		await put(before, 'lvidd', { value: 4.9, unit: 'cm' });
		await say(before, 'own.1', 'Chordae look elongated.');
		await conclude(services, before, 'Stable. EF 58 %.');
		const now = await study(patientId, '2026-03-12T10:00:00Z');
		expect(await carriedReport(services, reader, now)).toBeNull();

		const { versionId } = await sign(before);
		const offer = await carriedReport(services, reader, now);
		expect(offer).toMatchObject({
			date: '2025-03-02',
			fields: [{ field: 'mv.structure', value: 'calcified' }],
			sentences: [{ id: null, section: 'mv', text: 'Chordae look elongated.' }],
			conclusion: ['Stable. EF ▢ %.']
		});
		const events = await services.db
			.select()
			.from(auditEvents)
			.where(
				and(eq(auditEvents.action, 'report.opened'), eq(auditEvents.object, `report:${before}`))
			);
		expect(events.map(({ detail }) => detail)).toEqual([
			{ what: 'carry-forward', version: versionId }
		]);
	});

	it('offers nothing of another person, nor to somebody of another practice', async () => {
		const [one, other] = [
			await buildPatient(services, practiceId),
			await buildPatient(services, practiceId)
		];
		const before = await study(one, '2025-03-02T10:00:00Z');
		await put(before, 'mv.structure', { value: 'calcified' });
		await sign(before);
		expect(
			await carriedReport(services, reader, await study(other, '2026-03-12T10:00:00Z'))
		).toBeNull();
		const stranger = await buildPerson(services, {
			practiceId: await buildPractice(services),
			roles: ['physician']
		});
		const now = await study(one, '2026-03-12T10:00:00Z');
		await expect(carriedReport(services, stranger, now)).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('leaves what nobody confirmed to the reader, or refuses it where the practice says so', async () => {
		const reportId = await study(await buildPatient(services, practiceId), '2026-01-02T10:00:00Z');
		await put(reportId, 'mv.structure', { value: 'calcified', ...prior(false) });
		await set({ carriedLeftovers: 'block' });
		await expect(sign(reportId)).rejects.toMatchObject({
			code: 'incomplete',
			detail: expect.stringContaining('not confirmed')
		});
		await set({});
		await sign(reportId);
		const [version] = (await written(services, reportId)).versions;
		expect(version?.content.body.carried).toEqual([
			{
				id: 'mv.structure',
				label: 'Mitral valve: Structure',
				text: 'Calcified',
				date: '2025-03-02',
				studyUid: '1.2.3',
				confirmed: false
			}
		]);
	});

	it('keeps in the version that something was carried after it was confirmed', async () => {
		const reportId = await study(await buildPatient(services, practiceId), '2026-01-02T10:00:00Z');
		await put(reportId, 'mv.structure', { value: 'calcified', ...prior(true) });
		await set({ carriedLeftovers: 'block' });
		await sign(reportId);
		await set({});
		const [version] = (await written(services, reportId)).versions;
		expect(version?.content.body.carried).toMatchObject([{ confirmed: true }]);
	});
});

describe('an open place', () => {
	it('in any text keeps the report from being signed', async () => {
		const reportId = await study(await buildPatient(services, practiceId), '2026-01-02T10:00:00Z');
		await say(reportId, 'own.1', 'Ring of ▢ mm.');
		await expect(sign(reportId)).rejects.toMatchObject({
			code: 'incomplete',
			detail: expect.stringContaining('open place')
		});
	});
});
