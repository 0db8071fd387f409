import { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import { memberProcedure, router } from '../procedures.ts';

const reading = memberProcedure('worksheet.read');

export const worksheetsRouter = router({
	list: reading.query(({ ctx }) => ctx.services.worksheets.list()),

	/** The whole definition, for a page that evaluates it. */
	get: reading
		.input(z.strictObject({ id: z.string().max(100), version: z.string().max(20).optional() }))
		.query(({ ctx, input }) => {
			const worksheet = ctx.services.worksheets.resolve(input.id, input.version);
			if (!worksheet) throw new DomainError('not_found');
			return { hash: ctx.services.worksheets.hashOf(worksheet), worksheet };
		})
});
