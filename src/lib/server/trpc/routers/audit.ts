import { z } from 'zod';
import { readAudit, verifyPractice } from '../../audit/read-audit.ts';
import { adminProcedure, router } from '../procedures.ts';

const word = z.string().max(200).optional();

export const auditRouter = router({
	list: adminProcedure('audit.read')
		.input(
			z.strictObject({
				before: z.number().int().min(1).optional(),
				limit: z.number().int().min(1).max(200).default(100),
				/** Any of these. */
				actions: z.array(z.string().max(200)).max(100).optional(),
				object: word,
				actor: word
			})
		)
		.query(({ ctx, input }) => readAudit(ctx.services, ctx.actor, input)),

	verify: adminProcedure('audit.read').query(({ ctx }) => verifyPractice(ctx.services, ctx.actor))
});
