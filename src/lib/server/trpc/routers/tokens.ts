import { z } from 'zod';
import { tokenScopes } from '$lib/access/actor.ts';
import { createToken, revokeToken } from '../../commands/change-token.ts';
import { listTokens } from '../../queries/list-tokens.ts';
import { memberProcedure, router } from '../procedures.ts';

/** One's own tokens for programs. */
export const tokensRouter = router({
	list: memberProcedure('token.create').query(({ ctx }) =>
		listTokens(ctx.services.db, ctx.actor.practiceId, ctx.actor.userId)
	),

	/** The value is in this answer and nowhere else. */
	create: memberProcedure('token.create')
		.input(
			z.strictObject({
				name: z.string().trim().min(1).max(80),
				scopes: z.array(z.enum(tokenScopes)).min(1).max(tokenScopes.length),
				days: z.number().int().min(1).max(365)
			})
		)
		.mutation(({ ctx, input }) =>
			createToken(ctx.services, ctx.actor, { ...input, userId: ctx.actor.userId })
		),

	revoke: memberProcedure('token.create')
		.input(z.strictObject({ id: z.string().max(64) }))
		.mutation(({ ctx, input }) => revokeToken(ctx.services, ctx.actor, input.id))
});
