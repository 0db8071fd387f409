import { and, eq, isNull } from 'drizzle-orm';
import type { ModalityActor } from '$lib/access/actor.ts';
import { modalities } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

/**
 * The machine on the allow list that calls itself `aeTitle`; null for an unknown or disabled one and
 * for one that calls from another address than its own. An AE title is a name, not a secret: the address is the check.
 */
export async function findModality(
	{ db }: Pick<Services, 'db'>,
	aeTitle: string,
	address: string
): Promise<ModalityActor | null> {
	const title = aeTitle.trim();
	if (!title) return null;
	const [row] = await db
		.select()
		.from(modalities)
		.where(and(eq(modalities.aeTitle, title), isNull(modalities.disabledAt)));
	if (!row || (row.address !== null && row.address !== plainAddress(address))) return null;
	return { kind: 'modality', aeTitle: title, practiceId: row.practiceId, archiveId: row.archiveId };
}

/** So that people see on the page of machines who still calls. Nothing waits for it. */
export async function noteHeard(
	{ db, clock }: Pick<Services, 'db' | 'clock'>,
	{ aeTitle }: ModalityActor
): Promise<void> {
	await db.update(modalities).set({ lastHeardAt: clock() }).where(eq(modalities.aeTitle, aeTitle));
}

/** `::ffff:10.0.0.7` is how a dual-stack socket writes `10.0.0.7`. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
