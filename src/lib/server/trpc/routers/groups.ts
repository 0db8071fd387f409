import { z } from 'zod';
import type { ReadingGroupId, UserId } from '$lib/ids.ts';
import { deleteGroup, saveGroup } from '../../commands/change-group.ts';
import { listGroups } from '../../queries/list-groups.ts';
import { adminProcedure, router } from '../procedures.ts';

const managing = adminProcedure('reading-group.manage');
const id = z
	.string()
	.min(1)
	.max(64)
	.transform((text) => text as ReadingGroupId);
const userId = z
	.string()
	.min(1)
	.max(64)
	.transform((text) => text as UserId);

/** People who read together and share their texts. */
export const groupsRouter = router({
	list: managing.query(({ ctx }) => listGroups(ctx.services, ctx.actor)),

	save: managing
		.input(
			z.strictObject({
				id: id.nullable(),
				name: z.string().trim().min(1).max(80),
				members: z.array(userId).max(500)
			})
		)
		.mutation(({ ctx, input }) => saveGroup(ctx.services, ctx.actor, input)),

	delete: managing
		.input(z.strictObject({ id }))
		.mutation(({ ctx, input }) => deleteGroup(ctx.services, ctx.actor, input))
});
