import { z } from 'zod';
import { roles } from '$lib/access/actor.ts';
import type { PatientId, UserId } from '$lib/ids.ts';
import {
	addPerson,
	changeRoles,
	disablePerson,
	enablePerson,
	invitePerson
} from '../../commands/change-person.ts';
import { listPeople } from '../../queries/list-people.ts';
import { router, steppedUpProcedure } from '../procedures.ts';

const userId = z
	.string()
	.max(64)
	.transform((id) => id as UserId);
const patientId = z
	.string()
	.max(64)
	.transform((id) => id as PatientId);
const roleList = z.array(z.enum(roles)).min(1).max(roles.length);

const managing = steppedUpProcedure('user.manage');

export const peopleRouter = router({
	list: managing.query(async ({ ctx }) => ({
		people: await listPeople(ctx.services.db, ctx.actor.practiceId),
		/** False: the next change asks for a confirmation first. */
		steppedUp: ctx.steppedUp
	})),

	/** Answers with the one-time link, to hand over. */
	add: managing
		.input(
			z.strictObject({
				email: z.email().max(200),
				name: z.string().trim().min(1).max(120),
				credentials: z.string().trim().max(60).default(''),
				roles: roleList,
				licensed: z.boolean().default(false),
				patientId: patientId.nullable().default(null)
			})
		)
		.mutation(({ ctx, input }) => addPerson(ctx.services, ctx.actor, input, ctx.steppedUp)),

	setRoles: managing
		.input(z.strictObject({ userId, roles: roleList, licensed: z.boolean() }))
		.mutation(({ ctx, input }) => changeRoles(ctx.services, ctx.actor, input, ctx.steppedUp)),

	disable: managing
		.input(z.strictObject({ userId, reason: z.string().max(500).optional() }))
		.mutation(({ ctx, input }) => disablePerson(ctx.services, ctx.actor, input, ctx.steppedUp)),

	enable: managing
		.input(z.strictObject({ userId }))
		.mutation(({ ctx, input }) =>
			enablePerson(ctx.services, ctx.actor, input.userId, ctx.steppedUp)
		),

	/** A fresh one-time link: an invitation, or a reset of the password. */
	invite: managing
		.input(z.strictObject({ userId }))
		.mutation(({ ctx, input }) =>
			invitePerson(ctx.services, ctx.actor, input.userId, ctx.steppedUp)
		)
});
