import { and, desc, eq, inArray, lt, notInArray } from 'drizzle-orm';
import type { PracticeId, ReportId, StudyId } from '$lib/ids.ts';
import type { PriorValue } from '$lib/report/body.ts';
import { ageOn } from '$lib/report/context.ts';
import { loadPractice, type Practice } from '../auth/practice.ts';
import type { Queryable } from '../db/client.ts';
import {
	patients,
	practiceStudies,
	reports,
	reportStudies,
	reportVersions,
	resolvedWorksheets
} from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { localDate } from '../time/local-date.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { EntryValue } from '$lib/worksheet/entry.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import type { PatientFacts } from '$lib/worksheet/evaluation.ts';
import { convert } from '$lib/worksheet/units.ts';
import { samePersons } from './linked-patients.ts';
import { machineValues } from './machine-values.ts';

/** Of how many earlier studies: a trend on the screen, not an archive. */
const mostStudies = 8;

type Study = typeof practiceStudies.$inferSelect;
type Values = Record<string, { value: EntryValue; unit: string | null }>;

/**
 * What stood in each field in the patient's earlier studies, nearest first, in the field's own unit:
 * from the signed report where there is a final one, else from the machine's report of that study
 * read through the same worksheet. Drafts are nobody's prior.
 */
export async function priorValues(
	services: Pick<Services, 'db'>,
	practiceId: PracticeId,
	reportId: ReportId
): Promise<Record<string, PriorValue[]>> {
	const { db } = services;
	const current = await loadCurrent(db, practiceId, reportId);
	if (!current) return {};
	const { practice, worksheet, patient } = current;
	const units = unitsOf(worksheet);
	const priors: Record<string, PriorValue[]> = {};
	for (const study of await earlierStudies(db, current)) {
		if (!study.studyAt) continue;
		const date = localDate(study.studyAt, practice.timeZone);
		const values =
			(await signedValues(db, study.id)) ??
			(await sentValues(db, study, worksheet, {
				sex: patient.sex,
				ageYears: ageOn(patient.birthDate, date)
			}));
		for (const [field, { value, unit }] of Object.entries(values)) {
			if (!units.has(field)) continue;
			const comparable = inUnit(value, unit, units.get(field) ?? null);
			if (comparable === null) continue;
			(priors[field] ??= []).push({ value: comparable, date, studyUid: study.studyUid });
		}
	}
	return priors;
}

export interface Current {
	practice: Practice;
	worksheet: ResolvedWorksheet;
	patient: typeof patients.$inferSelect;
	studies: Study[];
}

export async function loadCurrent(
	db: Queryable,
	practiceId: PracticeId,
	reportId: ReportId
): Promise<Current | null> {
	const [row] = await db
		.select({ report: reports, worksheet: resolvedWorksheets.content, patient: patients })
		.from(reports)
		.innerJoin(resolvedWorksheets, eq(resolvedWorksheets.hash, reports.worksheetHash))
		.innerJoin(patients, eq(patients.id, reports.patientId))
		.where(and(eq(reports.id, reportId), eq(reports.practiceId, practiceId)));
	const practice = row && (await loadPractice(db, practiceId));
	if (!row || !practice) return null;
	const studies = await db
		.select({ study: practiceStudies })
		.from(reportStudies)
		.innerJoin(practiceStudies, eq(practiceStudies.id, reportStudies.studyId))
		.where(eq(reportStudies.reportId, reportId))
		.orderBy(reportStudies.position);
	const { worksheet, patient } = row;
	return { practice, worksheet, patient, studies: studies.map(({ study }) => study) };
}

/** By the study's own time: a study that arrived late is still the earlier one. */
export async function earlierStudies(db: Queryable, current: Current): Promise<Study[]> {
	const { practice, patient, studies } = current;
	const times = studies.flatMap((study) => study.studyAt ?? []).map((at) => at.getTime());
	if (times.length === 0) return [];
	const people = (await samePersons(db, practice.id, [patient.id])).get(patient.id) ?? [patient.id];
	return db
		.select()
		.from(practiceStudies)
		.where(
			and(
				eq(practiceStudies.practiceId, practice.id),
				inArray(practiceStudies.patientId, people),
				notInArray(
					practiceStudies.id,
					studies.map((study) => study.id)
				),
				lt(practiceStudies.studyAt, new Date(Math.min(...times)))
			)
		)
		.orderBy(desc(practiceStudies.studyAt), desc(practiceStudies.id))
		.limit(mostStudies);
}

/** Values of the study's signed report; null when nothing final stands. */
async function signedValues(db: Queryable, studyId: StudyId): Promise<Values | null> {
	const version = await signedVersion(db, studyId);
	return version ? version.content.body.evaluation.values : null;
}

/** The version in force of the study's final report; null when nothing final stands. */
export async function signedVersion(db: Queryable, studyId: StudyId) {
	const [row] = await db
		.select({
			id: reportVersions.id,
			reportId: reportVersions.reportId,
			content: reportVersions.content
		})
		.from(reportStudies)
		.innerJoin(reports, eq(reports.id, reportStudies.reportId))
		.innerJoin(reportVersions, eq(reportVersions.id, reports.currentVersionId))
		.where(and(eq(reportStudies.studyId, studyId), inArray(reports.state, ['final', 'amended'])))
		.orderBy(desc(reportVersions.createdAt))
		.limit(1);
	return row ?? null;
}

async function sentValues(
	db: Queryable,
	study: Study,
	worksheet: ResolvedWorksheet,
	patient: PatientFacts
): Promise<Values> {
	const at = study.studyAt ?? study.firstInstanceAt;
	const { entries } = await machineValues(db, [study.id], worksheet, at);
	return evaluate(worksheet, entries, patient).values;
}

/** Canonical unit by field; null for fields that hold no number. */
function unitsOf(worksheet: ResolvedWorksheet): Map<string, string | null> {
	const fields = worksheet.sections.flatMap((section) => section.fields);
	return new Map(
		fields.map((field) => [
			field.id,
			worksheet.measurements[field.measurementId ?? '']?.unit ?? null
		])
	);
}

function inUnit(value: EntryValue, from: string | null, to: string | null): number | string | null {
	if (typeof value === 'string') return value;
	if (typeof value !== 'number') return null;
	if (from === null || to === null) return from === to ? value : null;
	return convert(value, from, to);
}
