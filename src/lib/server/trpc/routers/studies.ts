import { z } from 'zod';
import { isUid, type PatientId, type StudyId, type StudyUid, type UserId } from '$lib/ids.ts';
import { workListFilterSchema, workListPageSchema } from '$lib/worklist/filter.ts';
import { watchStudies } from '../../arrival/watch-studies.ts';
import { assignStudy } from '../../commands/assign-study.ts';
import { linkPatients, unlinkPatients } from '../../commands/link-patients.ts';
import { deleteView, listViews, saveView } from '../../commands/save-view.ts';
import { listReaders } from '../../queries/list-readers.ts';
import { countGroups, findStudyRow, listStudies } from '../../queries/list-studies.ts';
import { presentInStudies } from '../../queries/present-in-studies.ts';
import { studyBundle, studySeries } from '../../queries/study-bundle.ts';
import { memberProcedure, router } from '../procedures.ts';

const id = <T extends string>() =>
	z
		.string()
		.min(1)
		.max(64)
		.transform((text) => text as T);
const studyId = id<StudyId>();
const userId = id<UserId>();
const studyUid = z
	.string()
	.refine(isUid)
	.transform((text) => text as StudyUid);
const viewName = z.string().min(1).max(80);

export const studiesRouter = router({
	list: memberProcedure('study.list')
		.input(workListPageSchema)
		.query(({ ctx, input }) => listStudies(ctx.services, ctx.actor, ctx.practice, input)),

	/** One line again, after an event about it; null when it is not in this person's list. */
	row: memberProcedure('study.list')
		.input(z.strictObject({ studyId }))
		.query(({ ctx, input }) => findStudyRow(ctx.services, ctx.actor, ctx.practice, input.studyId)),

	counts: memberProcedure('study.list').query(({ ctx }) =>
		countGroups(ctx.services, ctx.actor, ctx.practice)
	),

	/** Server-sent events: which study changed and how. Ask for its `row` then. */
	watch: memberProcedure('study.list').subscription(({ ctx, signal }) =>
		watchStudies(ctx.actor, signal)
	),

	/** All that the reading room opens with. */
	get: memberProcedure('study.view-images')
		.input(z.union([z.strictObject({ studyUid }), z.strictObject({ studyId })]))
		.query(({ ctx, input }) => studyBundle(ctx.services, ctx.actor, ctx.practice, input)),

	/** Series and instances of a study, for a prior's loops. */
	series: memberProcedure('study.view-images')
		.input(z.strictObject({ studyId }))
		.query(({ ctx, input }) => studySeries(ctx.services, ctx.actor, ctx.practice, input.studyId)),

	/** Who is in which of these studies now, for the lines on the screen. */
	presence: memberProcedure('report.see-presence')
		.input(z.strictObject({ studyIds: z.array(studyId).max(500) }))
		.query(({ ctx, input }) => presentInStudies(ctx.services, ctx.actor, input.studyIds)),

	readers: memberProcedure('study.assign').query(({ ctx }) => listReaders(ctx.services, ctx.actor)),

	assign: memberProcedure('study.assign')
		.input(
			z.strictObject({
				studyId,
				to: userId.nullable(),
				/** Whom the screen showed; somebody else by now is a `conflict`. */
				from: userId.nullable().optional()
			})
		)
		.mutation(({ ctx, input }) => assignStudy(ctx.services, ctx.actor, input)),

	/** Takes a study that nobody has; `conflict` when somebody was faster. */
	claim: memberProcedure('study.assign')
		.input(z.strictObject({ studyId }))
		.mutation(({ ctx, input }) =>
			assignStudy(ctx.services, ctx.actor, { ...input, to: ctx.actor.userId, from: null })
		),

	views: memberProcedure('study.list').query(({ ctx }) => listViews(ctx.services, ctx.actor)),

	saveView: memberProcedure('study.list')
		.input(z.strictObject({ name: viewName, filter: workListFilterSchema }))
		.mutation(({ ctx, input }) => saveView(ctx.services, ctx.actor, input)),

	deleteView: memberProcedure('study.list')
		.input(z.strictObject({ name: viewName }))
		.mutation(({ ctx, input }) => deleteView(ctx.services, ctx.actor, input.name)),

	linkPatients: memberProcedure('order.match')
		.input(
			z.strictObject({
				survivorId: id<PatientId>(),
				mergedId: id<PatientId>(),
				reason: z.string().max(500)
			})
		)
		.mutation(({ ctx, input }) => linkPatients(ctx.services, ctx.actor, input)),

	unlinkPatients: memberProcedure('order.match')
		.input(z.strictObject({ linkId: id<string>(), reason: z.string().max(500) }))
		.mutation(({ ctx, input }) => unlinkPatients(ctx.services, ctx.actor, input))
});
