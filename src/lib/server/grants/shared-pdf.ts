import { desc, eq } from 'drizzle-orm';
import type { GrantActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import type { InstanceUid, StudyUid } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { inTransaction } from '../db/client.ts';
import { grants } from '../db/schema/grants.ts';
import { reportVersions } from '../db/schema/reports.ts';
import { keyImageBytes } from '../documents/key-images.ts';
import { renderReportPdf } from '../documents/pdf/report-pdf.ts';
import { studiesOfReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/**
 * The report as a copy for the holder of a link: recipient, link and time on every page (C9). It is
 * drawn anew from the frozen content, with the pictures that the link opens; the signed bytes stay
 * what they are. Off at the switch, it does not exist.
 */
export async function sharedPdf(
	services: Services,
	actor: GrantActor
): Promise<{ pdf: Uint8Array; name: string }> {
	const { db, clock } = services;
	const [grant] = await db.select().from(grants).where(eq(grants.id, actor.grantId));
	if (!grant) throw new DomainError('not_found');
	const subject = await loadSubject(db, services, actor, { versionId: grant.versionId });
	if (!subject) throw new DomainError('not_found');
	// A document, not pictures of a study: it needs the report's switch, not theirs.
	const document: Subject = { ...subject };
	delete document.studyUid;
	for (const item of ['report', 'download'] as const) {
		requireRight(actor, 'report.export', { ...document, item });
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
	const keyImages = shown.content.body.keyImages.filter((image) =>
		can(actor, 'study.view-images', {
			...subject,
			studyUid: image.studyUid as StudyUid,
			sopUid: image.sopInstanceUid as InstanceUid,
			isDocument: false,
			item: 'images'
		})
	);
	const content = { ...shown.content, body: { ...shown.content.body, keyImages } };
	const pdf = await renderReportPdf(content, {
		paper: 'a4',
		images: await keyImageBytes(services, studies, keyImages),
		copyMark: `Copy for ${oneLine(grant.recipient)} · link ${grant.id} · ${clock().toISOString()} UTC`,
		...(shown.id === newest.id
			? {}
			: { superseded: `Superseded: a newer version was signed ${newest.createdAt.toISOString()}` })
	});
	return { pdf, name: `report-v${shown.number}.pdf` };
}

/** Whatever a sender typed, the mark stays one short line: link and time are never pushed off the page. */
const oneLine = (text: string) => {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
