import { and, eq, exists, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Actor, Role } from '$lib/access/actor.ts';
import { couldEver } from '$lib/access/policy.ts';
import type { PatientId, UserId } from '$lib/ids.ts';
import { Refusal } from '../access/require.ts';
import { isInForce } from '../access/visible-version.ts';
import type { Queryable } from '../db/client.ts';
import {
	orders,
	patientLinks,
	practiceStudies,
	releases,
	reportStudies
} from '../db/schema/index.ts';

const staff: readonly Role[] = ['physician', 'fellow', 'sonographer'];

/** People who work on studies; others see pictures of some of them. */
export function isStaff(actor: Actor): boolean {
	return (
		(actor.kind === 'user' || actor.kind === 'token') && actor.roles.some((r) => staff.includes(r))
	);
}

/**
 * The part of the index that this actor may list, as a condition on `practice_studies`: the
 * practice always; of it everything for those who work in it (c1 for administrators), named
 * patients for referrers (c2), what was released to them for patients (c3). Roles add up.
 * @throws Refusal for whoever may list nothing at all.
 */
export async function studyCut(db: Queryable, actor: Actor, now: Date): Promise<SQL> {
	if (actor.kind === 'nobody') throw new Refusal('not_signed_in', 'study.list');
	// A link opens what it names; to ask what else there is has no answer (T21).
	if (actor.kind === 'grant') throw new Refusal('not_found', 'study.list');
	if (!couldEver(actor, 'study.list')) throw new Refusal('not_allowed', 'study.list');
	const practice = eq(practiceStudies.practiceId, actor.practiceId);
	if (actor.kind !== 'user' && actor.kind !== 'token')
		throw new Refusal('not_allowed', 'study.list');
	if (actor.kind === 'token' && !actor.scopes.includes('dicom:read')) {
		throw new Refusal('not_allowed', 'study.list');
	}
	if (isStaff(actor) || actor.roles.includes('admin')) return practice;

	const parts: SQL[] = [];
	if (actor.roles.includes('referrer')) {
		const theirs = await referredPatients(db, actor.practiceId, actor.userId);
		if (theirs.length) parts.push(inArray(practiceStudies.patientId, theirs));
	}
	if (actor.kind === 'user' && actor.roles.includes('patient') && actor.patientIds.length) {
		const own = and(inArray(practiceStudies.patientId, [...actor.patientIds]), released(db, now));
		if (own) parts.push(own);
	}
	return and(practice, parts.length ? or(...parts) : sql`false`) ?? sql`false`;
}

/** Patients on whose orders this person is named, and who a human said they are as well. */
async function referredPatients(
	db: Queryable,
	practiceId: (typeof orders.$inferSelect)['practiceId'],
	userId: UserId
): Promise<PatientId[]> {
	const rows = await db
		.selectDistinct({ id: orders.patientId })
		.from(orders)
		.where(
			and(
				eq(orders.practiceId, practiceId),
				eq(orders.referrerUserId, userId),
				isNotNull(orders.patientId)
			)
		);
	const named = rows.flatMap((row) => (row.id ? [row.id] : []));
	if (!named.length) return [];
	const links = await db
		.select()
		.from(patientLinks)
		.where(
			and(
				eq(patientLinks.practiceId, practiceId),
				isNull(patientLinks.undoneAt),
				or(inArray(patientLinks.survivorId, named), inArray(patientLinks.mergedId, named))
			)
		);
	return [...new Set([...named, ...links.flatMap((l) => [l.survivorId, l.mergedId])])];
}

/** A version was released, is not held, and its time has come. */
function released(db: Queryable, now: Date): SQL {
	return exists(
		db
			.select({ one: sql`1` })
			.from(reportStudies)
			.innerJoin(releases, eq(releases.reportId, reportStudies.reportId))
			.where(and(eq(reportStudies.studyId, practiceStudies.id), isInForce(now)))
	);
}
