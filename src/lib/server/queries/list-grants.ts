import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { ReportId } from '$lib/ids.ts';
import { auditEvents } from '../db/schema/audit.ts';
import { grants } from '../db/schema/grants.ts';
import { patients } from '../db/schema/patients.ts';
import { users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';

export interface GrantSummary {
	id: string;
	reportId: string;
	patientName: string;
	recipient: string;
	origin: string;
	state: 'live' | 'expired' | 'revoked' | 'paused' | 'used-up';
	pausedReason: string | null;
	switches: string[];
	hasPasscode: boolean;
	openings: number;
	maxOpenings: number | null;
	createdBy: string;
	createdAt: Date;
	expiresAt: Date;
	/** Openings, items seen, downloads and failures, newest first (C10). */
	events: { action: string; at: Date; outcome: string; address: string; device: string }[];
	mayRevoke: boolean;
}

/** Every link of any origin, in one list (C7); those without the right see only their own. */
export async function listGrants(
	services: Services,
	actor: UserActor,
	input: { reportId?: ReportId }
): Promise<GrantSummary[]> {
	const { db, clock } = services;
	const now = clock();
	const seesAll = can(actor, 'grant.list', { practiceId: actor.practiceId });
	const rows = await db
		.select({ grant: grants, sender: users.name, patientName: patients.name })
		.from(grants)
		.leftJoin(users, eq(users.id, grants.createdBy))
		.innerJoin(patients, eq(patients.id, grants.patientId))
		.where(
			and(
				eq(grants.practiceId, actor.practiceId),
				seesAll ? undefined : eq(grants.createdBy, actor.userId),
				input.reportId ? eq(grants.reportId, input.reportId) : undefined
			)
		)
		// What can still be opened comes first, however many have ended.
		.orderBy(desc(mayStillOpen(now)), desc(grants.createdAt))
		.limit(500);
	const mine = rows.filter(({ grant }) =>
		can(actor, 'grant.list', { practiceId: grant.practiceId, ownerId: grant.createdBy })
	);
	return Promise.all(
		mine.map(async ({ grant, sender, patientName }) => ({
			id: grant.id,
			reportId: grant.reportId,
			patientName,
			recipient: grant.recipient,
			origin: grant.origin,
			state: stateOf(grant, now),
			pausedReason: grant.pausedReason,
			switches: Object.entries(grant.switches)
				.filter(([, on]) => on)
				.map(([name]) => name),
			hasPasscode: grant.passcodeHash !== null,
			openings: grant.openings,
			maxOpenings: grant.maxOpenings,
			createdBy: sender ?? '',
			createdAt: grant.createdAt,
			expiresAt: grant.expiresAt,
			events: await eventsOf(services, grant),
			mayRevoke: can(actor, 'grant.revoke', {
				practiceId: grant.practiceId,
				ownerId: grant.createdBy
			})
		}))
	);
}

const mayStillOpen = (now: Date) => and(isNull(grants.revokedAt), gt(grants.expiresAt, now))!;

function stateOf(grant: typeof grants.$inferSelect, now: Date): GrantSummary['state'] {
	if (grant.revokedAt) return 'revoked';
	if (grant.expiresAt <= now) return 'expired';
	if (grant.pausedAt) return 'paused';
	if (grant.maxOpenings !== null && grant.openings >= grant.maxOpenings) return 'used-up';
	return 'live';
}

async function eventsOf(
	{ db }: Services,
	grant: typeof grants.$inferSelect
): Promise<GrantSummary['events']> {
	return db
		.select({
			action: auditEvents.action,
			at: auditEvents.at,
			outcome: auditEvents.outcome,
			address: auditEvents.address,
			device: auditEvents.device
		})
		.from(auditEvents)
		.where(
			and(eq(auditEvents.practiceId, grant.practiceId), eq(auditEvents.object, `grant:${grant.id}`))
		)
		.orderBy(desc(auditEvents.sequence))
		.limit(20);
}
