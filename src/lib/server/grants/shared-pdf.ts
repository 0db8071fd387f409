import { desc, eq } from 'drizzle-orm';
import type { GrantActor } from '$lib/access/actor.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { DomainError } from '$lib/errors.ts';
import { inTransaction } from '../db/client.ts';
import { grants } from '../db/schema/grants.ts';
import { reportVersions } from '../db/schema/reports.ts';
import { keyImageBytes } from '../documents/key-images.ts';
import { renderReportPdf } from '../documents/pdf/report-pdf.ts';
import { studiesOfReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/**
 * The report as a copy for the holder of a link: recipient, link and time on every page (C9). It is
 * drawn anew from the frozen content; the signed bytes stay what they are. Off at the switch, it
 * does not exist.
 */
export async function sharedPdf(
	services: Services,
	actor: GrantActor
): Promise<{ pdf: Uint8Array; name: string }> {
	const { db, clock } = services;
	const [grant] = await db.select().from(grants).where(eq(grants.id, actor.grantId));
	if (!grant) throw new DomainError('not_found');
	const subject = await loadSubject(db, services, actor, { versionId: grant.versionId });
	for (const item of ['report', 'download'] as const) {
		requireRight(actor, 'report.export', subject && { ...subject, item });
	}
	const versions = await db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.reportId, grant.reportId))
		.orderBy(desc(reportVersions.number));
	const shared = versions.find((version) => version.id === grant.versionId);
	const [newest] = versions;
	if (!shared || !newest) throw new DomainError('not_found');
	const shown = grant.switches.newerVersions ? newest : shared;
	await inTransaction(db, (tx) =>
		services.audit.record(tx, actor, {
			action: 'grant.downloaded',
			object: `grant:${grant.id}`,
			detail: { what: 'pdf', item: shown.id }
		})
	);
	const studies = await studiesOfReport(db, grant.practiceId, grant.reportId);
	const pdf = await renderReportPdf(shown.content, {
		paper: 'a4',
		images: await keyImageBytes(services, studies, shown.content.body.keyImages),
		copyMark: `Copy for ${grant.recipient} · link ${grant.id} · ${clock().toISOString()} UTC`,
		...(shown.id === newest.id
			? {}
			: { superseded: `Superseded: a newer version was signed ${newest.createdAt.toISOString()}` })
	});
	return { pdf, name: `report-v${shown.number}.pdf` };
}
