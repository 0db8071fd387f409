import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { GrantActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { GrantId } from '$lib/ids.ts';
import { loadSubject } from '../access/subjects.ts';
import { verifyPassword } from '../auth/password.ts';
import { hashSecret, matchesHash, newSecret } from '../auth/secret.ts';
import { inTransaction } from '../db/client.ts';
import { grants, grantSessions } from '../db/schema/grants.ts';
import { currentRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { pauseGrant } from './pause-grant.ts';

/** A visitor's session: 15 min idle, 60 min in all, never past the link's end (A3). */
export const visitorIdleMs = 15 * 60_000;
const visitorAbsoluteMs = 60 * 60_000;
/** Wrong passcodes until a link pauses (C3). */
export const passcodeTries = 5;

export interface OpenedGrant {
	actor: GrantActor;
	/** For the cookie of this link: `<grant id>.<secret>`. */
	cookie: string;
	expiresAt: Date;
}

/**
 * The deliberate act of opening (C2): trades the secret for a session limited to this link. Someone
 * without the secret learns nothing, not even that the link exists. Use and end are judged in one
 * statement (C4), tries of the passcode in another (C3).
 *
 * Throws `not_found` (unknown link or wrong secret), `grant_expired`, `grant_revoked`,
 * `grant_paused`, `grant_used_up`, `passcode_required`, `passcode_wrong`.
 */
export async function openGrant(
	services: Services,
	input: { id: GrantId; secret: string; passcode: string | null }
): Promise<OpenedGrant> {
	const { db, clock } = services;
	const [grant] = await db.select().from(grants).where(eq(grants.id, input.id));
	// The same work for a link that does not exist.
	const holds = matchesHash(input.secret, grant?.secretHash ?? hashSecret(newSecret()));
	if (!grant || !holds) throw new DomainError('not_found');
	const now = clock();
	if (grant.revokedAt) throw await failed(services, grant, 'grant_revoked');
	if (grant.expiresAt <= now) throw await failed(services, grant, 'grant_expired');
	if (grant.pausedAt) throw await failed(services, grant, 'grant_paused');
	if (grant.passcodeHash !== null) {
		if (input.passcode === null) throw new DomainError('passcode_required');
		await checkPasscode(services, grant, input.passcode);
	}
	const subject = await loadSubject(
		db,
		services,
		{ kind: 'grant', grantId: grant.id, practiceId: grant.practiceId, sessionId: '' },
		{ reportId: grant.reportId }
	);
	if (!subject?.grant?.open) {
		// Neither ended nor paused, and still not open: study and patient are not what was pinned (C6).
		await pauseGrant(services, grant, 'study and patient no longer match');
		throw await failed(services, grant, 'grant_paused');
	}

	const secret = newSecret();
	const absolute = new Date(Math.min(now.getTime() + visitorAbsoluteMs, grant.expiresAt.getTime()));
	const session = hashSecret(secret);
	const actor: GrantActor = {
		kind: 'grant',
		grantId: grant.id,
		practiceId: grant.practiceId,
		sessionId: session
	};
	const { address, device } = currentRequest();
	await inTransaction(db, async (tx) => {
		const opened = await tx
			.update(grants)
			.set({ openings: sql`${grants.openings} + 1`, passcodeTries: 0 })
			.where(
				and(
					eq(grants.id, grant.id),
					isNull(grants.revokedAt),
					isNull(grants.pausedAt),
					gt(grants.expiresAt, now),
					or(isNull(grants.maxOpenings), lt(grants.openings, grants.maxOpenings))
				)
			)
			.returning({ id: grants.id });
		if (opened.length === 0) throw new DomainError('grant_used_up');
		await tx.insert(grantSessions).values({
			id: session,
			grantId: grant.id,
			lastActiveAt: now,
			expiresAt: new Date(Math.min(now.getTime() + visitorIdleMs, absolute.getTime())),
			absoluteExpiresAt: absolute,
			address,
			device,
			openedAt: now
		});
		await services.audit.record(tx, actor, {
			action: 'grant.opened',
			object: `grant:${grant.id}`,
			detail: { session }
		});
	}).catch(async (error: unknown) => {
		if (error instanceof DomainError && error.code === 'grant_used_up') {
			throw await failed(services, grant, await whyNot(services, grant));
		}
		throw error;
	});
	return { actor, cookie: `${grant.id}.${secret}`, expiresAt: absolute };
}

type Grant = typeof grants.$inferSelect;
type Refusal =
	'grant_revoked' | 'grant_expired' | 'grant_paused' | 'grant_used_up' | 'passcode_wrong';

/** What happened to the link between the first look and the decision. */
async function whyNot({ db }: Services, { id }: Grant): Promise<Refusal> {
	const [now] = await db.select().from(grants).where(eq(grants.id, id));
	if (now?.revokedAt) return 'grant_revoked';
	return now?.pausedAt ? 'grant_paused' : 'grant_used_up';
}

/** The sender sees failures too (C10). */
async function failed(services: Services, grant: Grant, code: Refusal): Promise<DomainError> {
	await inTransaction(services.db, (tx) =>
		services.audit.record(
			tx,
			{ kind: 'nobody' },
			{
				action: 'grant.open-failed',
				object: `grant:${grant.id}`,
				outcome: 'refused',
				detail: { reason: code }
			},
			grant.practiceId
		)
	);
	return new DomainError(code);
}

/**
 * A try is counted before it is looked at, so that ten at once are ten; the fifth wrong one pauses
 * the link. Only who holds the secret comes this far.
 */
async function checkPasscode(services: Services, grant: Grant, passcode: string): Promise<void> {
	const counted = await services.db
		.update(grants)
		.set({ passcodeTries: sql`${grants.passcodeTries} + 1` })
		.where(
			and(eq(grants.id, grant.id), isNull(grants.pausedAt), lt(grants.passcodeTries, passcodeTries))
		)
		.returning({ tries: grants.passcodeTries });
	const tries = counted[0]?.tries;
	if (tries === undefined) {
		// Also when whoever made the fifth try died before the link could pause.
		await pauseGrant(services, grant, 'wrong passcodes');
		throw await failed(services, grant, 'grant_paused');
	}
	if (await verifyPassword(grant.passcodeHash, passcode)) return;
	if (tries >= passcodeTries) await pauseGrant(services, grant, 'wrong passcodes');
	throw await failed(services, grant, 'passcode_wrong');
}
