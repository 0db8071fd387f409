import { and, eq } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import { DomainError } from '$lib/errors.ts';
import { ageOn, type ReportContext } from '$lib/report/context.ts';
import type { PriorValue } from '$lib/report/body.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { pinnedEditionsSchema } from '$lib/worksheet/edition-schemas.ts';
import { growthDiagrams } from '$lib/worksheet/growth.ts';
import { loadPractice } from '../auth/practice.ts';
import type { Queryable } from '../db/client.ts';
import { orders, patientIdentifiers, patients } from '../db/schema/patients.ts';
import { resolvedWorksheets } from '../db/schema/reports.ts';
import type { Services } from '../services.ts';
import { localDate } from '../time/local-date.ts';
import { priorValues } from './prior-values.ts';
import type { JudgedReport } from './judged-report.ts';

/** All that a report is made of and that is not in its live document. */
export async function loadReportContext(
	services: Services,
	practiceId: PracticeId,
	{ report, studies }: Pick<JudgedReport, 'report' | 'studies'>
): Promise<ReportContext> {
	const { db } = services;
	const practice = await loadPractice(db, practiceId);
	const [worksheet] = await db
		.select()
		.from(resolvedWorksheets)
		.where(eq(resolvedWorksheets.hash, report.worksheetHash));
	const [patient] = await db
		.select()
		.from(patients)
		.where(and(eq(patients.id, report.patientId), eq(patients.practiceId, practiceId)));
	if (!practice || !worksheet || !patient) throw new DomainError('not_found');
	const identifiers = await db
		.select()
		.from(patientIdentifiers)
		.where(eq(patientIdentifiers.patientId, patient.id));
	const studyAt = studies[0]?.studyAt ?? null;
	const earlier = await priorValues(services, practiceId, report.id);
	const series = onCharts(worksheet.content, earlier);

	return {
		reportId: report.id,
		worksheet: worksheet.content,
		worksheetHash: worksheet.hash,
		patient: {
			id: patient.id,
			name: patient.name,
			birthDate: patient.birthDate,
			sex: patient.sex,
			identifiers: identifiers
				.map(({ issuer, value }) => ({ issuer, value }))
				.sort((a, b) => (a.issuer + a.value < b.issuer + b.value ? -1 : 1)),
			ageYears: ageOn(patient.birthDate, studyAt && localDate(studyAt, practice.timeZone))
		},
		studies: studies.map((study) => ({
			studyUid: study.studyUid,
			archiveId: study.archiveId,
			accession: study.accession,
			description: study.description,
			studyAt: study.studyAt?.toISOString() ?? null,
			sonographer: study.sonographer,
			referrer: study.referrer
		})),
		order: await loadOrder(db, studies[0]?.orderId ?? null),
		practice: { id: practice.id, name: practice.name, timeZone: practice.timeZone },
		settings: { ...practice.settings, ...pinnedEditionsSchema.parse(report.editions) },
		language: report.language,
		priors: nearest(earlier),
		...(Object.keys(series).length > 0 ? { series } : {})
	};
}

async function loadOrder(
	db: Queryable,
	orderId: (typeof orders.$inferSelect)['id'] | null
): Promise<ReportContext['order']> {
	if (!orderId) return null;
	const [order] = await db.select().from(orders).where(eq(orders.id, orderId));
	if (!order) return null;
	const { accession, procedure, indication, referrerName } = order;
	return { accession, procedure, indication, referrer: referrerName };
}

/** The first of each list: prior values come nearest first. */
function nearest(values: Record<string, PriorValue[]>): Record<string, PriorValue> {
	return Object.fromEntries(
		Object.entries(values).flatMap(([field, [first]]) => (first ? [[field, first]] : []))
	);
}

/** A growth chart shows every earlier study, not the nearest alone. */
function onCharts(
	worksheet: ResolvedWorksheet,
	values: Record<string, PriorValue[]>
): Record<string, PriorValue[]> {
	const fields = new Set(growthDiagrams(worksheet).flatMap(({ x, y }) => [x, y]));
	return Object.fromEntries(Object.entries(values).filter(([field]) => fields.has(field)));
}
