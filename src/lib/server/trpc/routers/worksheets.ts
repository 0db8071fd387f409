import { z } from 'zod';
import { longestSource } from '$lib/worksheet/check-limits.ts';
import { longestImport } from '$lib/worksheet/exchange/draft.ts';
import { publishWorksheet, withdrawWorksheet } from '../../commands/publish-worksheet.ts';
import { importedWorksheet, worksheetQuestionnaire } from '../../queries/exchange-worksheet.ts';
import { listWorksheets } from '../../queries/list-worksheets.ts';
import { readWorksheet } from '../../queries/read-worksheet.ts';
import { checkedWorksheet, worksheetSource } from '../../queries/worksheet-source.ts';
import { writtenOut } from '../../queries/written-out-section.ts';
import { adminProcedure, memberProcedure, router } from '../procedures.ts';

const reading = memberProcedure('worksheet.read');
const authoring = adminProcedure('worksheet.author');
const id = z.string().max(100);
/** One character more than is read, so that the checker itself can say what is wrong. */
const source = z.string().max(longestSource + 1);

export const worksheetsRouter = router({
	/** A page of a search: seven hundred do not travel. */
	list: reading
		.input(
			z.strictObject({
				text: z.string().max(200).default(''),
				group: z.string().max(100).nullable().default(null),
				modality: z.string().max(16).nullable().default(null),
				maturity: z.enum(['A', 'B', 'C']).nullable().default(null),
				near: z.array(z.string().max(16)).max(20).default([]),
				skip: z.number().int().min(0).max(100_000).default(0),
				limit: z.number().int().min(1).max(100).default(50)
			})
		)
		.query(({ ctx, input }) => listWorksheets(ctx.services, ctx.actor, input)),

	/** The whole definition of one. */
	get: reading
		.input(z.strictObject({ id }))
		.query(({ ctx, input }) => readWorksheet(ctx.services, ctx.actor, input.id)),

	/** One as a FHIR R4 Questionnaire. */
	questionnaire: reading
		.input(z.strictObject({ id }))
		.query(({ ctx, input }) => worksheetQuestionnaire(ctx.services, ctx.actor, input.id)),

	source: authoring
		.input(z.strictObject({ id }))
		.query(({ ctx, input }) => worksheetSource(ctx.services, ctx.actor, input.id)),

	/** A mutation, because a text does not fit into an address; it changes nothing. */
	check: authoring
		.input(z.strictObject({ source }))
		.mutation(({ ctx, input }) => checkedWorksheet(ctx.services, ctx.actor, input.source)),

	/** The text with one shared section written out, to be changed for this worksheet alone. */
	writeOut: authoring
		.input(z.strictObject({ source, index: z.number().int().min(0).max(500) }))
		.mutation(({ ctx, input }) => writtenOut(ctx.services, ctx.actor, input)),

	importFile: authoring
		.input(z.strictObject({ name: z.string().max(200), text: z.string().max(longestImport + 1) }))
		.mutation(({ ctx, input }) => importedWorksheet(ctx.services, ctx.actor, input)),

	publish: authoring
		.input(z.strictObject({ source, note: z.string().max(500) }))
		.mutation(({ ctx, input }) => publishWorksheet(ctx.services, ctx.actor, input)),

	withdraw: authoring
		.input(z.strictObject({ id, reason: z.string().min(1).max(500) }))
		.mutation(({ ctx, input }) => withdrawWorksheet(ctx.services, ctx.actor, input))
});
