import { beforeAll, describe, expect, it } from 'vitest';
import type { VersionId } from '$lib/ids.ts';
import { differenceOfVersions } from '$lib/server/queries/version-difference.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest
} from '../../support/signed-report.ts';
import { codeOf } from '../grants/setup.ts';

let test: ReportingTest;
let here: ReportingPractice;
beforeAll(async () => {
	test = await openReporting();
	here = await test.practice();
});
const between = (actor: ReportingPractice['physician'], ...named: [VersionId, VersionId]) =>
	differenceOfVersions(test.services, actor, named);

describe('the differences of two versions', () => {
	it('are those of the earlier to the later, however they are named', async () => {
		const study = await here.signed();
		const second = await here.addend(study.reportId, 'The aortic root measures 41 mm.');
		const answer = await between(here.physician, study.versionId, second);
		expect(answer).toMatchObject({ before: 1, after: 2 });
		expect(answer.difference).toMatchObject({
			amendment: { text: 'The aortic root measures 41 mm.' },
			impression: [],
			values: []
		});
		expect(await between(here.physician, second, study.versionId)).toEqual(answer);
	});

	it('of two reports, of another practice and for a patient do not exist', async () => {
		const [one, other] = [await here.signed(), await here.signed()];
		const there = await test.practice();
		const patient = await here.account(one.patientId);
		const second = await here.addend(one.reportId);
		const unknown = 'no-such-version' as VersionId;
		const asked = [
			() => between(here.physician, one.versionId, other.versionId),
			() => between(here.physician, one.versionId, unknown),
			() => between(there.physician, one.versionId, second),
			() => between(patient, one.versionId, second)
		];
		for (const ask of asked) expect(await codeOf(ask())).toBe('not_found');
	});
});
