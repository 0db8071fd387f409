import type { UserActor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import { carryOffer, type CarryOffer } from '$lib/report/carry.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { inTransaction } from '../db/client.ts';
import type { Services } from '../services.ts';
import { localDate } from '../time/local-date.ts';
import { judgedReport } from './judged-report.ts';
import { earlierStudies, loadCurrent, signedVersion } from './prior-values.ts';

/**
 * What the nearest signed report of the same person offers to this draft; null when there is none.
 * The right is judged on both: on the draft, and on the report that is read for it.
 */
export async function carriedReport(
	services: Services,
	actor: UserActor,
	reportId: ReportId
): Promise<CarryOffer | null> {
	const { db } = services;
	await judgedReport(services, actor, 'report.read-draft', reportId);
	const current = await loadCurrent(db, actor.practiceId, reportId);
	if (!current) return null;
	const { worksheet, practice } = current;
	for (const study of await earlierStudies(db, current)) {
		const version = study.studyAt && (await signedVersion(db, study.id));
		if (!study.studyAt || !version || version.reportId === reportId) continue;
		const named = { versionId: version.id };
		requireRight(actor, 'report.read-final', await loadSubject(db, services, actor, named));
		const { body } = version.content;
		await inTransaction(db, (tx) =>
			services.audit.record(tx, actor, {
				action: 'report.opened',
				object: `report:${version.reportId}`,
				detail: { what: 'carry-forward', version: version.id }
			})
		);
		return {
			...carryOffer(body, worksheet),
			studyUid: study.studyUid,
			date: localDate(study.studyAt, practice.timeZone),
			labels: Object.fromEntries(
				body.sections.flatMap(({ title, values }) =>
					values.map(({ field, label }) => [field, `${title}: ${label}`] as const)
				)
			)
		};
	}
	return null;
}
