import { and, eq } from 'drizzle-orm';
import type { OrderId, PatientId, PracticeId } from '$lib/ids.ts';
import type { Tx } from '../db/client.ts';
import { orders } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import type { ArrivedStudy } from './read-object.ts';

export interface MatchedOrder {
	id: OrderId;
	stat: boolean;
	inpatient: boolean;
}

/**
 * The order that a study answers, by accession number. What the machine says of it stands in for an
 * order that nobody sent. Null without an accession, and when the order is another patient's: then a
 * person has to look.
 */
export async function findOrAddOrder(
	tx: Tx,
	parts: Pick<Services, 'clock' | 'newId'>,
	practiceId: PracticeId,
	patientId: PatientId,
	study: ArrivedStudy
): Promise<MatchedOrder | null> {
	if (!study.accession) return null;
	await tx
		.insert(orders)
		.values({
			id: parts.newId() as OrderId,
			practiceId,
			patientId,
			accession: study.accession,
			procedure: study.procedure,
			indication: study.indication,
			referrerName: study.referrer,
			stat: study.stat,
			createdAt: parts.clock()
		})
		.onConflictDoNothing();
	const [order] = await tx
		.select()
		.from(orders)
		.where(and(eq(orders.practiceId, practiceId), eq(orders.accession, study.accession)));
	if (!order || (order.patientId !== null && order.patientId !== patientId)) return null;
	if (order.patientId === null) {
		await tx.update(orders).set({ patientId }).where(eq(orders.id, order.id));
	}
	return { id: order.id, stat: order.stat, inpatient: order.inpatient };
}
