import {
	and,
	eq,
	gte,
	ilike,
	inArray,
	isNotNull,
	isNull,
	lt,
	or,
	sql,
	type SQL
} from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import type { UserId } from '$lib/ids.ts';
import { searchWords, type WorkListFilter } from '$lib/worklist/filter.ts';
import { addDays, localDate, startOfDate } from '$lib/worklist/zoned-time.ts';
import {
	patientIdentifiers,
	patients,
	practiceStudies,
	reports,
	reportStudies
} from '../db/schema/index.ts';

/** The state of a study's newest report, as the list's query joins it. */
export const reportState = sql<string>`coalesce("latest"."state", 'in_progress')`;
/** Whether any report of the study has a critical result whose communication is not complete. */
export const criticalOpen = sql<boolean>`exists (select 1 from ${reportStudies}
	inner join ${reports} on ${reports.id} = ${reportStudies.reportId}
	where ${reportStudies.studyId} = ${practiceStudies.id} and ${reports.criticalOpen})`;
export const listedAt = sql<Date>`coalesce(${practiceStudies.studyAt}, ${practiceStudies.firstInstanceAt})`;

const open = sql`${reportState} in ('in_progress', 'sent_to_read')`;
/** Wants a reader now: on top of every list until somebody has said something. */
export const urgent = and(eq(practiceStudies.stat, true), open) ?? sql`false`;

interface Asker {
	actor: Actor;
	timeZone: string;
	now: Date;
}

/** The filter of a view as conditions over studies, patients and the newest report. */
export function filterConditions(filter: WorkListFilter, asker: Asker): SQL[] {
	const me = 'userId' in asker.actor ? asker.actor.userId : null;
	const found: (SQL | undefined)[] = [
		...searchWords(filter.search).map(wordCondition),
		groupCondition(filter.group, asker, me),
		filter.states.length ? or(...filter.states.map(stateCondition)) : undefined,
		assigneeCondition(filter.assignee, me),
		filter.sites.length ? inArray(practiceStudies.institution, filter.sites) : undefined,
		filter.modalities.length
			? sql`${practiceStudies.modalities} && ${sql.param(filter.modalities)}::text[]`
			: undefined,
		filter.stat === null ? undefined : eq(practiceStudies.stat, filter.stat),
		filter.critical === null ? undefined : sql`${criticalOpen} = ${filter.critical}`,
		filter.inpatient === null ? undefined : eq(practiceStudies.inpatient, filter.inpatient),
		filter.from ? onOrAfter(startOfDate(filter.from, asker.timeZone)) : undefined,
		filter.to ? before(startOfDate(addDays(filter.to, 1), asker.timeZone)) : undefined
	];
	return found.filter((condition) => condition !== undefined);
}

const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** Anywhere in the name, at the beginning of an accession or an identifier. */
function wordCondition(word: string): SQL | undefined {
	const start = `${literally(word)}%`;
	return or(
		ilike(patients.name, `%${start}`),
		ilike(practiceStudies.accession, start),
		sql`exists (select 1 from ${patientIdentifiers}
			where ${patientIdentifiers.patientId} = ${practiceStudies.patientId}
			and ${patientIdentifiers.value} ilike ${start})`
	);
}

export function groupCondition(
	group: WorkListFilter['group'],
	{ timeZone, now }: Asker,
	me: UserId | null
): SQL | undefined {
	switch (group) {
		case 'all':
			return undefined;
		case 'mine':
			return and(
				me ? eq(practiceStudies.assignedTo, me) : sql`false`,
				sql`${reportState} not in ('final', 'amended')`
			);
		case 'unread':
			return open;
		case 'cosign':
			return and(
				sql`${reportState} = 'preliminary'`,
				or(isNull(practiceStudies.assignedTo), me ? eq(practiceStudies.assignedTo, me) : undefined)
			);
		case 'today': {
			const today = localDate(now, timeZone);
			return and(
				onOrAfter(startOfDate(today, timeZone)),
				before(startOfDate(addDays(today, 1), timeZone))
			);
		}
	}
}

function stateCondition(state: WorkListFilter['states'][number]): SQL | undefined {
	if (state === 'arriving') {
		return and(isNull(practiceStudies.arrivedAt), sql`${reportState} = 'in_progress'`);
	}
	const is = sql`${reportState} = ${state}`;
	return state === 'in_progress' ? and(isNotNull(practiceStudies.arrivedAt), is) : is;
}

function assigneeCondition(assignee: string | null, me: UserId | null): SQL | undefined {
	if (assignee === null) return undefined;
	if (assignee === 'nobody') return isNull(practiceStudies.assignedTo);
	const id = assignee === 'me' ? me : (assignee as UserId);
	return id ? eq(practiceStudies.assignedTo, id) : sql`false`;
}

const onOrAfter = (at: Date) => gte(listedAt, sql`${at.toISOString()}::timestamptz`);
const before = (at: Date) => lt(listedAt, sql`${at.toISOString()}::timestamptz`);
