import { z } from 'zod';
import type { ReportId } from '$lib/ids.ts';
import { decideRelease } from '../../commands/decide-release.ts';
import { releasesOfReport } from '../../queries/list-releases.ts';
import { memberProcedure, router } from '../procedures.ts';

const reportId = z
	.string()
	.max(64)
	.transform((id) => id as ReportId);

export const releasesRouter = router({
	decide: memberProcedure('release.decide')
		.input(
			z.strictObject({
				reportId,
				decision: z.enum(['release', 'hold']),
				visibleFrom: z.date().nullable().default(null),
				reason: z.string().trim().max(500).default('')
			})
		)
		.mutation(({ ctx, input }) => decideRelease(ctx.services, ctx.actor, input)),

	ofReport: memberProcedure('report.read-final')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => releasesOfReport(ctx.services, ctx.actor, input.reportId))
});
