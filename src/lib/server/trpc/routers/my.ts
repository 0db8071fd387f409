import { z } from 'zod';
import type { ReportId } from '$lib/ids.ts';
import { myReport, myReports } from '../../queries/my-reports.ts';
import { memberProcedure, router } from '../procedures.ts';

/** What a patient sees of their own record. */
export const myRouter = router({
	reports: memberProcedure('study.list').query(({ ctx }) => myReports(ctx.services, ctx.actor)),

	report: memberProcedure('report.read-final')
		.input(
			z.strictObject({
				reportId: z
					.string()
					.max(64)
					.transform((id) => id as ReportId)
			})
		)
		.query(({ ctx, input }) => myReport(ctx.services, ctx.actor, input.reportId))
});
