import { and, eq, inArray } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import type { StudyId, UserId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { reports, reportStudies } from '../db/schema/reports.ts';
import type { Services } from '../services.ts';

export interface PresentPerson {
	id: UserId;
	name: string;
}

/** Who is in which of these studies now; studies of other practices and empty ones are left out. */
export async function presentInStudies(
	services: Services,
	actor: UserActor,
	studyIds: readonly StudyId[]
): Promise<Record<StudyId, PresentPerson[]>> {
	const { practiceId } = actor;
	requireRight(actor, 'report.see-presence', { practiceId });
	const found: Record<StudyId, PresentPerson[]> = {};
	if (studyIds.length === 0) return found;
	const rows = await services.db
		.select({ studyId: reportStudies.studyId, reportId: reportStudies.reportId })
		.from(reportStudies)
		.innerJoin(reports, eq(reports.id, reportStudies.reportId))
		.where(and(eq(reports.practiceId, practiceId), inArray(reportStudies.studyId, [...studyIds])));
	for (const { studyId, reportId } of rows) {
		const known = found[studyId] ?? [];
		const more = services.live
			.present(reportId)
			.filter(({ id }) => !known.some((person) => person.id === id))
			.map(({ id, name }) => ({ id: id as UserId, name }));
		if (known.length + more.length > 0) found[studyId] = [...known, ...more];
	}
	return found;
}
