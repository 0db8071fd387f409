import type { Actor } from '$lib/access/actor.ts';
import type { PracticeId, VersionId } from '$lib/ids.ts';
import { dateTimeText } from '$lib/report/date-text.ts';
import { laterVersion } from '../access/later-version.ts';
import { seesReleasedOnly } from '../access/visible-version.ts';
import { loadPractice } from '../auth/practice.ts';
import { keyImageBytes } from '../documents/key-images.ts';
import { renderReportPdf } from '../documents/pdf/report-pdf.ts';
import type { Services } from '../services.ts';
import { studiesOfReport } from './judged-report.ts';
import { readVersion } from './report-versions.ts';

/**
 * The signed PDF, byte for byte (L4). Only the patient of a report that was corrected gets a copy
 * drawn anew from the same frozen content, which says across its top that it no longer holds.
 */
export async function versionPdf(
	services: Services,
	actor: Extract<Actor, { practiceId: PracticeId }>,
	versionId: VersionId
): Promise<{ pdf: Uint8Array; name: string }> {
	const { db, clock } = services;
	const version = await readVersion(services, actor, versionId, 'pdf');
	const name = `report-v${version.number}.pdf`;
	const later = seesReleasedOnly(actor) ? await laterVersion(db, version, clock()) : null;
	if (later?.kind !== 'corrected') return { pdf: version.pdf, name };

	const { body } = version.content;
	const practice = await loadPractice(db, version.practiceId);
	const studies = await studiesOfReport(db, version.practiceId, version.reportId);
	const pdf = await renderReportPdf(version.content, {
		paper: practice?.settings.paper ?? 'a4',
		images: await keyImageBytes(services, studies, body.keyImages),
		superseded:
			`Superseded: this report was corrected on ` +
			`${dateTimeText(later.at, body.practice.timeZone)} and no longer holds.`
	});
	return { pdf, name };
}
