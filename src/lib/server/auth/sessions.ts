import { and, eq, ne } from 'drizzle-orm';
import { Lucia, TimeSpan } from 'lucia';
import type { PracticeId, UserId as OurUserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { sessions } from '../db/schema/people.ts';
import { currentRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { loadPractice } from './practice.ts';
import { hashSecret, newPublicId, newSecret, splitSecret } from './secret.ts';
import { createSessionAdapter, type SessionAttributes } from './session-adapter.ts';

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<SessionAttributes>;
		UserId: OurUserId;
		DatabaseSessionAttributes: SessionAttributes;
	}
}

export interface Session {
	/** Public; names it in events. */
	id: string;
	userId: OurUserId;
	practiceId: PracticeId;
	secondFactorAt: Date | null;
	confirmedAt: Date;
	expiresAt: Date;
	absoluteExpiresAt: Date;
}

export interface NewSession {
	/** The cookie's value. It is nowhere else. */
	value: string;
	session: Session;
}

type Machine = Pick<Services, 'clock'>;

const luciaOn = (db: Queryable, { clock }: Machine, idleMinutes: number) =>
	new Lucia<SessionAttributes>(createSessionAdapter(db, clock, idleMinutes * 60_000), {
		sessionExpiresIn: new TimeSpan(idleMinutes, 'm'),
		getSessionAttributes: (attributes) => attributes as SessionAttributes
	});

/** A new value at every sign-in; what a client offers is never adopted (A2). */
export async function createSession(
	db: Queryable,
	machine: Machine,
	options: { userId: OurUserId; practiceId: PracticeId; secondFactor?: boolean }
): Promise<NewSession> {
	const practice = await loadPractice(db, options.practiceId);
	const { idleMinutes, absoluteHours } = practice?.settings.sessions ?? defaults;
	const now = machine.clock();
	const value = `${newPublicId()}.${newSecret()}`;
	const { address, device } = currentRequest();
	const attributes: SessionAttributes = {
		practiceId: options.practiceId,
		lastActiveAt: now,
		createdAt: now,
		absoluteExpiresAt: new Date(now.getTime() + absoluteHours * 3_600_000),
		secondFactorAt: options.secondFactor ? now : null,
		confirmedAt: now,
		address,
		device
	};
	await luciaOn(db, machine, idleMinutes).createSession(options.userId, attributes, {
		sessionId: value
	});
	const expiresAt = new Date(now.getTime() + idleMinutes * 60_000);
	return { value, session: toSession(value, { userId: options.userId, expiresAt, ...attributes }) };
}

const defaults = { idleMinutes: 15, absoluteHours: 12 };

/** The session that this value opens now, or null. Looking is not activity. */
export async function validateSession(
	db: Queryable,
	machine: Machine,
	value: string
): Promise<Session | null> {
	const { session } = await luciaOn(db, machine, defaults.idleMinutes).validateSession(value);
	return (
		session && toSession(value, { ...session, expiresAt: session.idleUntil ?? session.expiresAt })
	);
}

function toSession(value: string, row: Omit<Session, 'id'>): Session {
	const { userId, practiceId, secondFactorAt, confirmedAt, expiresAt, absoluteExpiresAt } = row;
	const id = splitSecret(value)?.id ?? '';
	return { id, userId, practiceId, secondFactorAt, confirmedAt, expiresAt, absoluteExpiresAt };
}

/**
 * The same session under a new value, after its person proved again who they are; the old value is
 * dead at once (A2). The id stays, so what is open on it stays open.
 */
export async function renewSession(
	db: Queryable,
	{ clock }: Machine,
	sessionId: string,
	by: { secondFactor: boolean }
): Promise<string> {
	const now = clock();
	const secret = newSecret();
	await db
		.update(sessions)
		.set({
			secretHash: hashSecret(secret),
			confirmedAt: now,
			...(by.secondFactor ? { secondFactorAt: now } : {})
		})
		.where(eq(sessions.id, sessionId));
	return `${sessionId}.${secret}`;
}

/**
 * A person did something: the idle limit starts anew. The absolute one does not (A3). When the
 * session now ends; null when it has.
 */
export async function touchSession(
	db: Queryable,
	{ clock }: Machine,
	sessionId: string,
	idleMinutes: number
): Promise<Date | null> {
	const now = clock();
	const [row] = await db.select().from(sessions).where(eq(sessions.id, sessionId));
	if (!row || now >= row.expiresAt || now >= row.absoluteExpiresAt) return null;
	const until = new Date(
		Math.min(now.getTime() + idleMinutes * 60_000, row.absoluteExpiresAt.getTime())
	);
	await db
		.update(sessions)
		.set({ lastActiveAt: now, expiresAt: until })
		.where(eq(sessions.id, sessionId));
	return until;
}

export async function endSession(db: Queryable, sessionId: string): Promise<void> {
	await db.delete(sessions).where(eq(sessions.id, sessionId));
}

/** All of a person's sessions, or all but one; the ids of those that ended, to cut their sockets. */
export async function endSessionsOf(
	db: Queryable,
	userId: OurUserId,
	exceptId?: string
): Promise<string[]> {
	const whose = eq(sessions.userId, userId);
	const ended = await db
		.delete(sessions)
		.where(exceptId === undefined ? whose : and(whose, ne(sessions.id, exceptId)))
		.returning({ id: sessions.id });
	return ended.map((row) => row.id);
}
