import { asc, eq } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { modalities } from '../db/schema/practices.ts';

export interface Machine {
	id: string;
	aeTitle: string;
	name: string;
	/** Null: it may call from anywhere. */
	address: string | null;
	disabledAt: Date | null;
	lastHeardAt: Date | null;
	createdAt: Date;
}

/** The allow list of a practice, by AE title. */
export async function listMachines(db: Queryable, practiceId: PracticeId): Promise<Machine[]> {
	const rows = await db
		.select()
		.from(modalities)
		.where(eq(modalities.practiceId, practiceId))
		.orderBy(asc(modalities.aeTitle));
	return rows.map(({ id, aeTitle, name, address, disabledAt, lastHeardAt, createdAt }) => ({
		id,
		aeTitle,
		name,
		address,
		disabledAt,
		lastHeardAt,
		createdAt
	}));
}
