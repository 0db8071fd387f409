import type { Role } from '$lib/access/actor.ts';
import type { ArchiveId, PatientId, PracticeId, UserId } from '$lib/ids.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { hashPassword } from '../auth/password.ts';
import { foldEmail } from '../auth/sign-in.ts';
import type { Tx } from '../db/client.ts';
import { archives, memberships, modalities, practices, users } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

/** Of everybody in the demo. It holds nothing real and listens on this machine alone (P1). */
export const demoPassword = 'harbour lights at noon';
export const demoZone = 'Europe/Stockholm';
export const demoPracticeId = 'demo-harbour' as PracticeId;
export const demoArchiveId = 'demo-harbour-images' as ArchiveId;

interface DemoPerson {
	id: UserId;
	email: string;
	name: string;
	credentials: string;
	roles: Role[];
	licensed?: boolean;
}

const person = (key: string, name: string, credentials: string, roles: Role[]): DemoPerson => ({
	id: `demo-${key}` as UserId,
	email: `${key}@harbour.example`,
	name,
	credentials,
	roles
});

export const demoPeople = {
	admin: person('admin', 'Aino Berglund', '', ['admin']),
	cardiologist: person('ingrid', 'Ingrid Sand', 'MD, FASE', ['physician']),
	colleague: person('tomas', 'Tomas Ek', 'MD', ['physician']),
	fellow: { ...person('lena', 'Lena Hoffmann', 'MD', ['fellow']), licensed: true },
	sonographer: person('nils', 'Nils Berg', 'RDCS', ['sonographer']),
	referrer: person('eva', 'Eva Holm', 'MD', ['referrer']),
	patient: person('greta', 'Greta Nyman', '', ['patient'])
} as const satisfies Record<string, DemoPerson>;

export type DemoRole = keyof typeof demoPeople;

/** A second practice, so that what belongs to whom can be seen. */
export const otherPracticeId = 'demo-lakeside' as PracticeId;
export const otherArchiveId = 'demo-lakeside-images' as ArchiveId;
export const otherPerson: DemoPerson = {
	...person('olof', 'Olof Lind', 'MD', ['physician', 'admin']),
	email: 'olof@lakeside.example'
};

export async function seedPractices(services: Services, tx: Tx): Promise<void> {
	const createdAt = services.clock();
	const kind = services.env.ARCHIVE_URL ? ('dicomweb' as const) : ('embedded' as const);
	await tx.insert(practices).values([
		{
			id: demoPracticeId,
			name: 'Harbour Heart Clinic',
			timeZone: demoZone,
			settings: practiceSettingsSchema.parse({
				quietSeconds: 20,
				letterhead: {
					lines: ['Kajgatan 4, 413 27 Göteborg', 'Telephone +46 31 555 01 00'],
					footer: 'Harbour Heart Clinic · echo laboratory · demo data, no real patient'
				}
			}),
			createdAt
		},
		{
			id: otherPracticeId,
			name: 'Lakeside Cardiology',
			timeZone: demoZone,
			settings: practiceSettingsSchema.parse({}),
			createdAt
		}
	]);
	await tx.insert(archives).values([
		{
			id: demoArchiveId,
			practiceId: demoPracticeId,
			name: 'Harbour images',
			kind,
			timeZone: demoZone,
			createdAt
		},
		{
			id: otherArchiveId,
			practiceId: otherPracticeId,
			name: 'Lakeside images',
			kind,
			timeZone: demoZone,
			createdAt
		}
	]);
	await tx.insert(modalities).values({
		id: services.newId(),
		practiceId: demoPracticeId,
		archiveId: demoArchiveId,
		aeTitle: 'DEMO_ECHO',
		createdAt
	});
	const passwordHash = await hashPassword(demoPassword);
	const members = [
		...Object.values(demoPeople)
			.filter((one) => one.id !== demoPeople.patient.id)
			.map((one) => ({ ...one, practiceId: demoPracticeId })),
		{ ...otherPerson, practiceId: otherPracticeId }
	];
	for (const one of members) await addMember(tx, one, passwordHash, createdAt, null);
}

/** The patient's account needs their record, which arrives with the first study. */
export async function seedPatientAccount(
	services: Services,
	tx: Tx,
	patientId: PatientId
): Promise<void> {
	await addMember(
		tx,
		{ ...demoPeople.patient, practiceId: demoPracticeId },
		await hashPassword(demoPassword),
		services.clock(),
		patientId
	);
}

async function addMember(
	tx: Tx,
	one: DemoPerson & { practiceId: PracticeId },
	passwordHash: string,
	createdAt: Date,
	patientId: PatientId | null
): Promise<void> {
	await tx.insert(users).values({
		id: one.id,
		email: foldEmail(one.email),
		name: one.name,
		credentials: one.credentials,
		passwordHash,
		createdAt
	});
	await tx.insert(memberships).values({
		userId: one.id,
		practiceId: one.practiceId,
		roles: [...one.roles],
		patientId,
		licensed: one.licensed ?? false,
		createdAt
	});
}
