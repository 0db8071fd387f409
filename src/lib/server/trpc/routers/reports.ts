import { z } from 'zod';
import { communicationWays } from '$lib/report/critical.ts';
import { versionKinds } from '$lib/report/states.ts';
import type { ReportId, StudyId, VersionId } from '$lib/ids.ts';
import { editionsChoiceSchema } from '$lib/worksheet/edition-schemas.ts';
import { createSigningChallenge, proofSchema } from '../../auth/reauthenticate.ts';
import { changeEditions } from '../../commands/change-editions.ts';
import { changeWorksheet } from '../../commands/change-worksheet.ts';
import { fillReport } from '../../commands/populate-report.ts';
import { recordCommunication } from '../../commands/record-communication.ts';
import { resendExport } from '../../commands/resend-export.ts';
import { sendToRead } from '../../commands/send-to-read.ts';
import { signReport } from '../../commands/sign-report.ts';
import { carriedReport } from '../../queries/carried-report.ts';
import { criticalResult } from '../../queries/critical-result.ts';
import { priorTrend } from '../../queries/prior-trend.ts';
import { reportPage } from '../../queries/report-versions.ts';
import { readReportContext } from '../../queries/signing-context.ts';
import { unmappedValues } from '../../queries/unmapped-values.ts';
import { differenceOfVersions } from '../../queries/version-difference.ts';
import { memberProcedure, router } from '../procedures.ts';

const reportId = z
	.string()
	.max(64)
	.transform((id) => id as ReportId);
const studyId = z
	.string()
	.max(64)
	.transform((id) => id as StudyId);
const versionId = z
	.string()
	.max(64)
	.transform((id) => id as VersionId);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const reportsRouter = router({
	/** What the reading room builds the report from, beside the live document. */
	context: memberProcedure('report.read-draft')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => readReportContext(ctx.services, ctx.actor, input.reportId)),

	/** What the machines sent that no field takes. */
	unmapped: memberProcedure('report.read-draft')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => unmappedValues(ctx.services, ctx.actor, input.reportId)),

	/** Values of all earlier studies, for a trend; asked for when somebody looks. */
	priors: memberProcedure('report.read-draft')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => priorTrend(ctx.services, ctx.actor, input.reportId)),

	/** Codes and words of the nearest signed report, to carry into this one; never numbers. */
	carry: memberProcedure('report.read-draft')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => carriedReport(ctx.services, ctx.actor, input.reportId)),

	get: memberProcedure('report.read-final')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => reportPage(ctx.services, ctx.actor, input.reportId)),

	/** What differs between two versions of one report. */
	difference: memberProcedure('report.read-final')
		.input(z.strictObject({ versions: z.tuple([versionId, versionId]) }))
		.query(({ ctx, input }) => differenceOfVersions(ctx.services, ctx.actor, input.versions)),

	/** Reads a draft with another worksheet; answers which entries the new one has no field for. */
	changeWorksheet: memberProcedure('report.edit-values')
		.input(z.strictObject({ reportId, worksheetId: z.string().max(100) }))
		.mutation(({ ctx, input }) => changeWorksheet(ctx.services, ctx.actor, input)),

	/** Reads a draft by another edition of a guideline than the practice's. */
	changeEditions: memberProcedure('report.edit-values')
		.input(z.strictObject({ reportId, editions: editionsChoiceSchema }))
		.mutation(({ ctx, input }) => changeEditions(ctx.services, ctx.actor, input)),

	/** Begins the report of a study with a worksheet that a reader chose. */
	begin: memberProcedure('report.edit-values')
		.input(z.strictObject({ studyId, worksheetId: z.string().max(100) }))
		.mutation(({ ctx, input }) => fillReport(ctx.services, ctx.actor, input)),

	sendToRead: memberProcedure('report.send-to-read')
		.input(z.strictObject({ reportId }))
		.mutation(({ ctx, input }) => sendToRead(ctx.services, ctx.actor, input)),

	/** Begins a signing by passkey: the challenge is bound to exactly these contents (L1). */
	signingChallenge: memberProcedure('report.sign-own-part')
		.input(
			z.strictObject({
				subjects: z
					.array(
						z.strictObject({
							reportId,
							bodyHash: hash,
							meaning: z.enum(['preliminary', 'final'])
						})
					)
					.min(1)
					.max(50)
			})
		)
		.mutation(({ ctx, input }) => createSigningChallenge(ctx.services, ctx.actor, input.subjects)),

	sign: memberProcedure('report.sign-own-part')
		.input(
			z.strictObject({
				reportId,
				kind: z.enum(versionKinds),
				bodyHash: hash,
				intentId: z.string().min(16).max(64),
				proof: proofSchema,
				amendment: z
					.strictObject({ text: z.string().max(20_000), reason: z.string().max(500) })
					.nullable()
			})
		)
		.mutation(({ ctx, input }) => signReport(ctx.services, ctx.actor, input)),

	/** A critical result of the signed report, and who was told of it; null when there is none. */
	critical: memberProcedure('report.read-draft')
		.input(z.strictObject({ reportId }))
		.query(({ ctx, input }) => criticalResult(ctx.services, ctx.actor, input.reportId)),

	/** Who was told of a critical result that was signed open. */
	recordCommunication: memberProcedure('report.record-communication')
		.input(
			z.strictObject({
				reportId,
				told: z.string().max(200),
				at: z.date(),
				how: z.enum(communicationWays),
				readBack: z.boolean()
			})
		)
		.mutation(({ ctx, input }) => recordCommunication(ctx.services, ctx.actor, input)),

	resendExport: memberProcedure('report.export')
		.input(z.strictObject({ exportId: z.number().int() }))
		.mutation(({ ctx, input }) => resendExport(ctx.services, ctx.actor, input))
});
