import { expect, it } from 'vitest';
import { signedPriors } from '$lib/report/ui/prior-reports.ts';

it('signed reports of earlier studies are listed nearest first, one report once, drafts never', () => {
	const prior = (year: number, id: string | null, hasVersion = true) => ({
		studyAt: new Date(Date.UTC(year, 0)),
		description: 'Echo',
		report: id === null ? null : { id, hasVersion }
	});
	const priors = [
		prior(2026, 'draft', false),
		prior(2025, 'a'),
		prior(2024, null),
		prior(2023, 'a')
	];
	expect(
		signedPriors(priors).map(({ reportId, studyAt }) => [reportId, studyAt?.getUTCFullYear()])
	).toEqual([['a', 2025]]);
});
