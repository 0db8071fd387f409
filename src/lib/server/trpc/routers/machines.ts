import { z } from 'zod';
import { addMachine, changeMachine, setMachineDisabled } from '../../commands/change-machine.ts';
import { listMachines } from '../../queries/list-machines.ts';
import { router, steppedUpProcedure } from '../procedures.ts';

const configuring = steppedUpProcedure('archive.configure');
const id = z.string().min(1).max(64);
const machine = {
	aeTitle: z.string().trim().min(1).max(16),
	name: z.string().trim().max(80).default(''),
	address: z.string().trim().max(45).nullable().default(null)
};

/** The machines that may store by DICOM, and the door at which they knock. */
export const machinesRouter = router({
	list: configuring.query(async ({ ctx }) => ({
		machines: await listMachines(ctx.services.db, ctx.actor.practiceId),
		/** Null: no door is open on this server. */
		door:
			ctx.services.env.DIMSE_PORT === undefined
				? null
				: {
						aeTitle: ctx.services.env.DIMSE_AE_TITLE,
						host: ctx.services.env.DIMSE_HOST,
						port: ctx.services.env.DIMSE_PORT
					}
	})),

	add: configuring
		.input(z.strictObject(machine))
		.mutation(({ ctx, input }) => addMachine(ctx.services, ctx.actor, input, ctx.steppedUp)),

	change: configuring
		.input(z.strictObject({ id, ...machine }))
		.mutation(({ ctx, input }) => changeMachine(ctx.services, ctx.actor, input, ctx.steppedUp)),

	setDisabled: configuring
		.input(z.strictObject({ id, disabled: z.boolean() }))
		.mutation(({ ctx, input }) => setMachineDisabled(ctx.services, ctx.actor, input, ctx.steppedUp))
});
