import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { and, eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import type { ReportBody } from '$lib/report/version.ts';
import { changeEditions } from '$lib/server/commands/change-editions.ts';
import { changePractice, practiceChangeSchema } from '$lib/server/commands/change-practice.ts';
import { changeWorksheet } from '$lib/server/commands/change-worksheet.ts';
import { signReport } from '$lib/server/commands/sign-report.ts';
import { auditEvents, reports } from '$lib/server/db/schema/index.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest
} from '../../support/signed-report.ts';
import { conclude, press, shownBody, type, written } from './signing.ts';

const pdfText = (pdf: Uint8Array) =>
	execFileSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8' });

const stenosis = (body: ReportBody) => body.evaluation.values['carotid.stenosis_right']?.value;

describe('the edition of a guideline that a practice reads by', () => {
	let test: ReportingTest;
	let practice: ReportingPractice;
	let admin: UserActor;

	beforeAll(async () => {
		test = await openReporting();
		practice = await test.practice();
		admin = await buildPerson(test.services, {
			practiceId: practice.practiceId,
			roles: ['admin']
		});
	});

	const choose = (settings: object) =>
		changePractice(test.services, admin, practiceChangeSchema.parse({ settings }), true);

	/** A carotid study with 150 cm/s: 50-69 % in 2003, below 50 % in 2021. */
	async function carotidDraft(): Promise<ReportId> {
		const { services } = test;
		const { reportId } = await practice.arrive();
		await changeWorksheet(services, practice.physician, {
			reportId,
			worksheetId: 'carotid-duplex'
		});
		await type(services, reportId, 'ica_prox_psv_right', 150, 'cm/s');
		await type(services, reportId, 'cca_dist_psv_right', 100, 'cm/s');
		await conclude(services, reportId, 'No significant stenosis of the left side.');
		return reportId;
	}

	const chosenIn = async (reportId: ReportId) =>
		(await shownBody(test.services, practice.physician, reportId)).editions ?? [];

	it('Y1: is pinned when a report begins: another choice counts for those begun later', async () => {
		const { services } = test;
		const { physician } = practice;
		const before = await carotidDraft();
		await choose({ carotid: 'iac2021' });
		const after = await carotidDraft();
		expect(stenosis(await shownBody(services, physician, before))).toBe('from_50_to_69');
		expect(stenosis(await shownBody(services, physician, after))).toBe('normal_or_below_50');
		await choose({ carotid: 'sru2003' });
		expect(stenosis(await shownBody(services, physician, after))).toBe('normal_or_below_50');
	});

	it('Y2, Y3: is another for one report when a reader chooses so, and the version names it', async () => {
		const { services } = test;
		const { physician } = practice;
		const [one, other] = [await carotidDraft(), await carotidDraft()];
		const [shown] = await chosenIn(one);
		expect(shown).toMatchObject({ edition: 'carotid', value: 'sru2003', text: 'SRU 2003' });
		const stale = await press(services, physician, one);
		await changeEditions(services, physician, { reportId: one, editions: { carotid: 'iac2021' } });
		expect(stenosis(await shownBody(services, physician, one))).toBe('normal_or_below_50');
		expect(stenosis(await shownBody(services, physician, other))).toBe('from_50_to_69');
		// What was looked at before is not what would be signed now.
		await expect(signReport(services, physician, stale)).rejects.toMatchObject({
			code: 'content_changed'
		});

		await signReport(services, physician, await press(services, physician, one));
		const { versions, report } = await written(services, one);
		const { body } = versions[0]!.content;
		expect(stenosis(body)).toBe('normal_or_below_50');
		expect(body.editions).toEqual([
			{ edition: 'carotid', value: 'iac2021', title: 'Carotid stenosis', text: 'IAC 2021' }
		]);
		expect(pdfText(versions[0]!.pdf)).toContain('Carotid stenosis: IAC 2021');
		expect(report?.editions).toMatchObject({ carotid: 'iac2021', diastology: '2016' });
		const events = await services.db
			.select()
			.from(auditEvents)
			.where(
				and(
					eq(auditEvents.action, 'report.editions-changed'),
					eq(auditEvents.object, `report:${one}`)
				)
			);
		expect(events.map(({ detail }) => detail)).toEqual([
			{ before: '{"carotid":"sru2003"}', after: '{"carotid":"iac2021"}' }
		]);
	});

	it('is not changed in what is signed, nor by who may not change values', async () => {
		const { services } = test;
		const { physician, practiceId } = practice;
		const reportId = await carotidDraft();
		const editions = { carotid: 'iac2021' } as const;
		const referrer = await buildPerson(services, { practiceId, roles: ['referrer'] });
		await expect(changeEditions(services, referrer, { reportId, editions })).rejects.toThrow();
		await signReport(services, physician, await press(services, physician, reportId));
		await expect(changeEditions(services, physician, { reportId, editions })).rejects.toMatchObject(
			{ code: 'report_final' }
		);
		const { report, versions } = await written(services, reportId);
		expect(report?.editions.carotid).toBe('sru2003');
		expect(stenosis(versions[0]!.content.body)).toBe('from_50_to_69');
	});

	it('closes the room of everybody in it, who then open it with the other edition', async () => {
		const { services } = test;
		const reportId = await carotidDraft();
		const reopen = vi.spyOn(services.live, 'reopen');
		const { physician } = practice;
		await changeEditions(services, physician, { reportId, editions: { carotid: 'iac2021' } });
		expect(reopen).toHaveBeenCalledWith(reportId);
		reopen.mockClear();
		await changeEditions(services, physician, { reportId, editions: { carotid: 'iac2021' } });
		expect(reopen).not.toHaveBeenCalled();
	});

	it('is the one in force now for reports from before editions were pinned', async () => {
		const { db } = test.services;
		const reportId = await carotidDraft();
		await choose({ carotid: 'iac2021_ratio' });
		await db.update(reports).set({ editions: {} }).where(eq(reports.id, reportId));
		const migration = readFileSync('drizzle/0010_report-editions.sql', 'utf8');
		const fill = migration.split('--> statement-breakpoint').at(-1) ?? '';
		await db.execute(sql.raw(fill));
		await choose({ carotid: 'sru2003' });
		const shown = await shownBody(test.services, practice.physician, reportId);
		expect(shown.editions?.map(({ value }) => value)).toEqual(['iac2021_ratio']);
	});
});
