import { changePractice, practiceChangeSchema } from '../../commands/change-practice.ts';
import { router, steppedUpProcedure } from '../procedures.ts';

const configuring = steppedUpProcedure('practice.configure');

/** What a practice decides for itself. */
export const practiceRouter = router({
	get: configuring.query(({ ctx }) => {
		const { name, timeZone, settings } = ctx.practice;
		return { name, timeZone, settings };
	}),

	change: configuring
		.input(practiceChangeSchema)
		.mutation(({ ctx, input }) => changePractice(ctx.services, ctx.actor, input, ctx.steppedUp))
});
