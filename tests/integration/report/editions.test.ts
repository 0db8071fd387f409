import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import type { ReportBody } from '$lib/report/version.ts';
import { changePractice, practiceChangeSchema } from '$lib/server/commands/change-practice.ts';
import { changeWorksheet } from '$lib/server/commands/change-worksheet.ts';
import { signReport } from '$lib/server/commands/sign-report.ts';
import { buildPerson } from '../../support/people.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest
} from '../../support/signed-report.ts';
import { conclude, press, shownBody, type, written } from './signing.ts';

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

	it('changes the grade of what is not signed, and of nothing that is', async () => {
		const { services } = test;
		const { physician } = practice;
		const [first, second] = [await carotidDraft(), await carotidDraft()];
		expect(stenosis(await shownBody(services, physician, first))).toBe('from_50_to_69');
		await signReport(services, physician, await press(services, physician, first));

		await choose({ carotid: 'iac2021' });
		expect(stenosis(await shownBody(services, physician, second))).toBe('normal_or_below_50');
		const [signed] = (await written(services, first)).versions;
		expect(stenosis(signed!.content.body)).toBe('from_50_to_69');
		expect(signed!.content.body.evaluation.grades.map(({ id }) => id)).toContain(
			'carotid_sru2003_right'
		);

		await signReport(services, physician, await press(services, physician, second));
		const [other] = (await written(services, second)).versions;
		expect(stenosis(other!.content.body)).toBe('normal_or_below_50');
	});
});
