import { and, eq } from 'drizzle-orm';
import type { PatientId, PracticeId } from '$lib/ids.ts';
import type { Tx } from '../db/client.ts';
import { patientIdentifiers, patients } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import type { ArrivedPatient } from './read-object.ts';

type Parts = Pick<Services, 'clock' | 'newId'>;

/**
 * The practice's record of a person: by identifier and its issuer, since the same number from
 * another issuer is another person. Without an identifier nothing can be matched, so every such
 * study gets a record of its own until somebody links it.
 */
export async function findOrAddPatient(
	tx: Tx,
	parts: Parts,
	practiceId: PracticeId,
	arrived: ArrivedPatient,
	archiveName: string
): Promise<{ id: PatientId; added: boolean }> {
	if (!arrived.id) return { id: await addPatient(tx, parts, practiceId, arrived), added: true };
	const issuer = arrived.issuer || archiveName;
	const known = await findByIdentifier(tx, practiceId, issuer, arrived.id);
	if (known) return { id: known, added: false };

	const id = await addPatient(tx, parts, practiceId, arrived);
	const named = await tx
		.insert(patientIdentifiers)
		.values({
			id: parts.newId(),
			practiceId,
			patientId: id,
			issuer,
			value: arrived.id,
			createdAt: parts.clock()
		})
		.onConflictDoNothing()
		.returning({ id: patientIdentifiers.id });
	if (named.length) return { id, added: true };

	// Another study of the same new person was faster, in the same moment: theirs is the record.
	await tx.delete(patients).where(eq(patients.id, id));
	const theirs = await findByIdentifier(tx, practiceId, issuer, arrived.id);
	if (!theirs) throw new Error('A patient identifier vanished while it was looked up.');
	return { id: theirs, added: false };
}

async function findByIdentifier(
	tx: Tx,
	practiceId: PracticeId,
	issuer: string,
	value: string
): Promise<PatientId | null> {
	const [row] = await tx
		.select({ id: patientIdentifiers.patientId })
		.from(patientIdentifiers)
		.where(
			and(
				eq(patientIdentifiers.practiceId, practiceId),
				eq(patientIdentifiers.issuer, issuer),
				eq(patientIdentifiers.value, value)
			)
		);
	return row?.id ?? null;
}

async function addPatient(
	tx: Tx,
	parts: Parts,
	practiceId: PracticeId,
	arrived: ArrivedPatient
): Promise<PatientId> {
	const id = parts.newId() as PatientId;
	const now = parts.clock();
	// Nobody is born tomorrow; a day of grace for zones.
	const latest = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
	const born = arrived.birthDate && arrived.birthDate <= latest ? arrived.birthDate : null;
	await tx.insert(patients).values({
		id,
		practiceId,
		name: arrived.name,
		birthDate: born,
		sex: arrived.sex,
		createdAt: now
	});
	return id;
}
