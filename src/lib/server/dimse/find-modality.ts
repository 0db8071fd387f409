import { eq } from 'drizzle-orm';
import type { ModalityActor } from '$lib/access/actor.ts';
import { modalities } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

/**
 * The machine on the allow list that calls itself `aeTitle`; null for an unknown one and for a known
 * one that calls from another address. An AE title is a name, not a secret: the address is the check.
 */
export async function findModality(
	{ db }: Pick<Services, 'db'>,
	aeTitle: string,
	address: string
): Promise<ModalityActor | null> {
	const title = aeTitle.trim();
	if (!title) return null;
	const [row] = await db.select().from(modalities).where(eq(modalities.aeTitle, title));
	if (!row || (row.address !== null && row.address !== plainAddress(address))) return null;
	return { kind: 'modality', aeTitle: title, practiceId: row.practiceId, archiveId: row.archiveId };
}

/** `::ffff:10.0.0.7` is how a dual-stack socket writes `10.0.0.7`. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
