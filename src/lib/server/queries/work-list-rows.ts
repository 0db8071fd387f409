import { and, asc, count, eq, inArray, min } from 'drizzle-orm';
import { ageYears } from '$lib/worklist/age.ts';
import { turnaroundClock } from '$lib/worklist/clock.ts';
import { workListState, type WorkListRow } from '$lib/worklist/row.ts';
import { localDate } from '$lib/worklist/zoned-time.ts';
import type { PatientId, PracticeId, ReportId } from '$lib/ids.ts';
import type { Practice } from '../auth/practice.ts';
import type { Queryable } from '../db/client.ts';
import {
	orders,
	patientIdentifiers,
	patients,
	practiceStudies,
	reports,
	reportVersions,
	users
} from '../db/schema/index.ts';
import { samePersons } from './linked-patients.ts';

/** What the list's query gives for a line. */
export interface ListedStudy {
	study: typeof practiceStudies.$inferSelect;
	patient: Pick<typeof patients.$inferSelect, 'id' | 'name' | 'birthDate' | 'sex'>;
	order: Pick<typeof orders.$inferSelect, 'procedure' | 'indication'> | null;
	assignee: Pick<typeof users.$inferSelect, 'id' | 'name'> | null;
	report: Pick<typeof reports.$inferSelect, 'id' | 'state'> | null;
	critical: boolean;
}

/** Lines for a page: what is not in the study's own row is asked for once for all of them. */
export async function workListRows(
	db: Queryable,
	practice: Practice,
	listed: readonly ListedStudy[],
	now: Date
): Promise<WorkListRow[]> {
	if (!listed.length) return [];
	const patientIds = [...new Set(listed.map(({ patient }) => patient.id))];
	const mrns = await identifiersOf(db, patientIds);
	const priors = await priorsOf(db, practice.id, patientIds);
	const versions = await versionsOf(
		db,
		listed.flatMap(({ report }) => report?.id ?? [])
	);
	const calendar = { ...practice.settings, timeZone: practice.timeZone };
	return listed.map(({ study, patient, order, assignee, report, critical }) => {
		const state = workListState(study.arrivedAt, report?.state ?? null);
		const listedAt = study.studyAt ?? study.firstInstanceAt;
		const ofReport = report ? versions.get(report.id) : undefined;
		const earlier = (priors.get(patient.id) ?? []).filter(
			(other) => other.id !== study.id && other.at < listedAt
		);
		return {
			studyId: study.id,
			studyUid: study.studyUid,
			state,
			clock: turnaroundClock(
				{
					state,
					arrivedAt: study.arrivedAt,
					interpretedAt: ofReport?.interpretedAt ?? null,
					inpatient: study.inpatient,
					stat: study.stat
				},
				calendar,
				now
			),
			patient: {
				id: patient.id,
				name: patient.name,
				mrn: mrns.get(patient.id) ?? '',
				sex: patient.sex,
				birthDate: patient.birthDate,
				ageYears: ageYears(patient.birthDate, localDate(listedAt, practice.timeZone))
			},
			studyAt: study.studyAt,
			studyAtAssumed: study.studyAtAssumed,
			listedAt,
			arrivedAt: study.arrivedAt,
			procedure: order?.procedure || study.description,
			indication: order?.indication ?? '',
			accession: study.accession,
			modalities: study.modalities,
			priors: {
				count: earlier.length,
				latestAt: earlier.reduce<Date | null>((max, o) => (!max || o.at > max ? o.at : max), null)
			},
			report: report && { id: report.id, state: report.state, versions: ofReport?.count ?? 0 },
			critical,
			stat: study.stat,
			inpatient: study.inpatient,
			sonographer: study.sonographer,
			assignedTo: assignee,
			site: study.institution,
			instances: { received: study.instanceCount, expected: study.expectedInstances }
		};
	});
}

async function identifiersOf(db: Queryable, ids: PatientId[]): Promise<Map<PatientId, string>> {
	const rows = await db
		.select({ patientId: patientIdentifiers.patientId, value: patientIdentifiers.value })
		.from(patientIdentifiers)
		.where(inArray(patientIdentifiers.patientId, ids))
		.orderBy(asc(patientIdentifiers.createdAt), asc(patientIdentifiers.id));
	const found = new Map<PatientId, string>();
	for (const { patientId, value } of rows) {
		if (!found.has(patientId)) found.set(patientId, value);
	}
	return found;
}

/** All studies of each person, linked records included. */
async function priorsOf(db: Queryable, practiceId: PracticeId, ids: PatientId[]) {
	const persons = await samePersons(db, practiceId, ids);
	const all = [...new Set([...persons.values()].flat())];
	const rows = await db
		.select({
			id: practiceStudies.id,
			patientId: practiceStudies.patientId,
			studyAt: practiceStudies.studyAt,
			firstInstanceAt: practiceStudies.firstInstanceAt
		})
		.from(practiceStudies)
		.where(
			and(eq(practiceStudies.practiceId, practiceId), inArray(practiceStudies.patientId, all))
		);
	const byPatient = new Map<PatientId, { id: string; at: Date }[]>();
	for (const { id, patientId, studyAt, firstInstanceAt } of rows) {
		const list = byPatient.get(patientId) ?? [];
		byPatient.set(patientId, [...list, { id, at: studyAt ?? firstInstanceAt }]);
	}
	return new Map(
		ids.map((id) => [id, (persons.get(id) ?? [id]).flatMap((p) => byPatient.get(p) ?? [])])
	);
}

async function versionsOf(db: Queryable, ids: ReportId[]) {
	const found = new Map<ReportId, { count: number; interpretedAt: Date | null }>();
	if (!ids.length) return found;
	const rows = await db
		.select({
			reportId: reportVersions.reportId,
			count: count(),
			/** The first word of a physician, whatever kind it was. */
			interpretedAt: min(reportVersions.createdAt)
		})
		.from(reportVersions)
		.where(inArray(reportVersions.reportId, ids))
		.groupBy(reportVersions.reportId);
	for (const { reportId, count: n, interpretedAt } of rows) {
		found.set(reportId, { count: n, interpretedAt });
	}
	return found;
}
