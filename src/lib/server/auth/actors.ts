import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Actor, TokenActor, TokenScope, UserActor } from '$lib/access/actor.ts';
import { tokenScopes } from '$lib/access/actor.ts';
import type { PatientId, PracticeId, UserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { apiTokens, memberships, users } from '../db/schema/people.ts';
import { patientLinks } from '../db/schema/patients.ts';
import type { Services } from '../services.ts';
import { matchesHash, splitSecret } from './secret.ts';
import { validateSession, type Session } from './sessions.ts';

type Machine = Pick<Services, 'db' | 'clock'>;

/** A person as they stand now: roles are read at every request, so a change counts at once (B4). */
export async function loadUserActor(
	db: Queryable,
	userId: UserId,
	practiceId: PracticeId,
	sessionId = ''
): Promise<UserActor | null> {
	const [row] = await db
		.select()
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(
			and(
				eq(memberships.userId, userId),
				eq(memberships.practiceId, practiceId),
				isNull(users.disabledAt)
			)
		);
	if (!row) return null;
	const { roles, patientId, licensed } = row.memberships;
	const isPatient = roles.includes('patient') && patientId !== null;
	return {
		kind: 'user',
		userId,
		practiceId,
		roles,
		name: row.users.name,
		sessionId,
		patientIds: isPatient ? await linkedPatients(db, practiceId, patientId) : [],
		licensed
	};
}

/** A patient and everybody a human said is the same person, over any number of links. */
async function linkedPatients(
	db: Queryable,
	practiceId: PracticeId,
	patientId: PatientId
): Promise<PatientId[]> {
	const found = new Set([patientId]);
	for (let size = 0; size < found.size;) {
		size = found.size;
		const known = [...found];
		const links = await db
			.select()
			.from(patientLinks)
			.where(
				and(
					eq(patientLinks.practiceId, practiceId),
					isNull(patientLinks.undoneAt),
					or(inArray(patientLinks.survivorId, known), inArray(patientLinks.mergedId, known))
				)
			);
		for (const link of links) found.add(link.survivorId).add(link.mergedId);
	}
	return [...found];
}

/** Whom the session cookie's value names. */
export async function actorOfSession(
	machine: Machine,
	value: string
): Promise<{ actor: UserActor; session: Session } | null> {
	const session = await validateSession(machine.db, machine, value);
	if (!session) return null;
	const actor = await loadUserActor(machine.db, session.userId, session.practiceId, session.id);
	return actor && { actor, session };
}

/** Whom `Authorization: Bearer …` names, and until when; null for any header that does not. */
export async function bearerOf(
	machine: Machine,
	authorization: string
): Promise<{ actor: TokenActor; until: Date } | null> {
	const match = /^Bearer ([A-Za-z0-9_.-]{1,200})$/.exec(authorization);
	const split = splitSecret(match?.[1]);
	if (!split) return null;
	const { db, clock } = machine;
	const [row] = await db.select().from(apiTokens).where(eq(apiTokens.id, split.id));
	if (!row || !matchesHash(split.secret, row.secretHash)) return null;
	if (row.revokedAt || clock() >= row.expiresAt) return null;
	const user = await loadUserActor(db, row.userId, row.practiceId);
	if (!user) return null;
	const actor: TokenActor = {
		kind: 'token',
		tokenId: row.id,
		userId: row.userId,
		practiceId: row.practiceId,
		roles: user.roles,
		scopes: tokenScopes.filter((scope: TokenScope) => row.scopes.includes(scope))
	};
	return { actor, until: row.expiresAt };
}

/** The same without its end. */
export const actorOfBearer = async (machine: Machine, authorization: string) =>
	(await bearerOf(machine, authorization))?.actor ?? null;

export const nobody: Actor = { kind: 'nobody' };
