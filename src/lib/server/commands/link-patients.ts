import { and, eq, isNull } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { PatientId } from '$lib/ids.ts';
import { Refusal } from '../access/require.ts';
import { can } from '$lib/access/policy.ts';
import type { Tx } from '../db/client.ts';
import { patientLinks, patients } from '../db/schema/index.ts';
import { samePersons } from '../queries/linked-patients.ts';
import type { Services } from '../services.ts';

export interface LinkInput {
	survivorId: PatientId;
	mergedId: PatientId;
	reason: string;
}

/**
 * "These two records are one person": a link that can be undone. Nothing is rewritten; priors and
 * lists follow the link from now on.
 * @throws DomainError `conflict` when they are linked already.
 */
export async function linkPatients(
	services: Services,
	actor: UserActor,
	{ survivorId, mergedId, reason }: LinkInput
): Promise<{ linkId: string }> {
	requireMatcher(actor);
	if (survivorId === mergedId) throw new DomainError('invalid_input', 'These are one record.');
	if (!reason.trim()) throw new DomainError('invalid_input', 'Say why they are one person.');
	const linkId = services.newId();
	await services.db.transaction(async (tx) => {
		// Locked in one order, so that two who link the same two do not wait for each other.
		for (const id of [survivorId, mergedId].sort()) await lockPatient(tx, actor, id);
		const persons = await samePersons(tx, actor.practiceId, [survivorId]);
		if (persons.get(survivorId)?.includes(mergedId)) {
			throw new DomainError('conflict', 'These records are linked already.');
		}
		await tx.insert(patientLinks).values({
			id: linkId,
			practiceId: actor.practiceId,
			survivorId,
			mergedId,
			reason: reason.trim().slice(0, 500),
			by: actor.userId,
			at: services.clock()
		});
		await services.audit.record(tx, actor, {
			action: 'patient.linked',
			object: `patient:${survivorId}`,
			detail: { merged: mergedId, reason: reason.trim().slice(0, 500) }
		});
	});
	return { linkId };
}

/** Takes a link back; the records stand apart as they did before. */
export async function unlinkPatients(
	services: Services,
	actor: UserActor,
	{ linkId, reason }: { linkId: string; reason: string }
): Promise<void> {
	requireMatcher(actor);
	await services.db.transaction(async (tx) => {
		const [link] = await tx
			.update(patientLinks)
			.set({ undoneAt: services.clock() })
			.where(
				and(
					eq(patientLinks.id, linkId),
					eq(patientLinks.practiceId, actor.practiceId),
					isNull(patientLinks.undoneAt)
				)
			)
			.returning();
		if (!link) throw new DomainError('not_found');
		await services.audit.record(tx, actor, {
			action: 'patient.unlinked',
			object: `patient:${link.survivorId}`,
			detail: {
				merged: link.mergedId,
				...(reason.trim() ? { reason: reason.trim().slice(0, 500) } : {})
			}
		});
	});
}

function requireMatcher(actor: UserActor): void {
	if (can(actor, 'order.match', { practiceId: actor.practiceId })) return;
	throw new Refusal('not_allowed', 'order.match');
}

async function lockPatient(tx: Tx, actor: UserActor, id: PatientId): Promise<void> {
	const [row] = await tx
		.select({ id: patients.id })
		.from(patients)
		.where(and(eq(patients.id, id), eq(patients.practiceId, actor.practiceId)))
		.for('update');
	if (!row) throw new DomainError('not_found');
}
