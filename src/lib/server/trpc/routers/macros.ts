import { z } from 'zod';
import type { MacroId } from '$lib/ids.ts';
import { macroFieldsSchema } from '$lib/report/macro.ts';
import { textFileSchema } from '$lib/report/text-file.ts';
import { textOwnerSchema } from '$lib/report/text-owner.ts';
import { deleteMacro, saveMacro } from '../../commands/change-macro.ts';
import { importTexts } from '../../commands/import-texts.ts';
import { listMacros } from '../../queries/list-macros.ts';
import { memberProcedure, router } from '../procedures.ts';

/** One's own right opens the door; whose text it is decides inside. */
const changing = memberProcedure('macro.change-own');
const id = z
	.string()
	.min(1)
	.max(64)
	.transform((text) => text as MacroId);

export const macrosRouter = router({
	list: memberProcedure('macro.read').query(({ ctx }) => listMacros(ctx.services, ctx.actor)),

	save: changing
		.input(macroFieldsSchema.extend({ id: id.nullable(), owner: textOwnerSchema }))
		.mutation(({ ctx, input }) => saveMacro(ctx.services, ctx.actor, input)),

	/** Macros and presets of a file, all or none. */
	import: changing
		.input(z.strictObject({ owner: textOwnerSchema, file: textFileSchema }))
		.mutation(({ ctx, input }) => importTexts(ctx.services, ctx.actor, input)),

	delete: changing
		.input(z.strictObject({ id }))
		.mutation(({ ctx, input }) => deleteMacro(ctx.services, ctx.actor, input))
});
