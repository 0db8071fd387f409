import { and, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { personEntry, setField } from '$lib/collab/doc-fields.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { readDocState } from '$lib/collab/doc-state.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import type { ReportId } from '$lib/ids.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { bodyOf } from '$lib/report/context.ts';
import type { VersionKind } from '$lib/report/states.ts';
import type { ReportBody } from '$lib/report/version.ts';
import type { SignReport } from '$lib/server/commands/sign-report.ts';
import {
	auditEvents,
	outbox,
	reports,
	reportVersions,
	signatures,
	signingIntents
} from '$lib/server/db/schema/index.ts';
import { judgedReport } from '$lib/server/queries/judged-report.ts';
import { loadReportContext } from '$lib/server/queries/report-context.ts';
import type { Services } from '$lib/server/services.ts';
import { signingPassword } from '../../support/signed-report.ts';

/** The body as the reading room shows it to this person. */
export async function shownBody(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<ReportBody> {
	const judged = await judgedReport(services, actor, 'report.read-draft', reportId);
	const context = await loadReportContext(services, actor.practiceId, judged);
	const { doc } = await services.live.snapshot(reportId);
	const body = bodyOf(context, readDocState(doc));
	doc.destroy();
	return body;
}

/** One press of the button, over what is shown now. */
export async function press(
	services: Services,
	actor: UserActor,
	reportId: ReportId,
	kind: VersionKind = 'final',
	parts: Partial<SignReport> = {}
): Promise<SignReport> {
	return {
		reportId,
		kind,
		bodyHash: parts.bodyHash ?? contentHash(await shownBody(services, actor, reportId)),
		intentId: services.newId(),
		proof: { kind: 'password', password: signingPassword },
		amendment: null,
		...parts
	};
}

export const conclude = (services: Services, reportId: ReportId, text: string) =>
	services.live.applyAsServer(reportId, (doc) => editText(doc, conclusionText, text));

/** A value that nobody had seen another of. */
export const type = (
	services: Services,
	reportId: ReportId,
	field: string,
	value: number,
	unit: string
) =>
	services.live.applyAsServer(reportId, (doc) =>
		setField(
			doc,
			field,
			personEntry(
				{ id: services.newId(), by: 'user-1', at: services.clock().toISOString() },
				value,
				unit
			),
			[]
		)
	);

/** Everything that a signing writes about one report. */
export async function written({ db }: Services, reportId: ReportId) {
	const [report] = await db.select().from(reports).where(eq(reports.id, reportId));
	const versions = await db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.reportId, reportId))
		.orderBy(reportVersions.number);
	const signed = await db
		.select({ signature: signatures })
		.from(signatures)
		.innerJoin(reportVersions, eq(reportVersions.id, signatures.versionId))
		.where(eq(reportVersions.reportId, reportId));
	const exports = await db
		.select({ row: outbox })
		.from(outbox)
		.innerJoin(reportVersions, eq(reportVersions.id, outbox.versionId))
		.where(eq(reportVersions.reportId, reportId));
	const intents = await db
		.select()
		.from(signingIntents)
		.where(eq(signingIntents.reportId, reportId));
	const events = await db
		.select()
		.from(auditEvents)
		.where(
			and(eq(auditEvents.action, 'report.signed'), eq(auditEvents.object, `report:${reportId}`))
		);
	return {
		report,
		versions,
		signatures: signed.map(({ signature }) => signature),
		exports: exports.map(({ row }) => row),
		intents,
		events
	};
}
