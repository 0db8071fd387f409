import { and, eq } from 'drizzle-orm';
import type { Actor, Role, UserActor } from '$lib/access/actor.ts';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { DomainError } from '$lib/errors.ts';
import type { PatientId, PracticeId, UserId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { openThings } from '../access-registry.ts';
import { createInvitation } from '../auth/invitations.ts';
import { foldEmail } from '../auth/sign-in.ts';
import { cutSessions, endSessionsIn } from '../auth/sign-out.ts';
import { inTransaction, isUniqueViolation, type Tx } from '../db/client.ts';
import { memberships, users } from '../db/schema/people.ts';
import { patients } from '../db/schema/patients.ts';
import type { Services } from '../services.ts';
import { cutGrants, pauseGrantsOf } from './pause-grant.ts';

/** Who changes people: an administrator who confirmed lately, or the operator at the command line. */
export type Administrator = UserActor | Extract<Actor, { kind: 'job' }>;

export interface AddPerson {
	email: string;
	name: string;
	credentials: string;
	roles: Role[];
	licensed: boolean;
	/** For the role `patient`: whose record is theirs. */
	patientId: PatientId | null;
}

export interface OneTimeLink {
	userId: UserId;
	/** Shown once, to hand over; nobody can look it up again. */
	path: string;
	expiresAt: Date;
}

/** Adds a person without a password; they choose one by the one-time link. */
export async function addPerson(
	services: Services,
	actor: Administrator,
	input: AddPerson,
	steppedUp: boolean
): Promise<OneTimeLink> {
	const { db, clock, newId, audit } = services;
	const { practiceId } = actor;
	requireRight(actor, 'user.manage', { practiceId, steppedUp, rolesTouched: input.roles });
	if (input.roles.length === 0) throw new DomainError('invalid_input', 'Choose a role.');
	if (input.roles.includes('patient') !== (input.patientId !== null)) {
		throw new DomainError('invalid_input', 'The role patient goes with one patient record.');
	}
	try {
		return await inTransaction(db, async (tx) => {
			if (input.patientId) await requirePatient(tx, practiceId, input.patientId);
			const createdAt = clock();
			const userId = newId() as UserId;
			await tx.insert(users).values({
				id: userId,
				email: foldEmail(input.email),
				name: input.name,
				credentials: input.credentials,
				createdAt
			});
			await tx.insert(memberships).values({
				userId,
				practiceId,
				roles: input.roles,
				licensed: input.licensed,
				patientId: input.patientId,
				createdAt
			});
			const link = await createInvitation(tx, clock, { practiceId, userId, purpose: 'invitation' });
			await audit.record(tx, actor, {
				action: 'user.added',
				object: `user:${userId}`,
				detail: { roles: input.roles }
			});
			return { userId, path: link.path, expiresAt: link.expiresAt };
		});
	} catch (e) {
		if (isUniqueViolation(e))
			throw new DomainError('conflict', 'This e-mail address has an account.');
		throw e;
	}
}

async function requirePatient(tx: Tx, practiceId: PracticeId, patientId: PatientId) {
	const [row] = await tx
		.select({ id: patients.id })
		.from(patients)
		.where(and(eq(patients.practiceId, practiceId), eq(patients.id, patientId)));
	if (!row) throw new DomainError('not_found');
}

async function memberOf(tx: Tx, practiceId: PracticeId, userId: UserId) {
	const [row] = await tx
		.select()
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(and(eq(memberships.practiceId, practiceId), eq(memberships.userId, userId)))
		.for('update');
	if (!row) throw new DomainError('not_found');
	return row;
}

/** After the transaction: all that this person has open ends (A5). */
function cut(userId: UserId, sessionIds: readonly string[], why: string): void {
	cutSessions(sessionIds);
	openThings.closeFor(`user:${userId}`, closeCodes.signedOut, why);
}

export async function disablePerson(
	services: Services,
	actor: Administrator,
	input: { userId: UserId; reason?: string | undefined },
	steppedUp: boolean
): Promise<void> {
	const { userId, reason } = input;
	const { practiceId } = actor;
	const ended = await inTransaction(services.db, async (tx) => {
		const { memberships: member } = await memberOf(tx, practiceId, userId);
		requireRight(actor, 'user.manage', {
			practiceId,
			steppedUp,
			userId,
			rolesTouched: member.roles
		});
		await tx.update(users).set({ disabledAt: services.clock() }).where(eq(users.id, userId));
		const sessions = await endSessionsIn(tx, userId);
		await services.audit.record(tx, actor, {
			action: 'user.disabled',
			object: `user:${userId}`,
			detail: reason ? { reason } : {}
		});
		return { sessions, links: await pauseGrantsOf(services, tx, userId) };
	});
	cut(userId, ended.sessions, 'account disabled');
	cutGrants(ended.links, 'paused');
}

export function enablePerson(
	services: Services,
	actor: Administrator,
	userId: UserId,
	steppedUp: boolean
): Promise<void> {
	const { practiceId } = actor;
	return inTransaction(services.db, async (tx) => {
		const { memberships: member } = await memberOf(tx, practiceId, userId);
		requireRight(actor, 'user.manage', {
			practiceId,
			steppedUp,
			userId,
			rolesTouched: member.roles
		});
		await tx.update(users).set({ disabledAt: null }).where(eq(users.id, userId));
		await services.audit.record(tx, actor, {
			action: 'user.enabled',
			object: `user:${userId}`,
			detail: {}
		});
	});
}

/** New roles count from the next message on; the person signs in again (A2, B4). */
export async function changeRoles(
	services: Services,
	actor: Administrator,
	input: { userId: UserId; roles: Role[]; licensed: boolean },
	steppedUp: boolean
): Promise<void> {
	const { userId, roles, licensed } = input;
	const { practiceId } = actor;
	if (roles.length === 0) throw new DomainError('invalid_input', 'Choose a role.');
	const ended = await inTransaction(services.db, async (tx) => {
		const { memberships: member } = await memberOf(tx, practiceId, userId);
		requireRight(actor, 'user.manage', {
			practiceId,
			steppedUp,
			userId,
			rolesTouched: [...member.roles, ...roles]
		});
		if (roles.includes('patient') !== (member.patientId !== null)) {
			throw new DomainError('invalid_input', 'The role patient goes with one patient record.');
		}
		await tx
			.update(memberships)
			.set({ roles, licensed })
			.where(and(eq(memberships.practiceId, practiceId), eq(memberships.userId, userId)));
		const sessions = await endSessionsIn(tx, userId);
		await services.audit.record(tx, actor, {
			action: 'user.roles-changed',
			object: `user:${userId}`,
			detail: { before: member.roles, after: roles }
		});
		return sessions;
	});
	cut(userId, ended, 'roles changed');
}

/** A fresh one-time link: an invitation, or a reset for somebody who has a password already. */
export function invitePerson(
	services: Services,
	actor: Administrator,
	userId: UserId,
	steppedUp: boolean
): Promise<OneTimeLink> {
	const { clock, audit } = services;
	const { practiceId } = actor;
	return inTransaction(services.db, async (tx) => {
		const { memberships: member, users: user } = await memberOf(tx, practiceId, userId);
		requireRight(actor, 'user.manage', {
			practiceId,
			steppedUp,
			userId,
			rolesTouched: member.roles
		});
		const purpose = user.passwordHash ? 'reset' : 'invitation';
		const link = await createInvitation(tx, clock, { practiceId, userId, purpose });
		await audit.record(tx, actor, {
			action: 'user.invited',
			object: `user:${userId}`,
			detail: { invitation: link.id, purpose }
		});
		return { userId, path: link.path, expiresAt: link.expiresAt };
	});
}
