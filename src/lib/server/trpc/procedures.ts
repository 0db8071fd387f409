import { TRPCError } from '@trpc/server';
import type { Action } from '$lib/access/actions.ts';
import { couldEver } from '$lib/access/policy.ts';
import { DomainError } from '$lib/errors.ts';
import { Refusal } from '../access/require.ts';
import { witnessRefusal } from '../access/witness-refusal.ts';
import { isSteppedUp } from '../auth/step-up.ts';
import { errorTable } from '../error-table.ts';
import { t } from './init.ts';

export const { router, createCallerFactory, mergeRouters } = t;

/** A DomainError keeps its code on the way out; anything else is logged and becomes `internal`. */
const translated = t.procedure.use(async ({ next, ctx, path }) => {
	const result = await next();
	if (result.ok) return result;
	const cause = result.error.cause;
	if (cause instanceof DomainError) {
		await witnessRefusal(ctx.services, ctx.actor, path, cause);
		const { trpc, report } = errorTable[cause.code];
		if (report) ctx.services.log.error({ door: path, code: cause.code }, 'refused');
		throw new TRPCError({ code: trpc, message: cause.code, cause });
	}
	if (result.error.code === 'INTERNAL_SERVER_ERROR') {
		ctx.services.log.error({ door: path, err: cause ?? result.error }, 'unexpected');
	}
	throw result.error;
});

/** Open to nobody-yet: sign-in, health. */
export const publicProcedure = translated.meta({ action: 'public.use' });

/** A person with an account, signed in, whose roles could do this at all. `can` judges the subject. */
export const memberProcedure = (action: Action) =>
	translated.meta({ action }).use(({ ctx, next }) => {
		const { actor, practice } = ctx;
		if (actor.kind !== 'user' || !practice) throw new Refusal('not_signed_in', action);
		if (!couldEver(actor, action)) throw new Refusal('not_allowed', action);
		return next({ ctx: { ...ctx, actor, practice } });
	});

/** As `memberProcedure`, for people who administer the practice. */
export const adminProcedure = (action: Action) =>
	memberProcedure(action).use(({ ctx, next }) => {
		if (!ctx.actor.roles.includes('admin')) throw new Refusal('not_allowed', action);
		return next();
	});

/** Administration that needs a step-up of the last ten minutes: `session.stepUp` gives one (c14). */
export const steppedUpProcedure = (action: Action) =>
	adminProcedure(action).use(async ({ ctx, next }) =>
		next({ ctx: { ...ctx, steppedUp: await isSteppedUp(ctx.services, ctx.session) } })
	);
