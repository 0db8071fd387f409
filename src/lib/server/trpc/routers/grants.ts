import { z } from 'zod';
import type { GrantId, ReportId } from '$lib/ids.ts';
import { resumeGrant, revokeGrant } from '../../commands/change-grant.ts';
import { createGrant, createGrantSchema } from '../../commands/create-grant.ts';
import { listGrants } from '../../queries/list-grants.ts';
import { memberProcedure, router } from '../procedures.ts';

const grantId = z
	.string()
	.max(64)
	.transform((id) => id as GrantId);
const reportId = z
	.string()
	.max(64)
	.transform((id) => id as ReportId);

export const grantsRouter = router({
	create: memberProcedure('grant.create')
		.input(createGrantSchema)
		.mutation(({ ctx, input }) => createGrant(ctx.services, ctx.actor, input)),

	list: memberProcedure('grant.list')
		.input(z.strictObject({ reportId: reportId.optional() }))
		.query(({ ctx, input }) =>
			listGrants(ctx.services, ctx.actor, input.reportId ? { reportId: input.reportId } : {})
		),

	revoke: memberProcedure('grant.revoke')
		.input(z.strictObject({ id: grantId, reason: z.string().max(500).optional() }))
		.mutation(({ ctx, input }) =>
			revokeGrant(ctx.services, ctx.actor, {
				id: input.id,
				...(input.reason ? { reason: input.reason } : {})
			})
		),

	resume: memberProcedure('grant.revoke')
		.input(z.strictObject({ id: grantId }))
		.mutation(({ ctx, input }) => resumeGrant(ctx.services, ctx.actor, input))
});
