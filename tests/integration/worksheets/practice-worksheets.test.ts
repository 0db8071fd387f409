import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobActor, UserActor } from '$lib/access/actor.ts';
import { clearField, personEntry, readEntries, setField } from '$lib/collab/doc-fields.ts';
import type { ArchiveId, PracticeId, ReportId, StudyId } from '$lib/ids.ts';
import { createLiveHub, type LiveHub } from '$lib/server/collab/hub.ts';
import { beginReport } from '$lib/server/commands/begin-report.ts';
import { changeWorksheet } from '$lib/server/commands/change-worksheet.ts';
import { fillReport } from '$lib/server/commands/populate-report.ts';
import { publishWorksheet, withdrawWorksheet } from '$lib/server/commands/publish-worksheet.ts';
import { auditEvents, practiceStudies, reports } from '$lib/server/db/schema/index.ts';
import { importedWorksheet } from '$lib/server/queries/exchange-worksheet.ts';
import { listWorksheets } from '$lib/server/queries/list-worksheets.ts';
import { loadReportContext } from '$lib/server/queries/report-context.ts';
import { checkedWorksheet, worksheetSource } from '$lib/server/queries/worksheet-source.ts';
import type { Services } from '$lib/server/services.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';
import { buildArchive, buildPatient, buildStudy } from '../populate/build.ts';

let services: Services;
let live: LiveHub;
let practiceId: PracticeId;
let otherPracticeId: PracticeId;
let archiveId: ArchiveId;
let admin: UserActor;
let physician: UserActor;
let stranger: UserActor;
let job: JobActor;
let id: string;
let count = 0;

beforeAll(async () => {
	const made = await createTestServices({ worksheets: worksheetLibrary() });
	live = createLiveHub(made.services);
	services = { ...made.services, live };
	practiceId = await buildPractice(services, 'one');
	otherPracticeId = await buildPractice(services, 'two');
	archiveId = await buildArchive(services, practiceId);
	admin = await buildPerson(services, { practiceId, roles: ['admin'] });
	physician = await buildPerson(services, { practiceId, roles: ['physician'] });
	stranger = await buildPerson(services, { practiceId: otherPracticeId, roles: ['admin'] });
	job = { kind: 'job', name: 'arrival', practiceId, onBehalfOf: null };
	// Reads every file once.
	void services.worksheets.parts;
}, 300_000);
afterAll(() => live?.close());
beforeEach(() => {
	id = `own-sheet-${++count}`;
});

const source = (version: string, more = '') => `id: ${id}
version: ${version}
title: Own sheet ${count}
group: echo
modalities: [US]
maturity: B
procedures: [very own procedure ${count}]
sections:
  - section:
      id: own
      short: Own
      title: Own
      fields:
        - {id: own.size, kind: number, label: Size, unit: mm, decimals: 1}
${more}`;
const second = '        - {id: own.seen, kind: coded, label: Seen, options: {yes: Yes, no: No}}\n';

async function buildOwnStudy(description = `Very own procedure ${count}`): Promise<StudyId> {
	const patientId = await buildPatient(services, practiceId);
	const { studyId } = await buildStudy(services, {
		practiceId,
		archiveId,
		patientId,
		studyAt: '2026-03-12T10:00:00Z',
		reports: []
	});
	await services.db
		.update(practiceStudies)
		.set({ description })
		.where(eq(practiceStudies.id, studyId));
	return studyId;
}
async function begun(studyId: StudyId): Promise<ReportId> {
	const made = await beginReport(services, job, { studyId });
	if (!made) throw new Error('not begun');
	return made.reportId;
}
async function contextOf(reportId: ReportId) {
	const [report] = await services.db.select().from(reports).where(eq(reports.id, reportId));
	if (!report) throw new Error('no report');
	return loadReportContext(services, practiceId, { report, studies: [] });
}
const publish = (text: string, note = '') =>
	publishWorksheet(services, admin, { source: text, note });

