import { z } from 'zod';
import type { DestinationId } from '$lib/ids.ts';
import {
	addDestination,
	changeDestination,
	credentialSchema,
	setDestinationDisabled,
	testDestination
} from '../../commands/change-destination.ts';
import { resendToDestination } from '../../commands/resend-to-destination.ts';
import { listDestinations } from '../../queries/list-destinations.ts';
import { router, steppedUpProcedure } from '../procedures.ts';

const configuring = steppedUpProcedure('archive.configure');
const id = z
	.string()
	.min(1)
	.max(64)
	.transform((text) => text as DestinationId);
const fields = {
	name: z.string().trim().min(1).max(80),
	url: z.string().trim().min(1).max(500),
	credential: credentialSchema
};

/** Where signed reports go beside the study's own archive. */
export const destinationsRouter = router({
	/** Credentials never leave; only whether there is one. */
	list: configuring.query(({ ctx }) => listDestinations(ctx.services.db, ctx.actor.practiceId)),

	add: configuring
		.input(z.strictObject(fields))
		.mutation(({ ctx, input }) => addDestination(ctx.services, ctx.actor, input, ctx.steppedUp)),

	change: configuring
		.input(z.strictObject({ id, ...fields }))
		.mutation(({ ctx, input }) => changeDestination(ctx.services, ctx.actor, input, ctx.steppedUp)),

	setDisabled: configuring
		.input(z.strictObject({ id, disabled: z.boolean() }))
		.mutation(({ ctx, input }) =>
			setDestinationDisabled(ctx.services, ctx.actor, input, ctx.steppedUp)
		),

	test: configuring
		.input(z.strictObject({ id }))
		.mutation(({ ctx, input }) =>
			testDestination(ctx.services, ctx.actor, input.id, ctx.steppedUp)
		),

	/** Also for the practice's own archive, by its id. */
	resend: configuring
		.input(z.strictObject({ destination: z.string().min(1).max(64) }))
		.mutation(({ ctx, input }) =>
			resendToDestination(ctx.services, ctx.actor, input, ctx.steppedUp)
		)
});
