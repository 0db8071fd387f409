import { eq } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import { practiceSettingsSchema, type PracticeSettings } from '$lib/report/practice-settings.ts';
import type { Queryable } from '../db/client.ts';
import { practices } from '../db/schema/practices.ts';

/** The practice in which a request acts. */
export interface Practice {
	id: PracticeId;
	name: string;
	/** IANA zone: times are shown, printed and clocked in it. */
	timeZone: string;
	settings: PracticeSettings;
}

export async function loadPractice(db: Queryable, id: PracticeId): Promise<Practice | null> {
	const [row] = await db.select().from(practices).where(eq(practices.id, id));
	if (!row) return null;
	const { name, timeZone } = row;
	return { id: row.id, name, timeZone, settings: practiceSettingsSchema.parse(row.settings) };
}
