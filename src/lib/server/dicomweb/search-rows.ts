import { and, desc, eq, ilike, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import {
	archives,
	patientIdentifiers,
	patients,
	practiceStudies,
	studyInstances
} from '../db/schema/index.ts';
import type { InstanceRow } from './reach.ts';

/** A study with what QIDO tells of it. */
export interface SearchRow {
	study: typeof practiceStudies.$inferSelect;
	patient: Pick<typeof patients.$inferSelect, 'id' | 'name' | 'birthDate' | 'sex'>;
	identifier: { value: string; issuer: string } | null;
	archive: { name: string; timeZone: string };
}

const dayMs = 86_400_000;
const listedAt = sql<Date>`coalesce(${practiceStudies.studyAt}, ${practiceStudies.firstInstanceAt})`;

export interface After {
	listedAt: Date;
	id: SearchRow['study']['id'];
}

export const placeOf = ({ study }: SearchRow): After => ({
	listedAt: study.studyAt ?? study.firstInstanceAt,
	id: study.id
});

/** The newest studies within `cut` that may match; the filters are applied exactly afterwards. */
export async function candidateStudies(
	db: Queryable,
	cut: SQL,
	filters: Readonly<Record<string, string>>,
	after: After | null,
	limit: number
): Promise<SearchRow[]> {
	const rows = await db
		.select({
			study: practiceStudies,
			patient: {
				id: patients.id,
				name: patients.name,
				birthDate: patients.birthDate,
				sex: patients.sex
			},
			archive: { name: archives.name, timeZone: archives.timeZone }
		})
		.from(practiceStudies)
		.innerJoin(patients, eq(patients.id, practiceStudies.patientId))
		.innerJoin(archives, eq(archives.id, practiceStudies.archiveId))
		.where(and(cut, ...coarse(filters), after ? isAfter(after) : undefined))
		.orderBy(desc(listedAt), desc(practiceStudies.id))
		.limit(limit);
	const identifiers = await identifiersOf(
		db,
		rows.map((row) => row.patient.id)
	);
	return rows.map((row) => ({ ...row, identifier: identifiers.get(row.patient.id) ?? null }));
}

function isAfter({ listedAt: at, id }: After): SQL | undefined {
	const time = sql`${at.toISOString()}::timestamptz`;
	return or(
		sql`${listedAt} < ${time}`,
		and(sql`${listedAt} = ${time}`, lt(practiceStudies.id, id))
	);
}

/** Conditions that never drop a match: exact ones in SQL, the rest is left to `matchesFilters`. */
function coarse(filters: Readonly<Record<string, string>>): (SQL | undefined)[] {
	const found: (SQL | undefined)[] = [];
	const { StudyInstanceUID, PatientName, PatientID, AccessionNumber, StudyDate } = filters;
	if (StudyInstanceUID) {
		const uids = StudyInstanceUID.split(/[,\\]/).map((uid) => uid.trim());
		found.push(inArray(sql<string>`${practiceStudies.studyUid}`, uids));
	}
	if (PatientName) found.push(ilike(patients.name, `${likePattern(PatientName)}%`));
	if (AccessionNumber) {
		found.push(ilike(practiceStudies.accession, likePattern(AccessionNumber)));
	}
	if (PatientID) {
		found.push(
			sql`exists (select 1 from ${patientIdentifiers} where ${patientIdentifiers.patientId} = ${patients.id}
				and ${patientIdentifiers.value} ilike ${likePattern(PatientID)})`
		);
	}
	const [from, to] = dateBounds(StudyDate);
	if (from) found.push(sql`${practiceStudies.studyAt} >= ${from.toISOString()}::timestamptz`);
	if (to) found.push(sql`${practiceStudies.studyAt} < ${to.toISOString()}::timestamptz`);
	return found;
}

/** `*` and `?` of DICOM as LIKE knows them; everything else literally. Trailing carets are no name. */
function likePattern(pattern: string): string {
	return pattern
		.trim()
		.replace(/\^+$/, '')
		.replace(/[\\%_]/g, '\\$&')
		.replace(/\*/g, '%')
		.replace(/\?/g, '_');
}

/** A day on either side, whatever zone the archive is in. */
function dateBounds(range: string | undefined): [Date | null, Date | null] {
	if (!range) return [null, null];
	const [first = '', last = range.includes('-') ? '' : first] = range.split('-');
	const at = (text: string, days: number) => {
		const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
		return match ? new Date(Date.UTC(+match[1]!, +match[2]! - 1, +match[3]!) + days * dayMs) : null;
	};
	return [at(first, -1), at(last, 2)];
}

async function identifiersOf(db: Queryable, ids: SearchRow['patient']['id'][]) {
	const known = new Map<string, { value: string; issuer: string }>();
	if (!ids.length) return known;
	const rows = await db
		.select()
		.from(patientIdentifiers)
		.where(inArray(patientIdentifiers.patientId, [...new Set(ids)]))
		.orderBy(patientIdentifiers.createdAt, patientIdentifiers.id);
	for (const { patientId, value, issuer } of rows) {
		if (!known.has(patientId)) known.set(patientId, { value, issuer });
	}
	return known;
}

/** The instances of these studies, in the order of series and instance numbers. */
export async function instancesOf(
	db: Queryable,
	studyIds: SearchRow['study']['id'][]
): Promise<Map<string, InstanceRow[]>> {
	const byStudy = new Map<string, InstanceRow[]>();
	if (!studyIds.length) return byStudy;
	const rows = await db
		.select()
		.from(studyInstances)
		.where(inArray(studyInstances.studyId, studyIds))
		.orderBy(
			studyInstances.seriesNumber,
			studyInstances.seriesUid,
			studyInstances.instanceNumber,
			studyInstances.sopUid
		);
	for (const row of rows) {
		const list = byStudy.get(row.studyId);
		if (list) list.push(row);
		else byStudy.set(row.studyId, [row]);
	}
	return byStudy;
}
