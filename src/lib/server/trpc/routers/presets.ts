import { z } from 'zod';
import type { PresetId } from '$lib/ids.ts';
import { presetFieldsSchema } from '$lib/report/preset.ts';
import { textOwnerSchema } from '$lib/report/text-owner.ts';
import { deletePreset, savePreset } from '../../commands/change-macro.ts';
import { listPresets } from '../../queries/list-macros.ts';
import { memberProcedure, router } from '../procedures.ts';

const changing = memberProcedure('macro.change-own');
const worksheetId = z.string().min(1).max(100);
const id = z
	.string()
	.min(1)
	.max(64)
	.transform((text) => text as PresetId);

export const presetsRouter = router({
	/** Of one worksheet for the reading room, of all for the page that manages them. */
	list: memberProcedure('macro.read')
		.input(z.strictObject({ worksheetId: worksheetId.nullable() }))
		.query(({ ctx, input }) => listPresets(ctx.services, ctx.actor, input.worksheetId)),

	save: changing
		.input(presetFieldsSchema.extend({ id: id.nullable(), owner: textOwnerSchema }))
		.mutation(({ ctx, input }) => savePreset(ctx.services, ctx.actor, input)),

	delete: changing
		.input(z.strictObject({ id }))
		.mutation(({ ctx, input }) => deletePreset(ctx.services, ctx.actor, input))
});