describe('a worksheet of the practice', () => {
	it('Z1: begins with its defaults, also where it is chosen later, and once', async () => {
		const withDefault = second.replace('}}', '}, default: no}');
		await publish(source('1.0.0', withDefault));
		const studyId = await buildOwnStudy();
		await fillReport(services, job, { studyId });
		const reportId = await begun(studyId);
		const held = async () => {
			const { doc } = await live.snapshot(reportId);
			const entries = readEntries(doc);
			doc.destroy();
			return Object.fromEntries(
				Object.entries(entries).map(([field, list]) => [
					field,
					list.map(({ value, by, source: { kind } }) => [value, by, kind])
				])
			);
		};
		expect(await held()).toEqual({ 'own.seen': [['no', null, 'default']] });
		const other = id;
		id = `${id}-other`;
		await publish(source('1.0.0', `${withDefault}${withDefault.replace('own.seen', 'own.again')}`));
		await changeWorksheet(services, physician, { reportId, worksheetId: id });
		const both = {
			'own.seen': [['no', null, 'default']],
			'own.again': [['no', null, 'default']]
		};
		expect(await held()).toEqual(both);
		await live.applyAsServer(reportId, (doc) => {
			const stamp = { id: 'p', by: physician.userId, at: services.clock().toISOString() };
			setField(doc, 'own.seen', personEntry(stamp, 'yes', null), ['default']);
			clearField(doc, 'own.again', ['default']);
		});
		await changeWorksheet(services, physician, { reportId, worksheetId: other });
		await changeWorksheet(services, physician, { reportId, worksheetId: id });
		expect(await held()).toEqual({ 'own.seen': [['yes', physician.userId, 'person']] });
	});

	it('is used by reports that begin after it was published, which keep it', async () => {
		await publish(source('1.0.0'));
		const first = await begun(await buildOwnStudy());
		await publish(source('1.1.0', second));
		const later = await begun(await buildOwnStudy());

		const before = (await contextOf(first)).worksheet;
		const after = (await contextOf(later)).worksheet;
		expect([before.version, after.version]).toEqual(['1.0.0', '1.1.0']);
		expect(before.sections[0]?.fields).toHaveLength(1);
		expect(after.sections[0]?.fields).toHaveLength(2);
	});

	it('wins over the one of the library with the same id, until it is withdrawn', async () => {
		const { source: text, version } = await worksheetSource(services, admin, 'toe-film');
		const own = text
			.replace(/^version:.*$/m, 'version: 90.0.0')
			.replace(/^title:.*$/m, 'title: Our toes');
		expect(version).not.toBeNull();
		await publish(own);
		const titles = async () =>
			(
				await listWorksheets(services, physician, {
					text: 'toe-film',
					group: null,
					modality: null,
					skip: 0,
					limit: 10
				})
			).rows.map(({ title, origin }) => `${title} (${origin})`);
		expect(await titles()).toEqual(['Our toes (practice)']);
		await withdrawWorksheet(services, admin, { id: 'toe-film', reason: 'try-out' });
		expect(await titles()).toMatchObject([expect.stringContaining('(library)')]);
		const { steps, inForce } = await worksheetSource(services, admin, 'toe-film');
		expect(steps.map(({ status }) => status)).toEqual(['withdrawn', 'published']);
		expect(inForce).not.toContain('Our toes');
	});

	it('is nothing that another practice sees or reads with', async () => {
		await publish(source('1.0.0'));
		const search = { text: id, group: null, modality: null, skip: 0, limit: 10 };
		expect((await listWorksheets(services, admin, search)).total).toBe(1);
		expect((await listWorksheets(services, stranger, search)).total).toBe(0);
		await expect(worksheetSource(services, stranger, id)).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('needs a version above the one before', async () => {
		await publish(source('1.2.0'));
		for (const version of ['1.2.0', '1.1.9', '0.9.0'])
			await expect(publish(source(version, second))).rejects.toMatchObject({
				code: 'invalid_input',
				detail: expect.stringContaining('1.2.0') as string
			});
		await publish(source('1.10.0', second));
	});

	it('is refused with file and line when anything is wrong, and nothing is stored', async () => {
		await expect(
			publish(source('1.0.0', '        - {id: no_such_thing}\n'))
		).rejects.toMatchObject({
			code: 'invalid_input',
			detail: expect.stringMatching(/worksheet\.yaml:15: .*no_such_thing/) as string
		});
		await expect(worksheetSource(services, admin, id)).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('tells in words what is new', async () => {
		await publish(source('1.0.0'));
		const { difference } = await checkedWorksheet(services, admin, source('1.1.0', second));
		expect(difference).toEqual([
			{ kind: 'added', part: 'field', id: 'own.seen', name: 'Own: Seen', properties: [] }
		]);
	});

	it('is witnessed with version and hash', async () => {
		const { hash } = await publish(source('1.0.0'));
		const events = await services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.object, `worksheet:${id}`));
		expect(events.map(({ action, detail }) => ({ action, detail }))).toEqual([
			{ action: 'worksheet.published', detail: { version: '1.0.0', hash } }
		]);
	});

	it('published twice at once stays one step after the other', async () => {
		const results = await Promise.allSettled([publish(source('1.0.0')), publish(source('1.0.0'))]);
		expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
		const { steps } = await worksheetSource(services, admin, id);
		expect(steps).toHaveLength(1);
	});
});

describe('a template of another system', () => {
	const questionnaire = (name: string) =>
		JSON.stringify({
			resourceType: 'Questionnaire',
			name,
			title: name,
			item: [
				{
					linkId: 'g',
					text: 'Group',
					type: 'group',
					item: [
						{ linkId: 'a', text: 'Size', type: 'decimal' },
						{ linkId: 'b', text: 'Photo', type: 'attachment' }
					]
				}
			]
		});
	const take = (name: string) =>
		importedWorksheet(services, admin, { name: 'x.json', text: questionnaire(name) });

	it('becomes a text in order, and tells what it holds and what was left', async () => {
		const made = await take('Brand new thing');
		expect(made).toMatchObject({
			id: 'brand-new-thing',
			fields: 1,
			problems: 0,
			sections: [{ title: 'Group', fields: 1 }]
		});
		expect(made.left).toMatchObject([{ code: 'type', what: 'attachment' }]);
		await publish(made.source);
	});

	it('never gets the id of a worksheet that the library has or the practice had', async () => {
		expect((await take('Toe film')).id).toBe('toe-film-2');
		const once = await take('Once here');
		await publish(once.source);
		await withdrawWorksheet(services, admin, { id: once.id, reason: 'try-out' });
		expect((await take('Once here')).id).toBe('once-here-2');
		expect(
			(
				await importedWorksheet(services, stranger, {
					name: 'x.json',
					text: questionnaire('Once here')
				})
			).id
		).toBe('once-here');
	});

	it('that is none is refused with the name of the file and the reason', async () => {
		for (const [text, reason] of [
			['', 'is empty'],
			['%PDF-1.7', 'neither an HTML page nor a FHIR Questionnaire'],
			['<?xml version="1.0"?><Questionnaire xmlns="http://hl7.org/fhir"/>', 'JSON'],
			['{"resourceType": "Patient"}', 'resourceType']
		] as const)
			await expect(
				importedWorksheet(services, admin, { name: 'letter.pdf', text })
			).rejects.toMatchObject({
				code: 'invalid_input',
				detail: expect.stringMatching(new RegExp(`^letter\\.pdf .*${reason}`)) as string
			});
	});
});

describe('the list of worksheets', () => {
	const search = { text: '', group: null, modality: null, skip: 0, limit: 100 };

	it('can be narrowed by modality and by maturity, and names all modalities', async () => {
		const { total, modalities } = await listWorksheets(services, physician, search);
		expect(modalities).toEqual(expect.arrayContaining(['CT', 'MR', 'US']));
		const narrowed = await listWorksheets(services, physician, {
			...search,
			modality: 'US',
			maturity: 'A'
		});
		expect(narrowed.total).toBeGreaterThan(0);
		expect(narrowed.total).toBeLessThan(total);
		for (const row of narrowed.rows) {
			expect(row.modalities).toContain('US');
			expect(row.maturity).toBe('A');
		}
		expect(narrowed.modalities).toEqual(modalities);
	});

	it('begins with the one that was named, then with those for the same modality', async () => {
		const named = await listWorksheets(services, physician, { ...search, text: 'thyroid-us' });
		expect(named.rows[0]?.id).toBe('thyroid-us');
		expect(named.total).toBeGreaterThan(1);
		const { rows } = await listWorksheets(services, physician, { ...search, near: ['MR'] });
		expect(rows.slice(0, 20).every(({ modalities }) => modalities.includes('MR'))).toBe(true);
	});

	it('offers authoring to administrators alone', async () => {
		expect((await listWorksheets(services, admin, search)).mayAuthor).toBe(true);
		expect((await listWorksheets(services, physician, search)).mayAuthor).toBe(false);
	});
});

describe('another worksheet for a draft', () => {
	it('keeps what was entered, and tells what has no field in it', async () => {
		await publish(source('1.0.0'));
		const reportId = await begun(await buildOwnStudy());
		await live.applyAsServer(reportId, (doc) =>
			setField(
				doc,
				'own.size',
				personEntry({ id: 'e1', by: physician.userId, at: '2026-03-12T10:00:00.000Z' }, 12, 'mm'),
				[]
			)
		);
		const { unknown } = await changeWorksheet(services, physician, {
			reportId,
			worksheetId: 'adult-tte'
		});
		expect(unknown).toEqual(['own.size']);
		expect((await contextOf(reportId)).worksheet.id).toBe('adult-tte');
		const { doc } = await live.snapshot(reportId);
		expect(readEntries(doc)['own.size']).toHaveLength(1);
		doc.destroy();

		const back = await changeWorksheet(services, physician, { reportId, worksheetId: id });
		expect(back.unknown).toEqual([]);
	});

	it('is refused for a signed report and for one of another practice', async () => {
		await publish(source('1.0.0'));
		const reportId = await begun(await buildOwnStudy());
		await expect(
			changeWorksheet(services, stranger, { reportId, worksheetId: 'adult-tte' })
		).rejects.toMatchObject({ code: 'not_found' });
		await services.db.update(reports).set({ state: 'final' }).where(eq(reports.id, reportId));
		await expect(
			changeWorksheet(services, physician, { reportId, worksheetId: 'adult-tte' })
		).rejects.toMatchObject({ code: expect.stringMatching(/report_final|not_allowed/) as string });
	});

	it('begins the report of a study for which none was meant', async () => {
		const studyId = await buildOwnStudy('nothing that anybody names');
		await services.db
			.update(practiceStudies)
			.set({ modalities: ['ZZ'] })
			.where(eq(practiceStudies.id, studyId));
		expect(await beginReport(services, job, { studyId })).toBeNull();
		const made = await beginReport(services, physician, { studyId, worksheetId: 'adult-tte' });
		expect(made?.isNew).toBe(true);
	});
});

describe('body part and procedure code of a study', () => {
	it('choose its worksheet when no words do', async () => {
		const studyId = await buildOwnStudy('');
		await services.db
			.update(practiceStudies)
			.set({ modalities: ['DX'], bodyParts: ['TOE'] })
			.where(eq(practiceStudies.id, studyId));
		const chosen = services.worksheets.chooseFor({
			modalities: ['DX'],
			procedure: '',
			bodyParts: ['TOE']
		});
		expect(chosen).not.toBeNull();
		expect((await contextOf(await begun(studyId))).worksheet.id).toBe(chosen?.id);
	});
});
