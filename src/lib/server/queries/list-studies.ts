import { and, asc, desc, eq, getTableColumns, not, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { StudyId } from '$lib/ids.ts';
import { readCursor, writeCursor } from '$lib/worklist/cursor.ts';
import { workListGroups, type WorkListGroup, type WorkListPage } from '$lib/worklist/filter.ts';
import type { WorkListRow } from '$lib/worklist/row.ts';
import { recordSearch } from '../arrival/search-audit.ts';
import type { Practice } from '../auth/practice.ts';
import type { Queryable } from '../db/client.ts';
import {
	orders,
	patients,
	practiceStudies,
	reports,
	reportStudies,
	users
} from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { studyCut } from './study-cut.ts';
import {
	criticalOpen,
	filterConditions,
	groupCondition,
	listedAt,
	urgent
} from './work-list-filter.ts';
import { workListRows, type ListedStudy } from './work-list-rows.ts';

export interface WorkList {
	/** STAT studies that nobody has read yet, on the first page; they are not in `rows`. */
	urgent: WorkListRow[];
	rows: WorkListRow[];
	/** For the next page; null at the end. */
	next: string | null;
}

const mostUrgent = 100;

/** A page of the practice's studies as this actor may list them. */
export async function listStudies(
	services: Services,
	actor: Actor,
	practice: Practice,
	page: WorkListPage
): Promise<WorkList> {
	const { db } = services;
	const now = services.clock();
	const cut = await studyCut(db, actor, now);
	const { filter, cursor, limit } = page;
	const asker = { actor, timeZone: practice.timeZone, now };
	const conditions = [cut, ...filterConditions(filter, asker)];
	const after = cursor === null ? null : readCursor(cursor);
	if (cursor !== null && !after)
		throw new DomainError('invalid_input', 'No such place in the list.');
	const newest = filter.order === 'newest';
	const place = after
		? sql`(${listedAt}, ${practiceStudies.id}) ${newest ? sql`<` : sql`>`} (${after.listedAt.toISOString()}::timestamptz, ${after.id})`
		: undefined;

	const first = after ? [] : await select(db, [...conditions, urgent], newest, mostUrgent);
	const found = await select(db, [...conditions, not(urgent), place], newest, limit + 1);
	const shown = found.slice(0, limit);
	const last = shown.at(-1)?.study;
	await recordSearch(services, actor, filter, first.length + shown.length);
	return {
		urgent: await workListRows(db, practice, first, now),
		rows: await workListRows(db, practice, shown, now),
		next:
			found.length > limit && last
				? writeCursor({ listedAt: last.studyAt ?? last.firstInstanceAt, id: last.id })
				: null
	};
}

/** One line as it is now; null when this actor does not see it. */
export async function findStudyRow(
	services: Services,
	actor: Actor,
	practice: Practice,
	studyId: StudyId
): Promise<WorkListRow | null> {
	const now = services.clock();
	const cut = await studyCut(services.db, actor, now);
	const found = await select(services.db, [cut, eq(practiceStudies.id, studyId)], true, 1);
	return (await workListRows(services.db, practice, found, now))[0] ?? null;
}

/** How many there are in each group but "all", and how many critical results are open. */
export async function countGroups(
	services: Services,
	actor: Actor,
	practice: Practice
): Promise<Record<Exclude<WorkListGroup, 'all'> | 'critical', number>> {
	const { db } = services;
	const now = services.clock();
	const cut = await studyCut(db, actor, now);
	const me = 'userId' in actor ? actor.userId : null;
	const counts = { mine: 0, unread: 0, cosign: 0, today: 0, critical: 0 };
	for (const group of [...workListGroups, 'critical'] as const) {
		if (group === 'all') continue;
		const latest = newestReport(db);
		const [row] = await db
			.select({ n: sql<number>`count(*)::int` })
			.from(practiceStudies)
			.leftJoinLateral(latest, sql`true`)
			.where(
				and(
					cut,
					group === 'critical'
						? criticalOpen
						: groupCondition(group, { actor, timeZone: practice.timeZone, now }, me)
				)
			);
		counts[group] = row?.n ?? 0;
	}
	return counts;
}

const newestReport = (db: Queryable) =>
	db
		.select({ id: reports.id, state: reports.state })
		.from(reportStudies)
		.innerJoin(reports, eq(reports.id, reportStudies.reportId))
		.where(eq(reportStudies.studyId, practiceStudies.id))
		.orderBy(desc(reports.createdAt), desc(reports.id))
		.limit(1)
		.as('latest');

async function select(
	db: Queryable,
	conditions: (SQL | undefined)[],
	newest: boolean,
	limit: number
): Promise<ListedStudy[]> {
	const latest = newestReport(db);
	const order = newest ? desc : asc;
	const rows = await db
		.select({
			study: getTableColumns(practiceStudies),
			patient: {
				id: patients.id,
				name: patients.name,
				birthDate: patients.birthDate,
				sex: patients.sex
			},
			procedure: orders.procedure,
			indication: orders.indication,
			userId: users.id,
			userName: users.name,
			reportId: latest.id,
			state: latest.state,
			critical: criticalOpen
		})
		.from(practiceStudies)
		.innerJoin(patients, eq(patients.id, practiceStudies.patientId))
		.leftJoin(orders, eq(orders.id, practiceStudies.orderId))
		.leftJoin(users, eq(users.id, practiceStudies.assignedTo))
		.leftJoinLateral(latest, sql`true`)
		.where(and(...conditions))
		.orderBy(order(listedAt), order(practiceStudies.id))
		.limit(limit);
	return rows.map((row) => ({
		study: row.study,
		patient: row.patient,
		order:
			row.procedure === null
				? null
				: { procedure: row.procedure, indication: row.indication ?? '' },
		assignee: row.userId && row.userName !== null ? { id: row.userId, name: row.userName } : null,
		report: row.reportId && row.state ? { id: row.reportId, state: row.state } : null,
		critical: row.critical
	}));
}
