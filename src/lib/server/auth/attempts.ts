import { createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import { inTransaction } from '../db/client.ts';
import { signInAttempts } from '../db/schema/people.ts';
import type { Services } from '../services.ts';

type Machine = Pick<Services, 'db' | 'clock' | 'env'>;

/** How a kind of key is slowed down (A8). */
interface Pace {
	/** Failures without any delay. */
	free: number;
	/** From this many failures in a row on, nothing is verified any more. */
	most: number;
	/** Failures older than this are forgotten, ms; for keys that no success clears. */
	forgetAfter: number;
}

const hour = 3_600_000;
const paces = {
	/** An account, from anywhere unknown: a reset or a known device opens it again. */
	account: { free: 3, most: 100, forgetAfter: Infinity },
	/** An account, from a device that signed in to it before: an attacker cannot touch this. */
	device: { free: 5, most: 100, forgetAfter: Infinity },
	/** An address may belong to a whole clinic. */
	address: { free: 20, most: Infinity, forgetAfter: hour },
	/** Confirming again in an open session. */
	confirm: { free: 5, most: 100, forgetAfter: hour }
} as const satisfies Record<string, Pace>;
export type AttemptKind = keyof typeof paces;

const longest = 15 * 60_000;
/** Doubles from one second. */
const delayAfter = (failures: number, free: number) =>
	failures < free ? 0 : Math.min(1000 * 2 ** (failures - free), longest);

/**
 * Takes one try for the key before anything is verified, so that tries at the same moment count as
 * well. Throws `too_many` while the key must wait; that try verifies nothing and counts as nothing.
 */
export async function takeAttempt(machine: Machine, kind: AttemptKind, who: string): Promise<void> {
	const { db, clock } = machine;
	const pace: Pace = paces[kind];
	const key = keyOf(machine, kind, who);
	const refused = await inTransaction(db, async (tx) => {
		const now = clock();
		await tx.insert(signInAttempts).values({ key, failures: 0, lastAt: now }).onConflictDoNothing();
		const [row] = await tx
			.select()
			.from(signInAttempts)
			.where(eq(signInAttempts.key, key))
			.for('update');
		const forgotten = !row || now.getTime() - row.lastAt.getTime() > pace.forgetAfter;
		const failures = forgotten ? 0 : row.failures;
		if (failures >= pace.most) return true;
		if (!forgotten && row.blockedUntil && now < row.blockedUntil) return true;
		const blockedUntil = new Date(now.getTime() + delayAfter(failures + 1, pace.free));
		await tx
			.update(signInAttempts)
			.set({ failures: failures + 1, lastAt: now, blockedUntil })
			.where(eq(signInAttempts.key, key));
		return false;
	});
	if (refused) throw new DomainError('too_many');
}

/** The right answer was given: the key starts anew. */
export async function clearAttempts(
	machine: Machine,
	kind: AttemptKind,
	who: string
): Promise<void> {
	const { db } = machine;
	await db.delete(signInAttempts).where(eq(signInAttempts.key, keyOf(machine, kind, who)));
}

/**
 * The right answer was given from an address: that try was no failure after all. The others stay, so
 * that whoever owns one account here cannot wipe out guesses at the rest.
 */
export async function giveBackAttempt(
	machine: Machine,
	kind: AttemptKind,
	who: string
): Promise<void> {
	const { db } = machine;
	await db
		.update(signInAttempts)
		// It was let through, so nothing was blocked when it came.
		.set({ failures: sql`greatest(${signInAttempts.failures} - 1, 0)`, blockedUntil: null })
		.where(eq(signInAttempts.key, keyOf(machine, kind, who)));
}

/** Keyed, so that the table does not tell who was tried. */
const keyOf = ({ env }: Machine, kind: AttemptKind, who: string) =>
	createHmac('sha256', env.AUDIT_KEY).update(`attempt:${kind}:${who}`).digest('hex');
