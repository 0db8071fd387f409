import { and, count, eq, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, PracticeId, UserId } from '$lib/ids.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { inTransaction } from '../db/client.ts';
import { archives, practices } from '../db/schema/practices.ts';
import { invitations, memberships, users } from '../db/schema/people.ts';
import type { Services } from '../services.ts';
import { createInvitation, requireGoodPassword, takeInvitation } from './invitations.ts';
import { hashPassword } from './password.ts';
import { foldEmail, openSession } from './sign-in.ts';

/** The path of the link by which the first administrator comes in; null once there is anybody. */
export async function firstAdminPath(services: Services): Promise<string | null> {
	const { db, clock, newId } = services;
	const [people] = await db.select({ n: count() }).from(users);
	if (people?.n) return null;
	const { path } = await createInvitation(db, clock, {
		practiceId: newId() as PracticeId,
		userId: newId() as UserId,
		purpose: 'first-admin'
	});
	return path;
}

/** Whether this names the first link of all; every other id, known or not, is an ordinary one. */
export async function isFirstAdminLink({ db }: Services, id: string): Promise<boolean> {
	const [row] = await db
		.select({ id: invitations.id })
		.from(invitations)
		.where(
			and(
				eq(invitations.id, id),
				eq(invitations.purpose, 'first-admin'),
				isNull(invitations.usedAt)
			)
		);
	return row !== undefined;
}

export interface FirstAdmin {
	id: string;
	secret: string;
	practiceName: string;
	timeZone: string;
	name: string;
	email: string;
	password: string;
}

/** Founds the practice, its archive and its first administrator, and signs them in. */
export async function foundPractice(
	services: Services,
	input: FirstAdmin
): Promise<{ value: string; actor: UserActor }> {
	const { db, clock, env, newId, audit } = services;
	const actor = await inTransaction(db, async (tx) => {
		const invitation = await takeInvitation(tx, clock, input);
		if (invitation.purpose !== 'first-admin') throw new DomainError('not_found');
		const [people] = await tx.select({ n: count() }).from(users);
		if (people?.n) throw new DomainError('not_found');
		requireGoodPassword(input.password, [input.email, input.name, input.practiceName]);
		const { practiceId, userId } = invitation;
		const createdAt = clock();
		await tx.insert(practices).values({
			id: practiceId,
			name: input.practiceName,
			timeZone: input.timeZone,
			settings: practiceSettingsSchema.parse({}),
			createdAt
		});
		await tx.insert(archives).values({
			id: newId() as ArchiveId,
			practiceId,
			name: 'Images',
			kind: env.ARCHIVE_URL ? 'dicomweb' : 'embedded',
			timeZone: input.timeZone,
			createdAt
		});
		await tx.insert(users).values({
			id: userId,
			email: foldEmail(input.email),
			name: input.name,
			passwordHash: await hashPassword(input.password),
			createdAt
		});
		await tx.insert(memberships).values({ userId, practiceId, roles: ['admin'], createdAt });
		const admin: UserActor = {
			kind: 'user',
			userId,
			practiceId,
			roles: ['admin'],
			name: input.name,
			sessionId: '',
			patientIds: [],
			licensed: false
		};
		await audit.record(tx, admin, {
			action: 'user.added',
			object: `user:${userId}`,
			detail: { roles: ['admin'] }
		});
		return admin;
	});
	return openSession(services, actor, 'one-time link');
}
