import type { Role, UserActor } from '$lib/access/actor.ts';
import type { PatientId, PracticeId, UserId } from '$lib/ids.ts';
import { practiceSettingsSchema, type PracticeSettings } from '$lib/report/practice-settings.ts';
import { memberships, practices, users } from '$lib/server/db/schema/index.ts';
import type { Services } from '$lib/server/services.ts';

/** A practice with its row. */
export async function buildPractice(
	services: Services,
	id = `practice-${services.newId()}`,
	settings: Partial<PracticeSettings> = {}
): Promise<PracticeId> {
	const practiceId = id as PracticeId;
	await services.db.insert(practices).values({
		id: practiceId,
		name: `Practice ${id}`,
		timeZone: 'Europe/Berlin',
		settings: practiceSettingsSchema.parse(settings),
		createdAt: services.clock()
	});
	return practiceId;
}

export interface PersonParts {
	practiceId: PracticeId;
	roles: Role[];
	name?: string;
	email?: string;
	credentials?: string;
	passwordHash?: string | null;
	patientId?: PatientId | null;
	licensed?: boolean;
}

/** A person with account and membership; returned as the actor they are when signed in. */
export async function buildPerson(services: Services, parts: PersonParts): Promise<UserActor> {
	const userId = services.newId() as UserId;
	const name = parts.name ?? `Person ${userId.slice(0, 6)}`;
	const createdAt = services.clock();
	await services.db.insert(users).values({
		id: userId,
		email: parts.email ?? `${userId}@example.org`,
		name,
		credentials: parts.credentials ?? '',
		passwordHash: parts.passwordHash ?? null,
		createdAt
	});
	await services.db.insert(memberships).values({
		userId,
		practiceId: parts.practiceId,
		roles: parts.roles,
		patientId: parts.patientId ?? null,
		licensed: parts.licensed ?? false,
		createdAt
	});
	return {
		kind: 'user',
		userId,
		practiceId: parts.practiceId,
		roles: parts.roles,
		name,
		sessionId: `session-${userId}`,
		patientIds: parts.patientId ? [parts.patientId] : [],
		licensed: parts.licensed ?? false
	};
}
